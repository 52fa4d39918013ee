import AWSAccess

/// The kinds of visualization that panels use: those that every release of OpenSearch Dashboards has.
package enum PanelKind: String, Sendable {
    /// Rows by the first division, columns by the second, colour by the number.
    case heatmap
    /// Stacked by the first division, along the second.
    case columns = "histogram"
    /// A line for each of the first division, along the second.
    case line
    /// Lying bars by the second division, stacked by the first.
    case bars = "horizontal_bar"
    /// A row for each combination of the divisions.
    case table
    /// Numbers alone.
    case number = "metric"

    /// What the division at `place` of `count` is in a visualization's state.
    func schema(_ place: Int, of count: Int) -> String {
        switch self {
        case .table: "bucket"
        case .number: "group"
        case .heatmap, .columns, .line, .bars: place == count - 1 ? "segment" : "group"
        }
    }

    /// How it is drawn.
    ///
    /// - Parameter metrics: The numbers' labels; each has the id of its place, from 1.
    /// - Returns: The parameters of the visualization's state.
    func params(_ metrics: [String]) -> JSONValue {
        switch self {
        case .heatmap:
            [
                "type": "heatmap", "addTooltip": true, "addLegend": true, "enableHover": false,
                "legendPosition": "right", "times": [], "colorsNumber": 6, "colorSchema": "Blues",
                "setColorRange": false, "colorsRange": [], "invertColors": false, "percentageMode": false,
                "valueAxes": [
                    [
                        "show": false, "id": "ValueAxis-1", "type": "value",
                        "scale": ["type": "square root", "defaultYExtents": false],
                        "labels": ["show": false, "rotate": 0, "overwriteColor": false, "color": "#555"],
                    ]
                ],
            ]
        case .columns, .line, .bars: axes(metrics)
        case .table:
            [
                "perPage": 15, "showPartialRows": false, "showMetricsAtAllLevels": false,
                "sort": ["columnIndex": nil, "direction": nil], "showTotal": false, "totalFunc": "sum",
                "percentageCol": "",
            ]
        case .number:
            [
                "addTooltip": true, "addLegend": false, "type": "metric",
                "metric": [
                    "percentageMode": false, "useRanges": false, "colorSchema": "Green to Red",
                    "metricColorMode": "None", "colorsRange": [["from": 0, "to": 10000]], "labels": ["show": true],
                    "invertColors": false,
                    "style": [
                        "bgFill": "#000", "bgColor": false, "labelColor": false, "subText": "", "fontSize": 36,
                    ],
                ],
            ]
        }
    }

    private func axes(_ metrics: [String]) -> JSONValue {
        let isLying = self == .bars
        let series = metrics.enumerated().map { index, label -> JSONValue in
            [
                "show": true, "type": self == .line ? "line" : "histogram",
                "mode": self == .line ? "normal" : "stacked",
                "data": ["label": .string(label), "id": .string("\(index + 1)")], "valueAxis": "ValueAxis-1",
                "drawLinesBetweenPoints": true, "showCircles": true, "interpolate": "linear", "lineWidth": 2,
            ]
        }
        return [
            "type": .string(rawValue), "grid": ["categoryLines": false],
            "categoryAxes": [
                [
                    "id": "CategoryAxis-1", "type": "category", "position": isLying ? "left" : "bottom", "show": true,
                    "style": [:], "scale": ["type": "linear"],
                    "labels": ["show": true, "filter": .bool(!isLying), "truncate": 200], "title": [:],
                ]
            ],
            "valueAxes": [
                [
                    "id": "ValueAxis-1", "name": isLying ? "BottomAxis-1" : "LeftAxis-1", "type": "value",
                    "position": isLying ? "bottom" : "left", "show": true, "style": [:],
                    "scale": ["type": "linear", "mode": "normal"],
                    "labels": ["show": true, "rotate": 0, "filter": false, "truncate": 100],
                    "title": ["text": .string(metrics.count == 1 ? metrics[0] : "")],
                ]
            ],
            "seriesParams": .array(series), "addTooltip": true, "addLegend": true, "legendPosition": "right",
            "times": [], "addTimeMarker": false, "labels": [:],
            "thresholdLine": [
                "show": false, "value": 10, "width": 1, "style": "full", "color": "#E7664C",
            ],
        ]
    }
}
