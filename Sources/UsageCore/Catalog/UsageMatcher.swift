/// Finds the usage that a record counts as.
///
/// Built once; a record that is not watched costs one look-up by its event's name.
package struct UsageMatcher: Sendable {
    private struct Candidate: Sendable {
        let usage: Int
        let name: [UInt8]
        let isPrefix: Bool
        let sources: [[UInt8]]
        let outcome: Usage.Outcome
        let errorCodes: [[UInt8]]
    }

    private struct EndCall: Sendable {
        let usage: Int
        let name: [UInt8]
        let sources: [[UInt8]]
        let ids: ValuePath
    }

    private var exact: [UInt64: [Candidate]] = [:]
    private var prefixes: [Candidate] = []
    private var ends: [UInt64: [EndCall]] = [:]

    package init(_ catalog: UsageCatalog) {
        for (index, usage) in catalog.usages.enumerated() {
            let sources = usage.eventSources.map { Array($0.utf8) }
            for name in usage.eventNames {
                let isPrefix = name.hasSuffix("*")
                let text = Array((isPrefix ? String(name.dropLast()) : name).utf8)
                let candidate = Candidate(
                    usage: index,
                    name: text,
                    isPrefix: isPrefix,
                    sources: sources,
                    outcome: usage.outcome,
                    errorCodes: usage.errorCodes.map { Array($0.utf8) }
                )
                if isPrefix {
                    prefixes.append(candidate)
                } else {
                    exact[Self.hash(text), default: []].append(candidate)
                }
            }
            for end in usage.resources?.endedBy ?? [] {
                for name in end.eventNames {
                    let text = Array(name.utf8)
                    ends[Self.hash(text), default: []].append(
                        EndCall(usage: index, name: text, sources: sources, ids: end.ids)
                    )
                }
            }
        }
    }

    /// The index in the catalog of the usage that the record counts as.
    package func usage(_ fields: RecordFields, _ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard !fields.eventName.isEmpty else { return nil }
        let name = RecordFields.raw(fields.eventName, bytes)
        if let candidates = exact[Self.hash(name)] {
            for candidate in candidates where fits(candidate, name, fields, bytes) { return candidate.usage }
        }
        for candidate in prefixes where fits(candidate, name, fields, bytes) { return candidate.usage }
        return nil
    }

    /// Calls `visit` with the usage and the id of each resource that the record ends.
    package func eachEnded(
        _ fields: RecordFields,
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ visit: (Int, UnsafeBufferPointer<UInt8>) -> Void
    ) {
        guard !fields.eventName.isEmpty, !fields.isFailure else { return }
        let name = RecordFields.raw(fields.eventName, bytes)
        guard let calls = ends[Self.hash(name)] else { return }
        let all = fields
        for call in calls where call.name.elementsEqual(name) && has(call.sources, fields.eventSource, bytes) {
            call.ids.eachValue(all, bytes) { range in visit(call.usage, RecordFields.raw(range, bytes)) }
        }
    }

    /// The first usage of which the record ends something.
    package func ended(_ fields: RecordFields, _ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard !fields.eventName.isEmpty, !fields.isFailure else { return nil }
        let name = RecordFields.raw(fields.eventName, bytes)
        guard let calls = ends[Self.hash(name)] else { return nil }
        return calls.first { $0.name.elementsEqual(name) && has($0.sources, fields.eventSource, bytes) }?.usage
    }

    private func fits(
        _ candidate: Candidate,
        _ name: UnsafeBufferPointer<UInt8>,
        _ fields: RecordFields,
        _ bytes: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard candidate.isPrefix ? name.starts(with: candidate.name) : candidate.name.elementsEqual(name),
            has(candidate.sources, fields.eventSource, bytes)
        else { return false }
        switch candidate.outcome {
        case .any: return true
        case .success: return !fields.isFailure
        case .failure:
            return fields.isFailure
                && (candidate.errorCodes.isEmpty || has(candidate.errorCodes, fields.errorCode, bytes))
        }
    }

    private func has(_ texts: [[UInt8]], _ range: ByteRange, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard !range.isEmpty else { return false }
        let text = RecordFields.raw(range, bytes)
        return texts.contains { $0.elementsEqual(text) }
    }

    @inline(__always)
    private static func hash(_ name: UnsafeBufferPointer<UInt8>) -> UInt64 {
        Digest128(of: UnsafeRawBufferPointer(name)).low
    }

    private static func hash(_ name: [UInt8]) -> UInt64 { name.withUnsafeBufferPointer { hash($0) } }
}
