/// The index template of `usage-records-*`: what OpenSearch indexes of a stored record, and nothing else.
///
/// `dynamic: false` keeps the mapping from growing with other people's parameter names; the whole record stays in `_source`. OpenSearch
/// documentation, "Index templates" and "Flat object field type".
package enum IndexTemplate {
    /// The body of `PUT _index_template/usage-records`.
    package static func json(_ catalog: UsageCatalog) -> String {
        var json = JSONText()
        json.object { json in
            json.name("index_patterns")
            json.array { $0.string("usage-records-*") }
            json.name("priority")
            json.integer(200)
            json.name("template")
            json.object { json in
                json.name("settings")
                json.raw(
                    #"{"index":{"number_of_shards":1,"refresh_interval":"10s","mapping":{"total_fields":{"limit":500}}}}"#
                        .utf8
                )
                json.name("mappings")
                json.object { json in
                    json.name("dynamic")
                    json.bool(false)
                    json.name("properties")
                    json.object { json in properties(catalog, &json) }
                }
            }
        }
        return json.text
    }

    // Behind 8,191 characters a keyword could exceed Lucene's longest term of 32,766 bytes.
    private static let keyword = #"{"type":"keyword","ignore_above":8191}"#
    private static let number = #"{"type":"double","ignore_malformed":true}"#
    private static let flat = #"{"type":"flat_object"}"#
    private static let unindexed = #"{"type":"object","enabled":false}"#

    private static func properties(_ catalog: UsageCatalog, _ json: inout JSONText) {
        func field(_ name: String, _ type: String) {
            json.name(name)
            json.raw(type.utf8)
        }
        field("eventTime", #"{"type":"date"}"#)
        for name in [
            "eventVersion", "eventSource", "eventName", "awsRegion", "userAgent", "errorCode", "eventID", "requestID",
            "eventType", "eventCategory", "recipientAccountId", "sharedEventID", "apiVersion", "vpcEndpointId",
        ] {
            field(name, keyword)
        }
        field(
            "sourceIPAddress",
            #"{"type":"keyword","ignore_above":8191,"fields":{"ip":{"type":"ip","ignore_malformed":true}}}"#
        )
        field("errorMessage", #"{"type":"text"}"#)
        field("readOnly", keyword)
        field("managementEvent", keyword)
        for name in ["requestParameters", "responseElements", "additionalEventData", "serviceEventDetails"] {
            field(name, flat)
        }
        json.name("userIdentity")
        json.object { json in
            json.name("properties")
            json.object { json in
                for name in ["type", "principalId", "arn", "accountId", "accessKeyId", "userName", "invokedBy"] {
                    json.name(name)
                    json.raw(keyword.utf8)
                }
                json.name("sessionContext")
                json.raw(
                    #"{"properties":{"sessionIssuer":{"properties":{"arn":{"type":"keyword","ignore_above":8191},"userName":{"type":"keyword","ignore_above":8191}}},"sourceIdentity":{"type":"keyword","ignore_above":8191}}}"#
                        .utf8
                )
            }
        }
        members("account", ["alias", "type", "ouPath", "costCenter", "owner", "environment", "team"], &json) { json in
            json.name("contextMissing")
            json.raw(#"{"type":"boolean"}"#.utf8)
        }
        let attributes = catalog.usages.flatMap(\.attributes).filter { $0.name != "tags" }
        let numbers = Set(attributes.filter(\.isNumber).map(\.name)).sorted()
        let words = Set(attributes.filter { !$0.isNumber }.map(\.name)).sorted()
        let own = ["name", "place", "unit", "callers", "principal", "session", "tool", "family"]
        members("usage", own + words, &json) { json in
            for name in ["quantity", "centsPerHour"] + numbers {
                json.name(name)
                json.raw(number.utf8)
            }
        }
        field("self", #"{"type":"boolean"}"#)
        field(
            "ingest",
            #"{"properties":{"receivedAt":{"type":"date"},"source":{"type":"keyword","ignore_above":8191}}}"#
        )
        field("unindexed", unindexed)
    }

    private static func members(
        _ name: String,
        _ keywords: [String],
        _ json: inout JSONText,
        _ more: (inout JSONText) -> Void
    ) {
        json.name(name)
        json.object { json in
            json.name("properties")
            json.object { json in
                for keyword in keywords {
                    json.name(keyword)
                    json.raw(Self.keyword.utf8)
                }
                more(&json)
            }
        }
    }
}
