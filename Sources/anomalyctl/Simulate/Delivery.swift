/// Sorts what arrives into files: one account and Region each, 5 to 30 minutes long.
struct Delivery: Sendable {
    private struct Open: Sendable {
        var bytes: [UInt8] = []
        var records = 0
        var everyTicks = 6
    }

    /// A file is closed early at this size: bytes of JSON, so that memory stays small whatever the traffic.
    private static let largest = 4 << 20

    private let organization: OrganizationPlan
    private var open: [Open]
    private var random: SplitMix64

    init(_ organization: OrganizationPlan, seed: UInt64) {
        self.organization = organization
        random = SplitMix64(seed: seed, part: "delivery")
        open = Array(repeating: Open(), count: organization.accounts.count * Place.regions.count)
        for account in organization.accounts {
            for (rank, region) in account.regions.enumerated() {
                let busy = account.kind == .production && rank == 0
                open[account.index * Place.regions.count + region].everyTicks =
                    busy ? 1 + random.below(3) : 5 + random.below(2)
            }
        }
    }

    /// Takes what arrives in `tick` and hands over the files that are full by its end.
    mutating func take(
        _ bucket: Recorder.Bucket,
        _ tick: Tick,
        last: Bool,
        to sink: (TrailFile) throws -> Void
    ) rethrows {
        var arrivals = bucket.arrivals
        arrivals.sort { ($0.second, $0.offset) < ($1.second, $1.offset) }
        for arrival in arrivals {
            let pair = arrival.pair
            open[pair].bytes.append(
                contentsOf: open[pair].records == 0 ? Array(#"{"Records":["#.utf8) : [UInt8(ascii: ",")]
            )
            bucket.text.bytes.withUnsafeBufferPointer { text in
                open[pair].bytes.append(contentsOf: text[arrival.offset..<arrival.offset + arrival.length])
            }
            open[pair].records += 1
            if open[pair].bytes.count >= Self.largest { try close(pair, tick, to: sink) }
        }
        for pair in open.indices
        where open[pair].records > 0 && (last || (tick.index + pair) % open[pair].everyTicks == 0) {
            try close(pair, tick, to: sink)
        }
    }

    private mutating func close(_ pair: Int, _ tick: Tick, to sink: (TrailFile) throws -> Void) rethrows {
        open[pair].bytes.append(contentsOf: "]}".utf8)
        // A few files are delivered an hour or two after their time.
        let late = random.chance(0.005) ? 3600 + random.below(6) * 900 : 0
        let account = organization.accounts[pair / Place.regions.count].id
        let region = Place.regions[pair % Place.regions.count]
        let civil = CivilTime(tick.end + late)
        let key = RecordText.text { text in
            text.raw("AWSLogs/\(organization.id)/\(account)/CloudTrail/\(region)/")
            text.padded(civil.year, 4)
            text.raw("/")
            text.padded(civil.month, 2)
            text.raw("/")
            text.padded(civil.day, 2)
            text.raw("/\(account)_CloudTrail_\(region)_")
            text.padded(civil.year, 4)
            text.padded(civil.month, 2)
            text.padded(civil.day, 2)
            text.raw("T")
            text.padded(civil.hour, 2)
            text.padded(civil.minute, 2)
            text.raw("Z_\(suffix()).json.gz")
        }
        try sink(TrailFile(key: key, bytes: open[pair].bytes, records: open[pair].records))
        open[pair].bytes.removeAll(keepingCapacity: true)
        open[pair].records = 0
    }

    private mutating func suffix() -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        return String((0..<16).map { _ in alphabet[random.below(alphabet.count)] })
    }
}
