import Glibc

/// Finds entity anomalies in counts: by the detector on each series, and by what an account never used before.
package struct AnomalyDetection: Sendable {
    let catalog: UsageCatalog
    private let level: Double
    /// Records before an account's past is long enough to call something its first.
    package static let historyForFirsts: Int64 = 72 * 3600
    /// A first use is followed this long.
    private static let firstUseFollowed: Int64 = 72 * 3600

    /// `level`: the score that makes an anomaly; 0.6 in the product.
    package init(_ catalog: UsageCatalog, level: Double) {
        self.catalog = catalog
        self.level = level
    }

    /// Controllers follow the hours of the day; before they are known, nothing is said of them.
    static let historyForControllers: Int64 = 96 * 3600

    /// The series of `counts`, in an order that does not depend on how they were counted.
    package func series(_ counts: UsageCounts) -> [UsageCounts.SeriesKey] {
        counts.series.keys.sorted {
            let one = ($0.usage, $0.account.value, $0.region)
            let other = ($1.usage, $1.account.value, $1.region)
            return one == other
                ? ($0.measure.rawValue, $0.callers.rawValue) < ($1.measure.rawValue, $1.callers.rawValue) : one < other
        }
    }

    /// The anomalies of one series: in the usage's interval, and by the hour for what is rare and slow.
    package func anomalies(_ key: UsageCounts.SeriesKey, _ counts: UsageCounts) -> [EntityAnomaly] {
        findings(key, counts, withLimit: false).anomalies
    }

    /// The anomalies of one series, and from which count on the next would be one, if that is wanted.
    package func findings(_ key: UsageCounts.SeriesKey, _ counts: UsageCounts, withLimit: Bool) -> Findings {
        guard let values = counts.series[key] else { return Findings(anomalies: []) }
        let interval = catalog.usages[key.usage].detector.intervalSeconds
        if catalog.usages[key.usage].isToldEachTime {
            // Whoever counts needs no limit left: one is enough.
            return Findings(anomalies: calls(key, values, interval: interval))
        }
        let whole = findings(key, values, counts, interval: interval, withLimit: withLimit && key.measure == .count)
        var found = whole.anomalies
        if catalog.usages[key.usage].isLowVolume, interval < 3600, 3600 % interval == 0 {
            let hourly = values.merged(by: Int32(3600 / interval))
            found += persistent(key, hourly, counts).filter { slow in
                !found.contains { $0.start < slow.end && slow.start < $0.end }
            }
            // What the short interval has told already is not told again.
            found += findings(key, hourly, counts, interval: 3600, withLimit: false).anomalies.filter { slow in
                !found.contains { $0.start < slow.end && slow.start < $0.end }
            }
        }
        return Findings(anomalies: found, limit: whole.limit)
    }

    /// Calls that are told each time: those that follow one another within an incident's reach are one anomaly.
    private func calls(
        _ key: UsageCounts.SeriesKey,
        _ values: SparseCounts,
        interval: Int64
    ) -> [EntityAnomaly] {
        var found: [EntityAnomaly] = []
        for (bucket, amount) in zip(values.buckets, values.values) {
            let start = Int64(bucket) * interval
            if let last = found.indices.last, start <= found[last].end + SeriesScan.bridgedGap {
                found[last].end = start + interval
                found[last].observed += amount
                continue
            }
            found.append(
                EntityAnomaly(
                    usage: key.usage,
                    account: key.account,
                    region: key.region,
                    channel: .call,
                    callers: key.callers,
                    start: start,
                    end: start + interval,
                    alarm: start..<start + interval,
                    observed: amount,
                    expected: 0,
                    limit: 1,
                    score: 1,
                    reason: "each such call is told"
                )
            )
        }
        return found
    }

    /// What somebody does again and again where it was rare.
    private func persistent(
        _ key: UsageCounts.SeriesKey,
        _ hourly: SparseCounts,
        _ counts: UsageCounts
    ) -> [EntityAnomaly] {
        guard key.measure == .count, key.callers == .others, let time = counts.coveredTime(of: key.account) else {
            return []
        }
        let first = Int32(clamping: EventTime.floorDivide(time.lowerBound, 3600))
        return PersistenceScan.stretches(hourly, first: first).map { stretch in
            EntityAnomaly(
                usage: key.usage,
                account: key.account,
                region: key.region,
                channel: .count,
                callers: key.callers,
                start: Int64(stretch.first) * 3600,
                end: (Int64(stretch.last) + 1) * 3600,
                alarm: Int64(stretch.alarm) * 3600..<(Int64(stretch.alarm) + 1) * 3600,
                observed: hourly.sum(from: stretch.first, through: stretch.last),
                expected: stretch.expected,
                limit: 1,
                score: 1 - exp2(-stretch.evidence / PersistenceScan.evidence),
                reason: "again and again where it is rare"
            )
        }
    }

    private func findings(
        _ key: UsageCounts.SeriesKey,
        _ values: SparseCounts,
        _ counts: UsageCounts,
        interval: Int64,
        withLimit: Bool
    ) -> Findings {
        guard let time = counts.coveredTime(of: key.account) else { return Findings(anomalies: []) }
        let first = Int32(clamping: EventTime.floorDivide(time.lowerBound, interval))
        let last = Int32(clamping: EventTime.floorDivide(time.upperBound, interval))
        guard first <= last else { return Findings(anomalies: []) }
        let scan = SeriesScan(interval: interval, buckets: first...last, level: level)
        // Spend is kept in cents an hour; people read dollars.
        let unit = key.measure == .spend ? 0.01 : 1
        let earliest = key.callers == .controllers ? time.lowerBound + Self.historyForControllers : time.lowerBound
        let look = scan.look(values, keepingDetector: withLimit)
        var stretches = look.stretches
        if key.callers == .others {
            // Money has no threshold in the catalog.
            let least = key.measure == .count ? Self.told(catalog.usages[key.usage]) : FirstBurstScan.factor
            let bursts = FirstBurstScan.stretches(values, interval: interval, first: first, least: least)
            stretches += bursts.filter { burst in
                !stretches.contains { $0.first <= burst.last && burst.first <= $0.last }
            }
        }
        let limit = look.before.flatMap { self.limit(key, values, scan, before: $0, told: stretches, counts) }
        let anomalies = stretches.filter { stretch in
            Int64(stretch.alarm) * interval >= earliest
                && !OrdinaryDays.holdAsMuch(as: stretch, values, interval: interval, first: first, told: stretches)
        }.map { stretch in
            EntityAnomaly(
                usage: key.usage,
                account: key.account,
                region: key.region,
                channel: key.measure == .spend ? .spend : .count,
                callers: key.callers,
                start: Int64(stretch.first) * interval,
                end: (Int64(stretch.last) + 1) * interval,
                alarm: Int64(stretch.alarm) * interval..<(Int64(stretch.alarm) + 1) * interval,
                observed: stretch.observed * unit,
                expected: stretch.expected * unit,
                limit: stretch.limit * unit,
                score: stretch.score,
                reason: stretch.reason
            )
        }
        return Findings(anomalies: anomalies, limit: limit)
    }

    /// First uses by accounts that have a past.
    package func firstUses(_ counts: UsageCounts) -> [EntityAnomaly] {
        var found: [EntityAnomaly] = []
        var entities: [AccountKey: Set<EvidencePlan.Entity>] = [:]
        for key in counts.series.keys {
            entities[key.account, default: []].insert(EvidencePlan.Entity(usage: key.usage, region: key.region))
        }
        for (key, first) in counts.firstUses {
            guard let time = counts.coveredTime(of: key.account), time.contains(first),
                first >= time.lowerBound + Self.historyForFirsts
            else { continue }
            for series in entities[key.account] ?? [] where fits(series, key) {
                let start = firstBucket(series, key.account, counts, from: first)
                guard let start, start < first + Self.firstUseFollowed else { continue }
                let interval = catalog.usages[series.usage].detector.intervalSeconds
                var anomaly = EntityAnomaly(
                    usage: series.usage,
                    account: key.account,
                    region: series.region,
                    channel: .firstUse,
                    callers: .all,
                    start: first,
                    end: min(first + Self.firstUseFollowed, time.upperBound + 1),
                    alarm: first..<first + interval,
                    observed: 0,
                    expected: 0,
                    limit: 1,
                    score: 0,
                    reason: "first use by the account"
                )
                anomaly.novelty = key.novelty
                anomaly.noveltyValue = key.value
                found.append(anomaly)
            }
        }
        return found.sorted {
            ($0.start, $0.account.value, $0.usage, $0.region, $0.noveltyValue)
                < ($1.start, $1.account.value, $1.usage, $1.region, $1.noveltyValue)
        }
    }

    private func fits(_ entity: EvidencePlan.Entity, _ key: UsageCounts.NoveltyKey) -> Bool {
        switch key.novelty {
        case .region: entity.region == key.value && catalog.usages[entity.usage].novelty.contains(.region)
        case .family, .api, .model: entity.usage == key.usage
        }
    }

    /// The start of the entity's first busy bucket that does not end before `seconds`.
    private func firstBucket(
        _ entity: EvidencePlan.Entity,
        _ account: AccountKey,
        _ counts: UsageCounts,
        from seconds: Int64
    ) -> Int64? {
        let interval = catalog.usages[entity.usage].detector.intervalSeconds
        let bucket = Int32(clamping: EventTime.floorDivide(seconds, interval))
        return [CallerClass.all, .controllers, .others].compactMap { callers -> Int64? in
            let key = UsageCounts.SeriesKey(
                usage: entity.usage,
                measure: .count,
                callers: callers,
                account: account,
                region: entity.region
            )
            guard let values = counts.series[key] else { return nil }
            let place = values.lowerBound(bucket)
            return place < values.buckets.count ? Int64(values.buckets[place]) * interval : nil
        }.min()
    }
}

extension UsageCounts {
    /// From the account's first record to the end of the input, within the time that the input is of.
    package func coveredTime(of account: AccountKey) -> ClosedRange<Int64>? {
        guard let timeline, let span = accounts[account] else { return nil }
        let end = lastSecond(timeline)
        let start = max(span.first, timeline.lowerBound)
        return start <= end ? start...end : nil
    }

    /// The last event time that lies within `timeline`.
    package func lastSecond(_ timeline: ClosedRange<Int64>) -> Int64 {
        days[timeline.upperBound / 86400]?.last ?? timeline.upperBound
    }
}
