import AWSAccess
import UsageCore

/// Where records go that no store takes: a queue, and a bucket for those too long for one.
package struct DeadLetterQueue: Sendable {
    private let queue: SQS
    private let storage: S3
    private let url: String
    private let bucket: String?
    private let clock: CallClock

    /// Bytes of one message; SQS takes 256 KiB, and a letter's frame is counted generously.
    static let largestBody = 255 << 10

    /// A queue of the session's account.
    ///
    /// - Parameters:
    ///   - session: Who sends.
    ///   - url: The queue's, as SQS gave it.
    ///   - bucket: For letters that are too long for a message; nil where there is none.
    package init(session: AWSSession, url: String, bucket: String?) {
        queue = SQS(session: session)
        storage = S3(session: session)
        clock = session.clock
        self.url = url
        self.bucket = bucket
    }

    /// Sends `letters`; never throws, so that none is lost sight of.
    ///
    /// - Returns: One line for each letter that did not get through in whole, by the letter's index.
    package func send(_ letters: [DeadLetter], deadline: ContinuousClock.Instant) async -> [Int: String] {
        var failures: [Int: String] = [:]
        var bodies: [String] = []
        var owners: [Int] = []
        for (index, letter) in letters.enumerated() {
            for part in letter.split(limit: Self.largestBody) {
                var body = part.body()
                if body.utf8.count > Self.largestBody {
                    do {
                        body = part.body(in: try await put(body, deadline: deadline))
                    } catch {
                        failures[index] = "\(error)"
                        continue
                    }
                }
                bodies.append(body)
                owners.append(index)
            }
        }
        for failure in await queue.sendMessages(bodies, queueURL: url, deadline: deadline) {
            failures[owners[failure.index]] = "SQS SendMessageBatch: \(failure)"
        }
        return failures
    }

    /// Puts a letter into the bucket under the hash of its text, so that it lies there once however often it is put.
    private func put(_ body: String, deadline: ContinuousClock.Instant) async throws -> DeadLetter.Place {
        guard let bucket else { throw IngestFailure.noBucket(bytes: body.utf8.count) }
        let day = clock.now().rfc3339.prefix(10)
        let key = "dead-letters/\(day)/\(Digest128(of: body).hexadecimal).json"
        try await storage.putObject(Array(body.utf8), key: key, bucket: bucket, deadline: deadline)
        return DeadLetter.Place(bucket: bucket, key: key)
    }
}
