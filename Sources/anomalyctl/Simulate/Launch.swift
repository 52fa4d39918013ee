/// What is launched, as far as a record tells.
struct Launch: Sendable {
    var type: String
    /// Whether the request names the type; a launch template may hold it instead.
    var namesType = true
    /// The tags as JSON, an array of `{"key":..,"value":..}`.
    var tags: [UInt8] = []
    var template: UInt64?
    var spot = false
    var requester: String?
    var keyName: String?
    var role: String?
    /// The number within the place of the image and subnet.
    var variant = 0
    var token = ""
    /// Some tools send numbers as text, and the record keeps that.
    var numbersAsText = false

    static func tags(_ pairs: KeyValuePairs<String, String>) -> [UInt8] {
        var text = RecordText()
        text.raw("[")
        for (index, pair) in pairs.enumerated() {
            if index > 0 { text.raw(",") }
            text.raw(#"{"key":"#)
            text.quoted(pair.key)
            text.raw(#","value":"#)
            text.quoted(pair.value)
            text.raw("}")
        }
        text.raw("]")
        return text.bytes
    }
}
