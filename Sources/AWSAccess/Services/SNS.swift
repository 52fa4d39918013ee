/// Amazon SNS: publishing, and who gets it (SNS API Reference, version 2010-03-31).
package struct SNS: Sendable {
    let service: AWSService

    /// The service as the session sees it.
    package init(session: AWSSession) { service = AWSService(Self.identity, session: session) }

    /// Bytes of a message, its attributes included.
    package static let largestMessage = 256 << 10
    /// Characters of a subject, counted as UTF-16 does.
    package static let longestSubject = 99

    private static let identity = ServiceIdentity(name: "SNS", endpointKey: "SNS", hostPrefix: "sns")
    static let version = "2010-03-31"

    /// Publishes to a topic and gives the message's id.
    ///
    /// A try whose answer was lost is repeated: a message may arrive twice rather than not at all.
    ///
    /// - Parameters:
    ///   - message: Not empty, at most `largestMessage`.
    ///   - topicArn: Where to.
    ///   - subject: For e-mail; brought into the form that SNS takes, see `subject(from:)`.
    ///   - attributes: For filter policies, at most 10; names of letters, digits, `_`, `-` and `.`; values not empty.
    ///   - lists: Attributes that are lists of texts: a filter policy takes a message of which one of them fits.
    ///   - deadline: When the last try must have ended.
    /// - Returns: The message's id.
    /// - Throws: `ServiceFailure`.
    @discardableResult
    package func publish(
        _ message: String,
        topicArn: String,
        subject: String? = nil,
        attributes: [String: String] = [:],
        lists: [String: [String]] = [:],
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> String {
        let operation = "Publish"
        let all =
            attributes.map { (name: $0.key, type: "String", value: $0.value) }
            + lists.map { list in
                let value = JSONValue.array(list.value.map(JSONValue.string))
                return (name: list.key, type: "String.Array", value: String(decoding: value.bytes, as: UTF8.self))
            }
        // Names, data types and values of attributes count as well.
        let size =
            message.utf8.count
            + all.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + $1.type.utf8.count }
        guard !message.isEmpty, size <= Self.largestMessage else {
            throw service.invalid(operation, "message of \(size) bytes, 1 to \(Self.largestMessage)")
        }
        var form = [(name: "TopicArn", value: topicArn), (name: "Message", value: message)]
        if let subject = subject.flatMap(Self.subject(from:)) { form.append((name: "Subject", value: subject)) }
        for (index, attribute) in all.sorted(by: { $0.name < $1.name }).enumerated() {
            let prefix = "MessageAttributes.entry.\(index + 1)."
            form += [
                (name: prefix + "Name", value: attribute.name),
                (name: prefix + "Value.DataType", value: attribute.type),
                (name: prefix + "Value.StringValue", value: attribute.value),
            ]
        }
        let answer = try await service.query(operation, version: Self.version, form, deadline: deadline)
        guard let id = answer.text["MessageId"] else { throw service.lacks("MessageId", operation) }
        return id
    }

    /// `text` as SNS takes it for a subject: one line without control characters, below 100 characters, nil if nothing is left.
    package static func subject(from text: String) -> String? {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            let isBreak = scalar.value == 0x2028 || scalar.value == 0x2029
            let next: Unicode.Scalar = isControl || isBreak ? " " : scalar
            if next == " ", scalars.last.map({ $0 == " " }) ?? true { continue }
            scalars.append(next)
        }
        while scalars.last == " " { scalars.removeLast() }
        var subject = String(scalars)
        if subject.utf16.count > longestSubject {
            while subject.utf16.count > longestSubject - 3 { subject.removeLast() }
            subject += "..."
        }
        return subject.isEmpty ? nil : subject
    }
}
