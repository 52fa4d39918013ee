/// The index template of `usage-incidents`: what OpenSearch indexes of an incident, for looking it up and for dashboards.
package enum IncidentTemplate {
    /// The index that holds them.
    package static let index = "usage-incidents"

    /// The body of `PUT _index_template/usage-incidents`.
    package static let json = IndexTemplate.marked("usage-incidents", indexJSON)

    /// The body of `PUT usage-incidents`: settings and mappings alone.
    package static let indexJSON =
        #"{"settings":{"index":{"number_of_shards":1,"refresh_interval":"10s"}},"#
        + #""mappings":{"_meta":{"owner":"usage-anomalies"},"dynamic":false,"properties":{"#
        + keywords([
            "incidentId", "state", "usages", "eventNames", "mergedFrom", "pattern", "principals", "sourceAddresses",
        ])
        + #","start":{"type":"date"},"end":{"type":"date"},"detectedAt":{"type":"date"},"updatedAt":{"type":"date"},"#
        + #""severity":{"properties":{"level":{"type":"keyword"},"score":{"type":"double"}}},"#
        + #""entities":{"properties":{"#
        + keywords(["usage", "accountId", "alias", "type", "ouPath", "region", "unit", "channel"])
        + #","observed":{"type":"double"},"expected":{"type":"double"},"grade":{"type":"double"},"#
        + #""start":{"type":"date"},"end":{"type":"date"}}},"#
        + #""causes":{"properties":{"id":{"type":"keyword"},"confidence":{"type":"keyword"}}},"#
        + #""cost":{"properties":{"perDayUSD":{"properties":{"low":{"type":"double"},"expected":{"type":"double"},"high":{"type":"double"}}},"#
        + #""accruedUSD":{"type":"double"},"stillRunning":{"type":"long"},"started":{"type":"long"}}},"#
        + #""summary":{"type":"text"},"thread":{"properties":{"mergedInto":{"type":"keyword"}}}}}}"#

    private static func keywords(_ names: [String]) -> String {
        names.map { #""\#($0)":{"type":"keyword","ignore_above":8191}"# }.joined(separator: ",")
    }
}
