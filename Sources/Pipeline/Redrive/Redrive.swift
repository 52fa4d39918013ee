import AWSAccess
import UsageCore

/// Puts back what failed: dead letters out of the queue, and batches that Lambda gave up out of the bucket.
///
/// Records go their whole way, and a letter is deleted when all of it is stored. What is refused again stays with the reason that it has,
/// hidden from others until the run ends. A letter that is put back twice changes nothing, as records and counters are known by their
/// identity.
package struct Redrive: Sendable {
    let settings: Settings
    let session: AWSSession
    private let url: String
    private let queue: SQS
    let ingestion: Ingestion
    let matcher: UsageMatcher

    /// How long letters are hidden from others while they are worked on, in seconds.
    private static let visibility = 120
    /// Longest that one letter may take.
    static let longest = Duration.seconds(60)
    /// SQS answers from some of its machines, so that one empty answer does not mean an empty queue.
    private static let emptyAnswers = 2

    /// - Throws: `SettingsFailure` where the settings name no queue.
    package init(_ settings: Settings, _ session: AWSSession) throws(SettingsFailure) {
        guard let url = settings.deadLetterQueueURL else {
            throw SettingsFailure(problems: ["DEAD_LETTER_QUEUE_URL: not set; give the URL of the dead-letter queue"])
        }
        self.settings = settings
        self.session = session
        self.url = url
        queue = SQS(session: session)
        matcher = UsageMatcher(settings.catalog)
        let directory = OrganizationDirectory(settings, session: session)
        // Without the queue: what is refused again must not be written into it once more.
        ingestion = Ingestion(settings, session, directory: directory, setsAside: false)
    }

    /// Works on letters until the queue gives no new one, then on batches until the bucket has no more, or `limit` of both were seen.
    ///
    /// - Parameters:
    ///   - limit: Most letters and batches.
    ///   - isDryRun: Only looks.
    ///   - tell: Is given each when its outcome is known.
    /// - Throws: `ServiceFailure` where the queue or the bucket does not answer.
    package func run(limit: Int, isDryRun: Bool, tell: (RedrivenLetter) throws -> Void) async throws {
        var seen: Set<String> = []
        var kept: [SQS.Message] = []
        var empty = 0
        while seen.count < limit, empty < Self.emptyAnswers {
            let messages = try await queue.receiveMessages(
                queueURL: url,
                most: min(SQS.mostInBatch, limit - seen.count),
                waitSeconds: 1,
                visibilitySeconds: Self.visibility,
                deadline: session.clock.instant() + Self.longest
            )
            let new = messages.filter { seen.insert($0.id).inserted }
            empty = new.isEmpty ? empty + 1 : 0
            for message in new {
                let letter = await work(on: message, isDryRun: isDryRun)
                if case .putBack = letter.outcome {} else { kept.append(message) }
                try tell(letter)
            }
        }
        // Only now, so that none of them comes twice in one run.
        _ = await queue.releaseMessages(kept, queueURL: url, deadline: session.clock.instant() + Self.longest)
        if let bucket = settings.deadLetterBucket {
            try await runInvocations(bucket, limit: limit - seen.count, isDryRun: isDryRun, tell: tell)
        }
    }

    private func work(on message: SQS.Message, isDryRun: Bool) async -> RedrivenLetter {
        let deadline = session.clock.instant() + Self.longest
        let letter: DeadLetter
        do {
            letter = try await read(message, deadline: deadline)
        } catch {
            return RedrivenLetter(
                reason: "unreadable",
                detail: String(message.body.prefix(200)),
                source: "message \(message.id)",
                records: 0,
                outcome: .kept("\(error)")
            )
        }
        func result(_ outcome: RedrivenLetter.Outcome) -> RedrivenLetter {
            RedrivenLetter(
                reason: letter.reason,
                detail: letter.detail,
                source: letter.source,
                records: letter.items.count,
                outcome: outcome
            )
        }
        if isDryRun { return result(.seen) }
        if letter.items.isEmpty {
            return result(.kept("holds no records; what it tells of lies in \(letter.source)"))
        }
        let settlement = await ingestion.settle(batch(letter), deadline: deadline)
        if let why = Self.refusal(settlement) { return result(.kept(why)) }
        if let failure = await queue.deleteMessages([message], queueURL: url, deadline: deadline).first {
            return result(.kept("all is stored, but the letter could not be deleted: \(failure)"))
        }
        return result(.putBack(duplicates: settlement.report.duplicates))
    }

    /// Why not all is stored; nil where it is.
    static func refusal(_ settlement: Ingestion.Settlement) -> String? {
        guard let failure = settlement.failures.first else { return nil }
        guard case .noQueue(let count, let reason) = failure else { return "\(failure)" }
        return "\(Counted.text(count, "records")) refused again: \(reason)"
    }

    private func read(_ message: SQS.Message, deadline: ContinuousClock.Instant) async throws -> DeadLetter {
        var body = Array(message.body.utf8)
        if let place = DeadLetter.place(in: body) {
            body = []
            var pieces = S3(session: session).reader(place.key, bucket: place.bucket)
            while let piece = try await pieces.next(deadline: deadline) { body += piece }
        }
        guard let letter = DeadLetter(body: body) else { throw RedriveFailure.noLetter }
        return letter
    }

    /// Its records, each read on its own: one that cannot be read costs no other.
    private func batch(_ letter: DeadLetter) -> IngestBatch {
        var batch = newBatch()
        // The same letter is the same batch for the counters, however often it is put back.
        batch.begin(item: 0, source: letter.source, identity: Digest128(of: letter.body()))
        for item in letter.items { Self.read(item.bytes, into: &batch) }
        return batch
    }

    /// An empty batch of records that arrive now.
    func newBatch() -> IngestBatch {
        IngestBatch(
            settings.catalog,
            matcher,
            receivedAt: EventTime.floorDivide(session.clock.now().milliseconds, 1000),
            keepsWatchedOnly: settings.keepsWatchedOnly
        )
    }

    /// Reads one whole document.
    static func read(_ document: [UInt8], into batch: inout IngestBatch) {
        document.withUnsafeBufferPointer { bytes in
            var reader = RecordReader()
            do throws(DecodeFailure) {
                try batch.read(bytes, &reader)
                try batch.finish(&reader)
            } catch {
                batch.setAside(SetAside(error, bytes))
            }
        }
    }
}
