import Glibc
import Pipeline

@testable import LocalStore

/// A folder of its own for one test, gone with it.
final class StoreFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/store-tests-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw FolderFailure(errno: errno)
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in (try? Self.names(in: path)) ?? [] {
            unlink(path + "/" + name)
        }
        rmdir(path)
    }

    /// The path of `name` in the folder.
    func file(_ name: String) -> String {
        path + "/" + name
    }

    /// Writes a file and gives its path.
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let stream = fopen(file(name), "w")
        guard let stream else {
            throw FolderFailure(errno: errno)
        }
        fwrite(bytes, 1, bytes.count, stream)
        fclose(stream)
        return file(name)
    }

    /// The bytes of a file.
    static func read(_ path: String) throws -> [UInt8] {
        guard let stream = fopen(path, "r") else {
            throw FolderFailure(errno: errno)
        }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&piece, 1, piece.count, stream)
            guard count > 0 else {
                return bytes
            }
            bytes.append(contentsOf: piece[..<count])
        }
    }

    private static func names(in path: String) throws -> [String] {
        guard let folder = opendir(path) else {
            throw FolderFailure(errno: errno)
        }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." {
                names.append(name)
            }
        }
        return names
    }
}

struct FolderFailure: Error {
    let errno: Int32
}

extension StoredRecord {
    /// A record with values for all that a test does not care about; `number` makes it distinct.
    static func make(
        _ number: Int = 0,
        identity: String? = nil,
        time: Int64 = 1_700_000_000,
        account: String = "111122223333",
        eventName: String = "RunInstances",
        usage: String? = nil,
        members: String = #""account":{},"self":false"#,
        body: String? = nil
    ) -> StoredRecord {
        StoredRecord(
            identity: identity ?? "\(account)-0000aaaa-0000-4000-8000-\(number)",
            time: time,
            account: account,
            region: "eu-central-1",
            eventSource: "ec2.amazonaws.com",
            eventName: eventName,
            usage: usage,
            members: Array(members.utf8),
            body: Array((body ?? #"{"eventID":"\#(number)"}"#).utf8)
        )
    }
}

extension LocalStore {
    /// The identities of a scan, in its order.
    func identities(
        from: Int64? = nil,
        to: Int64? = nil,
        accounts: [String]? = nil,
        usages: [String]? = nil
    ) throws -> [String] {
        try scan(from: from, to: to, accounts: accounts, usages: usages, into: [String]()) { identities, row in
            identities.append(row.identity)
            return true
        }
    }

    /// What SQLite's own check of the whole file says: `ok`.
    func integrity() throws -> String {
        let statement = try Statement("PRAGMA integrity_check", on: connection)
        return try statement.step() ? statement.text(0) : ""
    }
}
