/// The index template of `usage-records-*`: what OpenSearch indexes of a stored record, and nothing else.
///
/// `dynamic: false` keeps the mapping from growing with other people's parameter names; the whole record stays in `_source`. OpenSearch
/// documentation, "Index templates" and "Flat object field type".
package enum IndexTemplate {
    /// The body of `PUT _index_template/usage-records`.
    ///
    /// - Parameters:
    ///   - catalog: Whose attributes become fields.
    ///   - hasFlatObjects: Whether the domain knows `flat_object` (OpenSearch 2.7 and later); else parameters are kept and not indexed.
    /// - Returns: JSON, with our mark and a digest in `_meta`.
    package static func json(_ catalog: UsageCatalog, hasFlatObjects: Bool = true) -> String {
        var json = JSONText()
        json.object { json in
            json.name("settings")
            json.raw(
                #"{"index":{"number_of_shards":1,"refresh_interval":"10s","mapping":{"total_fields":{"limit":500}}}}"#
                    .utf8
            )
            json.name("mappings")
            json.object { json in
                json.name("_meta")
                json.raw(#"{"owner":"usage-anomalies"}"#.utf8)
                json.name("dynamic")
                json.bool(false)
                json.name("properties")
                json.object { json in properties(catalog, hasFlatObjects ? flat : unindexed, &json) }
            }
        }
        return marked("usage-records-*", json.text)
    }

    /// A template for `pattern` that says whose it is, and what it was made of.
    static func marked(_ pattern: String, _ template: String) -> String {
        let digest = Digest128(of: template).hexadecimal.prefix(16)
        return
            #"{"index_patterns":["\#(pattern)"],"priority":200,"_meta":{"owner":"usage-anomalies","digest":"\#(digest)"},"template":\#(template)}"#
    }

    // Behind 8,191 characters a keyword could exceed Lucene's longest term of 32,766 bytes.
    private static let keyword = #"{"type":"keyword","ignore_above":8191}"#
    private static let number = #"{"type":"double","ignore_malformed":true}"#
    private static let flat = #"{"type":"flat_object"}"#
    private static let unindexed = #"{"type":"object","enabled":false}"#

    private static func properties(_ catalog: UsageCatalog, _ parameters: String, _ json: inout JSONText) {
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
            field(name, parameters)
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
