import AWSAccess
import UsageCore

extension Redrive {
    /// Works on the batches that Lambda gave up.
    func runInvocations(
        _ bucket: String,
        limit: Int,
        isDryRun: Bool,
        tell: (RedrivenLetter) throws -> Void
    ) async throws {
        let store = S3(session: session)
        var left = limit
        var token: String?
        repeat {
            guard left > 0 else { return }
            let page = try await store.keys(
                prefix: FailedInvocation.prefix,
                bucket: bucket,
                after: token,
                deadline: session.clock.instant() + Self.longest
            )
            for key in page.keys.prefix(left) {
                try tell(await work(on: key, bucket, store, isDryRun: isDryRun))
                left -= 1
            }
            token = page.next
        } while token != nil
    }

    private func work(on key: String, _ bucket: String, _ store: S3, isDryRun: Bool) async -> RedrivenLetter {
        let deadline = session.clock.instant() + Self.longest
        let source = "s3://\(bucket)/\(key)"
        let failed: FailedInvocation
        do {
            failed = try await read(key, bucket, store, deadline: deadline)
        } catch {
            return RedrivenLetter(
                reason: "unreadable",
                detail: "",
                source: source,
                records: 0,
                outcome: .kept("\(error)")
            )
        }
        // The batch that it was: its log events give it the identity by which counters know it.
        var batch = newBatch()
        let identity = failed.event.withUnsafeBytes { Digest128(of: $0) }
        batch.begin(item: 0, source: source, identity: identity)
        Self.read(failed.event, into: &batch)
        let count = batch.records.count + batch.unread.count + batch.outsideScope
        func result(_ outcome: RedrivenLetter.Outcome) -> RedrivenLetter {
            RedrivenLetter(
                reason: failed.condition,
                detail: failed.detail,
                source: source,
                records: count,
                outcome: outcome
            )
        }
        if isDryRun { return result(.seen) }
        if count == 0 { return result(.kept("holds no records")) }
        let settlement = await ingestion.settle(batch, deadline: deadline)
        if let why = Self.refusal(settlement) { return result(.kept(why)) }
        do {
            try await store.deleteObject(key, bucket: bucket, deadline: deadline)
        } catch {
            return result(.kept("all is stored, but the object could not be deleted: \(error)"))
        }
        return result(.putBack(duplicates: settlement.report.duplicates))
    }

    private func read(
        _ key: String,
        _ bucket: String,
        _ store: S3,
        deadline: ContinuousClock.Instant
    ) async throws -> FailedInvocation {
        var object: [UInt8] = []
        var pieces = store.reader(key, bucket: bucket)
        while let piece = try await pieces.next(deadline: deadline) {
            object += piece
            if let size = pieces.size, size > FailedInvocation.largest { throw RedriveFailure.tooLarge(bytes: size) }
        }
        guard let failed = FailedInvocation(object) else { throw RedriveFailure.noInvocation }
        return failed
    }
}
