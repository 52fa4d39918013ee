extension WindowEvidence {
    /// The part of it that some principals bear in some of its intervals.
    ///
    /// Amounts are exact. Traits other than the principal are those of the part where all its records were kept, else those of the whole.
    ///
    /// - Parameters:
    ///   - time: only intervals that begin in it.
    ///   - isIncluded: whether a principal's records belong to the part.
    /// - Returns: that part; empty where nothing belongs to it.
    package func narrowed(to time: Range<Int64>, where isIncluded: (String) -> Bool) -> WindowEvidence {
        var part = self
        part.kept.removeAll { !time.contains($0.bucket * interval) || !isIncluded($0.record.caller.principal) }
        part.perInterval = Dictionary(grouping: part.kept, by: \.bucket).mapValues(\.count)
        part.flow = flow.filter { time.contains($0.key) }.mapValues { $0.filter { isIncluded($0.key) } }
        part.flow = part.flow.filter { !$0.value.isEmpty }
        var principals: [String: Share] = [:]
        for (name, share) in part.flow.values.joined() {
            principals[name, default: Share()].quantity += share.quantity
            principals[name, default: Share()].records += share.records
        }
        part.quantity = principals.values.reduce(0) { $0 + $1.quantity }
        part.recordCount = principals.values.reduce(0) { $0 + $1.records }
        if part.kept.count == part.recordCount {
            part.traits = [:]
            for record in part.records { part.note(Trait.values(of: record), record.facts.quantity) }
        }
        part.traits[.principal] = principals.isEmpty ? nil : principals
        if let alarm { part = part.alarming(alarm) }
        part.started.removeAll {
            !time.contains(EventTime.floorDivide($0.seconds, interval) * interval) || !isIncluded($0.principal)
        }
        part.unfollowed = quantity > 0 ? unfollowed * part.quantity / quantity : 0
        return part
    }

    /// The same with another interval in which it was told.
    package func alarming(_ alarm: Range<Int64>) -> WindowEvidence {
        var told = self
        told.alarm = alarm
        told.alarmSeconds = [:]
        for record in records where alarm.contains(record.seconds) {
            told.alarmSeconds[record.known, default: 0] += record.facts.quantity
        }
        return told
    }

    /// The starts of the intervals with records, in the order of time.
    package var activeStarts: [Int64] { flow.keys.sorted() }

    /// The list price of all that was started, US dollars an hour.
    package var dollarsPerHour: Double { started.reduce(0) { $0 + $1.dollarsPerHour } }
}
