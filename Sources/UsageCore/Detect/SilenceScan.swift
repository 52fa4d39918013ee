/// Finds accounts and Regions that fell silent, and the silence of all of them.
///
/// `SilenceRule` says what a silence is. A Region of an account is judged until the last hour at which anybody still delivered, so that the
/// end of the records is no silence. All accounts together are judged by the clock where there is one; without a clock, as in a
/// backtest, most accounts falling silent until the end is how an input ends, and is not told.
///
/// Never one finding for each Region: silent Regions of an account are one while they overlap; three or more accounts that fell silent at
/// the same time are one. Whoever delivers now and then fell silent somewhere between its last record and its next, so it is taken along
/// with others for as long as its pauses ordinarily last, two hours at least.
package struct SilenceScan: Sendable {
    private let activity: Activity
    /// Seconds since 1970; nil where the records are of the past.
    private let clock: Int64?
    /// The last hour since 1970 at which anybody delivered.
    private let lastHour: Int64
    private let allHours: [Int64]

    /// Accounts from which a silence is one of several.
    package static let several = 3
    private static let together: Int64 = 2 * 3600
    /// Records of an hour may come so much after its end.
    private static let delay: Int64 = 1800
    private static let day: Int64 = 86400

    /// - Parameters:
    ///   - activity: What came, by hours.
    ///   - clock: Seconds since 1970; nil where the records are of the past.
    ///   - end: Hours after this moment are not believed, seconds since 1970.
    package init(_ activity: Activity, clock: Int64?, end: Int64) {
        self.activity = activity
        self.clock = clock
        allHours = activity.hours(of: activity.places.keys).filter { $0 * 3600 <= end }
        lastHour = allHours.last ?? 0
    }

    /// The silences, past and present, in the order of time.
    package func silences() -> [Silence] {
        guard !allHours.isEmpty else { return [] }
        var members = activity.places.keys.sorted().flatMap(pauses)
        var found = wholes(&members)
        var rest: [Silence.Member] = []
        for group in groups(members.sorted { ($0.pause.begin, $0.place) < ($1.pause.begin, $1.place) }) {
            if Set(group.map(\.place.account)).count >= Self.several {
                found += silence(group).map { [$0] } ?? []
            } else {
                rest += group
            }
        }
        for (_, own) in Dictionary(grouping: rest, by: \.place.account) {
            found += overlapping(own).compactMap(silence)
        }
        return found.sorted { ($0.begin, $0.members[0].place) < ($1.begin, $1.members[0].place) }
    }

    private func pauses(of place: Activity.Place) -> [Silence.Member] {
        let hours = activity.hours(of: [place]).filter { $0 <= lastHour }
        return SilenceRule.pauses(hours, until: lastHour) { activity.records(of: [place], on: $0) }
            .map { Silence.Member(place: place, pause: $0) }
    }

    /// Silences of all together; takes out of `members` what belongs to them.
    private func wholes(_ members: inout [Silence.Member]) -> [Silence] {
        let all = Array(activity.places.keys)
        let end = clock.map { EventTime.floorDivide($0 - Self.delay, 3600) } ?? lastHour
        let pauses = SilenceRule.pauses(allHours, until: max(end, lastHour)) { activity.records(of: all, on: $0) }
        return pauses.map { pause in
            members.removeAll { member in
                let earliest = pause.begin - max(Self.together, member.pause.longestBefore)
                return earliest...pause.begin ~= member.pause.begin
                    && member.pause.end ?? .max >= pause.end ?? .max
            }
            let heard = active(before: pause.begin).sorted()
            return Silence(
                extent: .trail,
                members: heard.map { place in
                    let records = activity.records(of: [place], on: EventTime.floorDivide(pause.begin, Self.day) - 1)
                    let own = SilenceRule.Pause(
                        begin: pause.begin,
                        end: pause.end,
                        longestBefore: pause.longestBefore,
                        perDay: Double(records)
                    )
                    return Silence.Member(place: place, pause: own)
                },
                longestBefore: pause.longestBefore,
                begin: pause.begin,
                end: pause.end,
                asOf: max(end, lastHour) * 3600,
                toldAt: pause.toldAt
            )
        }
    }

    /// Places that delivered in the day before `seconds`.
    private func active(before seconds: Int64) -> [Activity.Place] {
        let hour = seconds / 3600
        return activity.places.keys.filter { place in
            activity.firstHour(of: [place], since: hour - 24).map { $0 < hour } ?? false
        }
    }

    /// Those that may have fallen silent at one moment; `members` in the order of their beginnings.
    private func groups(_ members: [Silence.Member]) -> [[Silence.Member]] {
        var groups: [[Silence.Member]] = []
        var latest = Int64.min
        for member in members {
            let last = member.pause.begin + max(Self.together, member.pause.longestBefore)
            if member.pause.begin <= latest, let end = groups.indices.last {
                groups[end].append(member)
                latest = min(latest, last)
            } else {
                groups.append([member])
                latest = last
            }
        }
        return groups
    }

    /// Those of one account that are silent at the same time.
    private func overlapping(_ members: [Silence.Member]) -> [[Silence.Member]] {
        var groups: [[Silence.Member]] = []
        var end = Int64.min
        for member in members.sorted(by: { ($0.pause.begin, $0.place) < ($1.pause.begin, $1.place) }) {
            if member.pause.begin <= end, let last = groups.indices.last {
                groups[last].append(member)
            } else {
                groups.append([member])
            }
            end = max(end, member.pause.end ?? .max)
        }
        return groups
    }

    /// What `members` are together; nil where it is how an input ends.
    private func silence(_ members: [Silence.Member]) -> Silence? {
        guard let begin = members.map(\.pause.begin).min(), let latest = members.map(\.pause.begin).max() else {
            return nil
        }
        let end = members.contains { $0.pause.end == nil } ? nil : members.compactMap(\.pause.end).max()
        let accounts = Set(members.map(\.place.account))
        let whole = accounts.filter { account in
            let places = activity.places.keys.filter { $0.account == account }
            return activity.firstHour(of: places, since: latest / 3600).map { $0 * 3600 >= end ?? .max } ?? true
        }
        let active = Set(active(before: begin).map(\.account)).union(accounts)
        let isMost = whole.count > 1 && whole.count * 2 > active.count
        if isMost, end == nil, clock == nil { return nil }
        return Silence(
            extent: isMost
                ? .trail
                : accounts.count > 1 ? .accounts : whole.isEmpty ? .regions : .account,
            members: members.sorted { $0.place < $1.place },
            longestBefore: members.map(\.pause.longestBefore).max() ?? 0,
            begin: begin,
            end: end,
            asOf: lastHour * 3600,
            toldAt: members.map(\.pause.toldAt).min() ?? begin
        )
    }

    /// Whether records have come again of what `incident` says is silent.
    ///
    /// - Returns: nil where it is no silence; else when they came, the start of the hour in seconds since 1970, or nil while none have.
    package static func isBroken(_ incident: Incident, _ activity: Activity) -> Int64?? {
        guard incident.entities.first?.channel == SilenceWriter.channel else { return nil }
        let hours = incident.entities.compactMap { entity in
            activity.firstHour(
                of: [Activity.Place(account: entity.account.id, region: entity.region)],
                since: EventTime.floorDivide(entity.start, 3600)
            )
        }
        return .some(hours.min().map { $0 * 3600 })
    }
}
