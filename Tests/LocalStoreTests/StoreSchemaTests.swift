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
            try connection.execute("PRAGMA user_version = 2")
        }
        #expect(failure(path) == .newerSchema(path: path, version: 2))
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
