import AWSAccess
import Pipeline
import TestSupport
import Testing
import UsageCore

@testable import LocalStore

/// The same records and incidents in a real node and in a local store: nine simulated days, and what no simulation has.
struct PanelTrial {
    let stack: Stack
    let catalog: UsageCatalog
    /// The span of time that panels are asked for, seconds since 1970: it leaves out what lies before the first day and after the last.
    let from: Int64
    let to: Int64
    private let connection: Connection
    private let folder: TemporaryFolder

    private static let days = 9
    private static let start = "2026-10-05T00:00:00Z"

    /// Records that a simulation has none of: a call of our own, one that the mapping refuses, one from long ago, one of an unknown account.
    private static func odd(at seconds: Int64) -> [String] {
        func record(_ id: String, _ at: Int64, version: String, role: String, account: String) -> String {
            #"{"eventVersion":\#(version),"eventID":"odd-\#(id)","eventTime":"\#(EventTime.text(at))","#
                + #""eventSource":"lambda.amazonaws.com","eventName":"Invoke","awsRegion":"eu-west-1","#
                + #""recipientAccountId":"\#(account)","userAgent":"aws-sdk","sourceIPAddress":"198.51.100.7","#
                + #""userIdentity":{"type":"AssumedRole","accountId":"\#(account)","#
                + #""arn":"arn:aws:sts::\#(account):assumed-role/\#(role)/\#(role)"},"#
                + #""requestParameters":{"functionName":"f"}}"#
        }
        let plain = #""1.08""#
        let known = "111122223333"
        return [
            record("1", seconds, version: plain, role: OwnActivity.functionNames[0], account: known),
            record("2", seconds + 60, version: #"{"major":1}"#, role: "app", account: known),
            record("3", seconds - 500 * 86400, version: plain, role: "app", account: known),
            record("4", seconds + 7300, version: plain, role: "app", account: "999999999999"),
        ]
    }

    init() async throws {
        stack = try await Stack.fresh()
        catalog = try UsageCatalog.builtIn()
        folder = try TemporaryFolder()
        let made = folder.path + "/organization"
        let run = try ProgramRun(
            "simulate --days \(Self.days) --accounts 8 --seed 5 --traffic 0.01 --start \(Self.start) -o \(made)"
        )
        try #require(run.code == 0, "\(run.messages)")
        let directory = try AccountDirectory(json: try FileBytes.whole(made + "/accounts.json", wanted: .accounts))
        let first = try #require(EventTime.parse(Self.start))
        from = first + 86400
        to = first + Int64(Self.days) * 86400 + 3 * 3600

        // A few files, each of which arrives at a time of its own.
        let simulated = try LogRecords.folder(made + "/trail").texts
        // Of calls that only read, which are most and watched by few, some are enough.
        let texts =
            simulated.enumerated().filter { $0 % 8 == 0 || $1.contains(#""readOnly":false"#) }.map(\.element)
            + Self.odd(at: first + 2 * 86400)
        let local = try LocalStore(path: folder.path + "/usage.db")
        let size = texts.count / 7 + 1
        for (number, start) in stride(from: 0, to: texts.count, by: size).enumerated() {
            let name = "part-\(number).jsonl"
            try folder.write(texts[start..<min(start + size, texts.count)].joined(separator: "\n"), to: name)
            let path = folder.path + "/" + name
            let receivedAt = first + Int64(Self.days) * 86400 + Int64(number) * 1500
            let ingest = Ingest(local, catalog, directory, receivedAt: receivedAt)
            #expect(try await ingest.run(try InputFiles([path]), Progress()).report.setAsideCount == 0)
            try await Self.store(path, receivedAt, directory, catalog, stack)
        }
        try await Self.keep(local, catalog, directory, until: to, stack)
        try await stack.refresh()
        connection = try Connection(path: local.path, create: false)
        try connection.execute(PanelSQL.tables(catalog, from: from, to: to))
    }

    /// Stores a file's records as the function for records does.
    private static func store(
        _ path: String,
        _ receivedAt: Int64,
        _ directory: AccountDirectory,
        _ catalog: UsageCatalog,
        _ stack: Stack
    ) async throws {
        var batch = IngestBatch(catalog, UsageMatcher(catalog), receivedAt: receivedAt)
        batch.begin(item: 0, source: path, identity: Digest128(of: path))
        var reader = RecordReader()
        let bytes = try FileBytes(path)
        while let piece = try bytes.next() { try reader.feed(piece, into: &batch) }
        try reader.finish(into: &batch)
        let store = BulkStore(session: try stack.session(), endpoint: stack.aws, maxBytes: 5 << 20, gzips: false)
        let outcome = await store.store(
            batch,
            contexts: batch.accounts.map { directory[$0] },
            deadline: .now + .seconds(120)
        )
        #expect(outcome.refusals.isEmpty && outcome.unresolved.isEmpty, "\(outcome.failure ?? "")")
    }

    /// Finds the incidents, and keeps them in both, with one that has become part of another.
    private static func keep(
        _ local: LocalStore,
        _ catalog: UsageCatalog,
        _ directory: AccountDirectory,
        until to: Int64,
        _ stack: Stack
    ) async throws {
        let stages = Stages(catalog: catalog, directory: directory, level: 0.6, workers: 2)
        let records = StoredRecords(local, catalog, time: .min ... .max)
        let found = try await stages.run(records, Progress()).incidents
        try #require(found.count >= 4)
        var kept = found.map { ThreadedIncident($0) }
        // The simulation may end after all of them.
        kept[found.count - 1].incident.state = .open
        var merged = found[0]
        merged.id = "merged"
        var thread = IncidentThread()
        thread.mergedInto = found[0].id
        kept.append(ThreadedIncident(merged, thread))
        let home = OpenSearchStore.Home(
            session: try stack.session(),
            endpoint: stack.aws,
            catalog: catalog,
            lookbackDays: 20,
            evaluationSeconds: 4800,
            now: { to }
        )
        let domain = home.store(until: .now + .seconds(120))
        // The first look makes the index as its template has it.
        #expect(try await domain.incidents(endingSince: 0).isEmpty)
        for one in kept {
            let stored = StoredIncident(one, at: to)
            try #require(try await domain.keep(stored, replacing: nil) != nil)
            try #require(try await local.keep(stored, replacing: nil) != nil)
        }
    }

    /// What the node answers to a panel's search.
    func answer(_ search: AWSAccess.JSONValue, _ pattern: IndexPattern) async throws -> AWSAccess.JSONValue {
        try await stack.json(
            .post,
            "/\(pattern.title)/_search",
            query: "ignore_unavailable=true",
            body: String(decoding: search.bytes, as: UTF8.self)
        )
    }

    /// The rows of a statement: its first `keys` columns are what it is divided by, the next `numbers` are numbers.
    func rows(_ sql: String, keys: Int, numbers: Int) throws -> [PanelRow] {
        let statement = try Statement(sql, on: connection)
        var rows: [PanelRow] = []
        while try statement.step() {
            rows.append(
                PanelRow(
                    keys: (0..<keys).map { statement.text(Int32($0)) },
                    numbers: (keys..<keys + numbers).map {
                        statement.isNull(Int32($0)) ? nil : Double(statement.text(Int32($0)))
                    }
                )
            )
        }
        return rows
    }
}
