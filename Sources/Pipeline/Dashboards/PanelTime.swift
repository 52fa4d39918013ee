import AWSAccess
import UsageCore

/// The span of time that a dashboard shows, in searches.
enum PanelTime {
    /// Times of `field` from `from` until before `to`, seconds since 1970.
    static func range(_ field: String, from: Int64, to: Int64) -> AWSAccess.JSONValue {
        [
            "range": .sorted([
                field: [
                    "gte": .string(EventTime.text(from)), "lt": .string(EventTime.text(to)),
                    "format": "strict_date_optional_time",
                ]
            ])
        ]
    }
}
