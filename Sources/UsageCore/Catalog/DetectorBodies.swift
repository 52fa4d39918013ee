/// Bodies of OpenSearch anomaly detectors, made from the catalog.
///
/// The plugin takes at most 10 high-cardinality detectors of two category fields each, so there are three for each interval in use, over
/// all usages of that interval. OpenSearch documentation, "Anomaly detection API".
package enum DetectorBodies {
    /// The plugin's limit for detectors with category fields (`plugins.anomaly_detection.max_multi_entity_anomaly_detectors`).
    package static let limit = 10

    package struct Detector: Equatable, Sendable {
        package let name: String
        package let intervalMinutes: Int
        package let json: String
    }

    private static let categories = [("place", "usage.place"), ("type", "account.type"), ("ou", "account.ouPath")]

    /// The detectors, `usage-<by>-<interval>`; the shortest intervals first, `limit` of them at most.
    ///
    /// - Parameters:
    ///   - catalog: What is watched.
    ///   - imputes: Whether the domain fills intervals without records with zeros (OpenSearch 2.17 and later).
    /// - Returns: The detectors' names and bodies.
    package static func all(_ catalog: UsageCatalog, imputes: Bool = true) -> [Detector] {
        let intervals = Set(catalog.usages.map(\.detector.intervalSeconds)).sorted()
        return intervals.flatMap { interval in
            categories.map { by, field in detector(by, field, interval, catalog, imputes) }
        }.prefix(limit).map { $0 }
    }

    private static func detector(
        _ by: String,
        _ field: String,
        _ interval: Int64,
        _ catalog: UsageCatalog,
        _ imputes: Bool
    ) -> Detector {
        let usages = catalog.usages.filter { $0.detector.intervalSeconds == interval }
        let delay = usages.map(\.detector.delaySeconds).max() ?? 480
        let name = "usage-\(by)-\(Interval.text(interval))"
        var json = JSONText()
        json.object { json in
            json.name("name")
            json.string(name)
            json.name("description")
            json.string("Sum of usage by usage.name and \(field) every \(Interval.text(interval))")
            json.name("time_field")
            json.string("eventTime")
            json.name("indices")
            json.array { $0.string("usage-records-*") }
            json.name("feature_attributes")
            json.array { json in
                json.object { json in
                    json.name("feature_name")
                    json.string("quantity")
                    json.name("feature_enabled")
                    json.bool(true)
                    json.name("aggregation_query")
                    json.raw(#"{"quantity":{"sum":{"field":"usage.quantity"}}}"#.utf8)
                }
            }
            json.name("filter_query")
            json.object { json in
                json.name("bool")
                json.object { json in
                    json.name("filter")
                    json.array { json in
                        json.object { json in
                            json.name("terms")
                            json.object { json in
                                json.name("usage.name")
                                json.array { json in for usage in usages { json.string(usage.name) } }
                            }
                        }
                        json.raw(#"{"term":{"self":false}}"#.utf8)
                    }
                }
            }
            json.name("detection_interval")
            period(interval, &json)
            json.name("window_delay")
            period(delay, &json)
            json.name("shingle_size")
            json.integer(usages.map(\.detector.shingle).max() ?? 8)
            json.name("category_field")
            json.array { json in
                json.string("usage.name")
                json.string(field)
            }
            if imputes {
                json.name("imputation_option")
                json.raw(#"{"method":"ZERO"}"#.utf8)
            }
            json.name("result_index")
            json.string("opensearch-ad-plugin-result-usage")
        }
        return Detector(name: name, intervalMinutes: Int(minutes(interval)), json: json.text)
    }

    private static func minutes(_ seconds: Int64) -> Int64 { max(1, (seconds + 59) / 60) }

    /// Minutes: the plugin takes no hours.
    private static func period(_ seconds: Int64, _ json: inout JSONText) {
        json.object { json in
            json.name("period")
            json.object { json in
                json.name("interval")
                json.integer(minutes(seconds))
                json.name("unit")
                json.string("Minutes")
            }
        }
    }
}
