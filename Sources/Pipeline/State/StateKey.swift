import AWSAccess
import UsageCore

/// What the items of the state table mean: the one place that says so.
///
/// Keys are `pk` and `sk` (strings); `expiresAt` (seconds since 1970) is the table's time to live.
///
/// | pk | sk | other attributes | meaning |
/// | --- | --- | --- | --- |
/// | `records#DAY#SHARD` | `ACCOUNT#SECONDS#IDENTITY` | `body` B, `usage` S, `receivedAt` N | a watched record of a low-volume usage, byte for byte |
/// | `counts#DAY#SHARD` | `USAGE#ACCOUNT#REGION#KIND#SECONDS` | `quantity` N, `records` N | a counter of a high-volume usage: what began in the interval at SECONDS |
/// | `batch#HASH` | `part#N` | | part N of the counters of that batch has been added |
/// | `batch#HASH` | `hint#N` | | part N of its hints has been added |
/// | `batch#INVOCATION` | `ledger#N` | | part N of what that invocation enters in the ledger has been entered |
/// | `accounts` | `ACCOUNT` | `first` N, `last` N | event times of an account's earliest and latest watched record |
/// | `context#ACCOUNT` | `context` | as `AccountContext` | what Organizations said of an account |
/// | `ledger#DAY#LANE` | `STREAM#SECONDS` | a number for each count of `IngestReport.ofRecords`, `ACCOUNT/REGION` N | what became of the records that came from STREAM in the hour of arrival that begins at SECONDS, and of whom they were |
/// | `hints#DAY#SHARD` | `USAGE#ACCOUNT#REGION#CALLERS#SECONDS` | `quantity` N, `records` N | about what that entity has counted in the interval at SECONDS, where no counter says so: usages whose records are kept, or whose counters are told apart by KIND |
/// | `limits#SHARD` | `USAGE#ACCOUNT#REGION#CALLERS` | `limit` N, `until` N | the count in an interval from which an evaluation would tell of it; of use until then |
/// | `limits#SHARD` | `#ACCOUNT##` | `until` N | the account is known for so long that a burst of what it never used is told |
/// | `signals#DAY#SHARD` | as hints | `step` N, `sentAt` N, `writer` S | the furthest step beyond its limit for which an early signal has gone out |
/// | `incidents` | `INCIDENT` | `document` S, `state` S, `start` N, `end` N, `severity` S, `updatedAt` N, `version` N, `writer` S | an incident with the thread of its notices |
/// | `checkpoint` | NAME | as its owner writes | how far `evaluation` or `connector` has come |
///
/// DAY is the UTC day of the event, `2026-10-12`; SHARD is one of `shards` by the account, so that a day's writes spread over several
/// partitions (DynamoDB Developer Guide, "Using write sharding to distribute workloads evenly"). SECONDS has 12 digits, so that keys
/// sort by time. KIND is an instance family or model, empty for none. The parts of a key that come from records are percent-encoded,
/// so that none can pose as another's neighbour; what is then longer than `longestPart` is replaced by `=` and its hash, as DynamoDB takes
/// 1,024 bytes of a sort key. LANE is one of `shards` by the invocation, so that functions at work at the same time seldom meet in one item;
/// the sum over the lanes counts. CALLERS is a `CallerClass`. An account that cannot be read is `=` where it is a key by itself.
package enum StateKey {
    /// Partitions that share a day.
    package static let shards = 8

    package static let partition = "pk"
    package static let sort = "sk"
    package static let expiry = "expiresAt"

    /// Bytes of a part of a sort key.
    package static let longestPart = 240

    /// The day that `seconds` since 1970 lie in.
    package static func day(_ seconds: Int64) -> String { String(EventTime.text(seconds).prefix(10)) }

    /// The shard that holds `account`'s records and counters.
    package static func shard(of account: String) -> Int {
        Int(AccountKey(account).value % UInt64(shards))
    }

    /// Where the records of a day and a shard are.
    package static func records(day: String, shard: Int) -> String { "records#\(day)#\(shard)" }

    /// Where the counters of a day and a shard are.
    package static func counts(day: String, shard: Int) -> String { "counts#\(day)#\(shard)" }

    /// The key of a watched record.
    package static func record(account: String, seconds: Int64, identity: String) -> DynamoDB.Item {
        key(
            records(day: day(seconds), shard: shard(of: account)),
            "\(plain(account))#\(padded(seconds))#\(plain(identity))"
        )
    }

    /// The key of a counter; `seconds` is the start of its interval.
    package static func count(
        usage: String,
        account: String,
        region: String,
        kind: String,
        seconds: Int64
    ) -> DynamoDB.Item {
        let parts = [usage, account, region, kind].map(plain) + [padded(seconds)]
        return key(counts(day: day(seconds), shard: shard(of: account)), parts.joined(separator: "#"))
    }

    /// The key that says that a part of a batch has been counted.
    package static func batch(_ hash: String, part: Int) -> DynamoDB.Item { key("batch#\(hash)", "part#\(part)") }

    /// Where accounts are, by their ids.
    package static let accounts = "accounts"

    /// The key of what is known of an account's time.
    package static func account(_ id: String) -> DynamoDB.Item { key(accounts, id.isEmpty ? "=" : plain(id)) }

    /// The key of what Organizations said of an account.
    package static func context(of account: String) -> DynamoDB.Item { key("context#\(plain(account))", "context") }

    /// The key of what an entity has counted in an interval, about.
    package static func hint(_ interval: CountedInterval, usage: String) -> DynamoDB.Item {
        key("hints", interval, usage)
    }

    /// The key of how far an entity was beyond its limit in an interval when that was told.
    package static func signal(_ interval: CountedInterval, usage: String) -> DynamoDB.Item {
        key("signals", interval, usage)
    }

    private static func key(_ kind: String, _ interval: CountedInterval, _ usage: String) -> DynamoDB.Item {
        let shard = shard(of: interval.entity.account)
        return key(
            "\(kind)#\(day(interval.start))#\(shard)",
            entity(interval.entity, usage) + "#" + padded(interval.start)
        )
    }

    private static func entity(_ entity: CountedEntity, _ usage: String) -> String {
        [usage, entity.account, entity.region, entity.callers.name].map(plain).joined(separator: "#")
    }

    /// Where limits are.
    package static func limits(shard: Int) -> String { "limits#\(shard)" }

    /// The key of an entity's limit.
    package static func limit(_ counted: CountedEntity, usage: String) -> DynamoDB.Item {
        key(limits(shard: shard(of: counted.account)), entity(counted, usage))
    }

    /// The key that says that an account is known for long.
    package static func limit(ofAccount account: String) -> DynamoDB.Item {
        key(limits(shard: shard(of: account)), "#\(plain(account))##")
    }

    /// The key that says that a part of the hints of a batch has been added.
    package static func hintMark(_ batch: String, part: Int) -> DynamoDB.Item { key("batch#\(batch)", "hint#\(part)") }

    /// Where a lane of the ledger of a day is.
    package static func ledger(day: String, lane: Int) -> String { "ledger#\(day)#\(lane)" }

    /// The key of what came from a stream in the hour of arrival that begins at `hour`, in one lane.
    package static func ledger(stream: String, hour: Int64, lane: Int) -> DynamoDB.Item {
        key(ledger(day: day(hour), lane: lane), "\(plain(stream))#\(padded(hour))")
    }

    /// The key that says that a part of what an invocation enters in the ledger has been entered.
    package static func ledgerMark(_ invocation: String, part: Int) -> DynamoDB.Item {
        key("batch#\(invocation)", "ledger#\(part)")
    }

    /// Where incidents are, by their ids.
    package static let incidents = "incidents"

    /// The key of an incident.
    package static func incident(_ id: String) -> DynamoDB.Item { key(incidents, id) }

    /// The key of how far `name` has come.
    package static func checkpoint(_ name: String) -> DynamoDB.Item { key("checkpoint", name) }

    /// What the sort keys of an account's records begin with, in any day.
    package static func records(of account: String) -> String { "\(plain(account))#" }

    /// What the sort keys of an account's counters of a usage begin with, in any day.
    package static func counts(of usage: String, account: String) -> String { "\(plain(usage))#\(plain(account))#" }

    /// The parts of a sort key, decoded.
    package static func parts(of sort: String) -> [String] {
        sort.split(separator: "#", omittingEmptySubsequences: false).map { part in
            part == "=" ? "" : String(decoding: PercentEncoding.decode(part), as: UTF8.self)
        }
    }

    private static func key(_ partition: String, _ sort: String) -> DynamoDB.Item {
        [Self.partition: .string(partition), Self.sort: .string(sort)]
    }

    /// A part of a key; nothing that is encoded holds a `=`.
    private static func plain(_ text: String) -> String {
        let encoded = PercentEncoding.encode(text)
        return encoded.utf8.count <= longestPart ? encoded : "=" + Digest128(of: text).hexadecimal
    }

    /// 12 digits; times before 1970 count as 1970, where no record of AWS's can be.
    package static func padded(_ seconds: Int64) -> String {
        let digits = String(max(0, seconds))
        return String(repeating: "0", count: max(0, 12 - digits.utf8.count)) + digits
    }
}
