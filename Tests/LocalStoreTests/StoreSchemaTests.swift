import Glibc
import Pipeline
import Testing

@testable import LocalStore

@Suite struct StoreSchemaTests {
    let folder: StoreFolder

    init() throws {
        folder = try StoreFolder()
    }

    private func failure(_ path: String, create: Bool = true) -> StoreFailure? {
        do {
            _ = try LocalStore(path: path, create: create)
            return nil
        } catch {
            return error as? StoreFailure
        }
    }

    @Test func `a store that was closed is read again`() async throws {
        let path = folder.file("usage.db")
        do {
            let store = try LocalStore(path: path)
            _ = try await store.insert([.make(1), .make(2)])
        }
        let store = try LocalStore(path: path, create: false)
        #expect(try await store.count() == 2)
        #expect(try await store.insert([.make(2), .make(3)]) == (1, 1))
    }

    @Test func `two connections may be open, one reading while the other writes`() async throws {
        let writer = try LocalStore(path: folder.file("usage.db"))
        _ = try await writer.insert([.make(1)])
        let reader = try LocalStore(path: folder.file("usage.db"), create: false)
        _ = try await writer.insert([.make(2)])
        #expect(try await reader.count() == 2)
    }

    @Test(arguments: [5, 600, 100_000])
    func `a file that is not SQLite is refused and left as it was`(size: Int) throws {
        let bytes = [UInt8](repeating: UInt8(ascii: "x"), count: size)
        let path = try folder.write("notes.txt", bytes)
        #expect(
            failure(path)?.description
                == "\(path): not a usage store (file is not a database); give a new path or a file that backtest --store wrote"
        )
        #expect(try StoreFolder.read(path) == bytes)
    }

    @Test func `a database of another program is refused and left as it was`() throws {
        let path = folder.file("other.db")
        do {
            let other = try Connection(path: path, create: true)
            try other.execute("CREATE TABLE notes (text TEXT)")
        }
        let before = try StoreFolder.read(path)
        #expect(failure(path) == .notAStore(path: path, evidence: "an SQLite database of another program"))
        #expect(try StoreFolder.read(path) == before)
    }

    @Test func `a store of a later version is refused`() throws {
        let path = folder.file("usage.db")
        do {
            let connection = try Connection(path: path, create: true)
            try StoreSchema.prepare(connection)
            try connection.execute("PRAGMA user_version = 3")
        }
        #expect(failure(path) == .newerSchema(path: path, version: 3))
    }

    /// The tables as version 1 of the schema had them, with a record and an incident.
    private static let version1 = """
        CREATE TABLE records (key INTEGER PRIMARY KEY, identity TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL,
            source TEXT NOT NULL, name TEXT NOT NULL, usage TEXT, members TEXT NOT NULL, body BLOB NOT NULL);
        CREATE INDEX records_by_usage ON records (usage) WHERE usage IS NOT NULL;
        CREATE TABLE set_aside (identity TEXT PRIMARY KEY, reason TEXT NOT NULL, detail TEXT NOT NULL, source TEXT NOT NULL,
            bytes BLOB NOT NULL);
        CREATE TABLE incidents (incidentId TEXT PRIMARY KEY, state TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
            severity TEXT NOT NULL, document TEXT NOT NULL, updatedAt INTEGER NOT NULL);
        CREATE INDEX incidents_by_start ON incidents (start);
        CREATE TABLE totals (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO totals VALUES ('records', 1);
        INSERT INTO records VALUES (1, 'i', '111122223333', 'eu-west-1', 's', 'n', NULL, '', x'7B7D');
        INSERT INTO incidents VALUES ('a', 'open', 10, 20, 'HIGH', '{}', 30);
        PRAGMA application_id = \(StoreSchema.applicationID);
        PRAGMA user_version = 1;
        """

    @Test func `a store of version 1 keeps all it has, and its incidents get versions`() async throws {
        let path = folder.file("usage.db")
        do {
            let old = try Connection(path: path, create: true)
            try old.execute(Self.version1)
        }
        let store = try LocalStore(path: path, create: false)
        #expect(try await store.count() == 1)
        let standing = try await store.incidents(endingSince: .min)
        var next = try #require(standing.first).incident
        #expect(next == (try await store.incidents()).first && standing.count == 1)
        next.state = "resolved"
        let kept = try #require(try await store.keep(next, replacing: standing.first))
        #expect(try await store.keep(next, replacing: standing.first) == nil)
        // Opened again, nothing is changed a second time.
        let again = try LocalStore(path: path, create: false)
        #expect(try await again.incidents(endingSince: .min) == [kept])
        #expect(try await again.count() == 1)
    }

    @Test func `a version is never given twice, even to an incident that was gone in between`() async throws {
        let store = try LocalStore(path: folder.file("usage.db"))
        let incident = StoredIncident(
            incidentID: "a",
            state: "open",
            start: 10,
            end: 20,
            severity: "LOW",
            document: "{}",
            updatedAt: 1
        )
        let first = try #require(try await store.keep(incident, replacing: nil))
        try await store.replaceIncidents(beginningIn: 0...100, with: [incident])
        #expect(try await store.keep(incident, replacing: first) == nil)
    }

    @Test func `what cannot be opened says why`() throws {
        let path = folder.file("no/such/folder.db")
        #expect(failure(path) == .cannotOpen(path: path, evidence: "No such file or directory"))
        #expect(failure(folder.path) == .cannotOpen(path: folder.path, evidence: "Is a directory"))
    }

    @Test func `a store that is to be read is not created`() throws {
        let path = folder.file("typo.db")
        #expect(failure(path, create: false) == .notFound(path: path))
        #expect(access(path, F_OK) != 0)
    }

    @Test(arguments: [
        (StoreFailure.notFound(path: "a.db"), "a.db: no such file; give a file that backtest --store wrote"),
        (
            .full(path: "a.db", evidence: "database or disk is full"),
            "a.db: no room to write (database or disk is full); the batch was rolled back, free some space and run again"
        ),
        (
            .newerSchema(path: "a.db", version: 2),
            "a.db: written by a later version (schema 2); update anomalyctl or give a new path"
        ),
    ])
    func `a failure is one sentence with its evidence`(failure: StoreFailure, sentence: String) {
        #expect(failure.description == sentence)
    }
}
