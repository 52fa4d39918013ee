import Glibc
import Pipeline
import Testing

@testable import LocalStore

@Suite struct StoreDurabilityTests {
    let folder: StoreFolder

    init() throws {
        folder = try StoreFolder()
    }

    /// Records with bodies of a kilobyte, enough of them to fill pages.
    private func batch(_ numbers: Range<Int>) -> [StoredRecord] {
        let filling = String(repeating: "x", count: 1000)
        return numbers.map { .make($0, time: Int64($0), body: #"{"eventID":"\#($0)","x":"\#(filling)"}"#) }
    }

    @Test func `what lies on disk in the middle of a batch is the store before that batch`() async throws {
        let store = try LocalStore(path: folder.file("usage.db"))
        _ = try await store.insert(batch(0..<100))
        // As after kill -9: the files as they are, the batch half written, no commit.
        let log = try await store.copyInsideBatch(batch(100..<1100), to: folder)
        try #require(log > 500_000)

        let copy = try LocalStore(path: folder.file("copy.db"))
        #expect(try await copy.integrity() == "ok")
        #expect(try await copy.count() == 100)
        #expect(try await copy.identities().count == 100)
        #expect(try await copy.insert(batch(0..<1100)) == (1000, 100))
    }

    @Test func `a full disk keeps nothing of the batch and all that was there before`() async throws {
        let path = folder.file("usage.db")
        let store = try LocalStore(path: path)
        _ = try await store.insert(batch(0..<100))
        try await store.limit(pages: 60)
        let expected = StoreFailure.full(path: path, evidence: "database or disk is full")
        await #expect(throws: expected) {
            try await store.insert(self.batch(100..<1100))
        }
        #expect(try await store.integrity() == "ok")
        #expect(try await store.count() == 100)
        #expect(try await store.identities().count == 100)
        // With room again the same batch goes in.
        try await store.limit(pages: 1_000_000)
        #expect(try await store.insert(batch(100..<1100)) == (1000, 0))
    }

    @Test func `a store that another process holds is said to be locked`() async throws {
        let path = folder.file("usage.db")
        let store = try LocalStore(path: path)
        let other = try Connection(path: path, create: false)
        try other.execute("BEGIN IMMEDIATE")
        try await store.waitForLocks(milliseconds: 1)
        await #expect(throws: StoreFailure.busy(path: path)) {
            try await store.insert([.make(1)])
        }
        try other.execute("ROLLBACK")
        #expect(try await store.insert([.make(1)]) == (1, 0))
    }

    @Test func `a damaged page is reported as damage`() async throws {
        let path = folder.file("usage.db")
        do {
            let store = try LocalStore(path: path)
            _ = try await store.insert(batch(0..<1000))
        }
        var bytes = try StoreFolder.read(path)
        for index in 20_000..<(bytes.count - 20_000) {
            bytes[index] = 0xa5
        }
        let damaged = try LocalStore(path: try folder.write("damaged.db", bytes), create: false)
        let error = await #expect(throws: StoreFailure.self) {
            try await damaged.identities()
        }
        #expect(error == .damaged(path: folder.file("damaged.db"), evidence: "database disk image is malformed"))
    }
}

extension LocalStore {
    /// Copies the database and its log as `copy.db` while a batch is written, gives the batch up and returns the size of the log.
    fileprivate func copyInsideBatch(_ batch: [StoredRecord], to folder: StoreFolder) throws -> Int {
        // A tiny cache makes SQLite write pages of the open transaction to the log.
        try connection.execute("PRAGMA cache_size = 4; BEGIN IMMEDIATE")
        for record in batch {
            _ = try add(record, key: RecordKey.first(time: record.time, identity: record.identity))
        }
        _ = try folder.write("copy.db", try StoreFolder.read(path))
        let log = try StoreFolder.read(path + "-wal")
        _ = try folder.write("copy.db-wal", log)
        try connection.execute("ROLLBACK")
        return log.count
    }

    fileprivate func limit(pages: Int) throws {
        try connection.execute("PRAGMA max_page_count = \(pages)")
    }

    fileprivate func waitForLocks(milliseconds: Int) throws {
        try connection.execute("PRAGMA busy_timeout = \(milliseconds)")
    }
}
