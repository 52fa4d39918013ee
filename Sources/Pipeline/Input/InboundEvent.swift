import UsageCore

/// What an invocation was given, told by its content: single deliveries that can be answered one by one, or one event.
package enum InboundEvent: Equatable {
    /// Nothing, `{}` or `null`: somebody tries the function.
    case empty
    /// Records of a Kinesis stream or messages of a queue; what failed is named by its identifier and comes again.
    case deliveries([Delivery])
    /// Anything else: it is done as a whole or fails as a whole.
    case single

    /// One of several deliveries in an event.
    package struct Delivery: Equatable {
        /// A message's `messageId`, a Kinesis record's `sequenceNumber`.
        package let identifier: String
        /// The stream or queue that it came from, with its shard; empty where that is not said.
        package let origin: String
        /// Where it lies in the event.
        package let place: ByteRange
    }

    /// Looks at `event` without decoding what is in it.
    package init(_ event: UnsafeBufferPointer<UInt8>) {
        var scanner = JSONScanner(event)
        let first = scanner.peek()
        if first == 0, scanner.at == scanner.end {
            self = .empty
            return
        }
        if first == UInt8(ascii: "n") {
            var range = ByteRange.none
            let isNull = scanner.value(into: &range) && scanner.peek() == 0 && scanner.at == scanner.end
            self = isNull ? .empty : .single
            return
        }
        guard first == UInt8(ascii: "{") else {
            self = .single
            return
        }
        var members = 0
        var deliveries: [Delivery]?
        let whole = scanner.eachMember { scanner, name in
            members += 1
            guard scanner.matches(name, "Records"), scanner.peek() == UInt8(ascii: "["), members == 1 else {
                deliveries = nil
                return scanner.skipValue()
            }
            let start = scanner.at
            deliveries = Self.deliveries(&scanner, event)
            if deliveries != nil { return true }
            scanner = JSONScanner(event, from: start)
            return scanner.skipValue()
        }
        if whole, members == 0, scanner.peek() == 0, scanner.at == scanner.end {
            self = .empty
        } else if whole, let deliveries, !deliveries.isEmpty {
            self = .deliveries(deliveries)
        } else {
            self = .single
        }
    }

    /// The elements of `Records`, if each of them says what it is called; nil otherwise.
    private static func deliveries(
        _ scanner: inout JSONScanner,
        _ event: UnsafeBufferPointer<UInt8>
    ) -> [Delivery]? {
        var deliveries: [Delivery] = []
        let whole = scanner.eachElement { scanner in
            guard scanner.peek() == UInt8(ascii: "{") else { return false }
            let start = scanner.at
            var source = ByteRange.none
            var sourceName = ByteRange.none
            var message = ByteRange.none
            var sequence = ByteRange.none
            var eventId = ByteRange.none
            let whole = scanner.eachMember { scanner, name in
                if scanner.matches(name, "eventSource") { return scanner.value(into: &source) }
                if scanner.matches(name, "eventSourceARN") { return scanner.value(into: &sourceName) }
                if scanner.matches(name, "messageId") { return scanner.value(into: &message) }
                if scanner.matches(name, "eventID") { return scanner.value(into: &eventId) }
                guard scanner.matches(name, "kinesis"), scanner.peek() == UInt8(ascii: "{") else {
                    return scanner.skipValue()
                }
                return scanner.eachMember { scanner, name in
                    scanner.matches(name, "sequenceNumber") ? scanner.value(into: &sequence) : scanner.skipValue()
                }
            }
            guard whole else { return false }
            let text = { (range: ByteRange) in JSONString.text(range, in: event) ?? "" }
            let identifier =
                switch text(source) {
                case "aws:sqs": text(message)
                case "aws:kinesis": text(sequence)
                default: ""
                }
            guard !identifier.isEmpty else { return false }
            // A sequence number is unique in its shard only, which stands in the event's id.
            let origin = [text(sourceName), sequence.isEmpty ? "" : text(eventId)].joined(separator: " ")
            let place = ByteRange(start, scanner.at)
            deliveries.append(Delivery(identifier: identifier, origin: origin, place: place))
            return true
        }
        return whole ? deliveries : nil
    }
}
