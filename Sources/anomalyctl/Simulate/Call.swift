/// An API call as its record names it.
struct Call: Sendable {
    /// The event source without `.amazonaws.com`.
    let service: String
    let name: String
    let readOnly: Bool
    var eventType = "AwsApiCall"
    var data = false
    /// Recorded in us-east-1 and answered by an endpoint without a Region.
    let global: Bool

    init(
        _ service: String,
        _ name: String,
        readOnly: Bool = false,
        eventType: String = "AwsApiCall",
        data: Bool = false
    ) {
        self.service = service
        self.name = name
        self.readOnly = readOnly
        self.eventType = eventType
        self.data = data
        global = service == "iam" || service == "signin" || service == "organizations"
    }

    static func read(_ service: String, _ name: String) -> Call {
        Call(service, name, readOnly: true)
    }
}
