import Glibc
import Pipeline

/// Writes a simulated organization to a folder, as a trail would fill a bucket.
enum Simulate {
    struct Summary: Sendable, Equatable {
        let records: Int
        let files: Int
        /// Bytes of the trail as stored, compressed.
        let bytes: Int
        /// Bytes of JSON before compression.
        let textBytes: Int
        /// What could not be planted, as `id: reason`.
        let leftOut: [String]
    }

    /// Writes `folder`/trail, `folder`/accounts.json and `folder`/labels.json.
    ///
    /// `traffic` multiplies reads, invocations and model calls; `start` is the first day's midnight UTC in seconds since 1970; `progress`
    /// takes the records so far and an estimate of all. Throws `SimulationFailure`.
    static func write(
        days: Int,
        accounts: Int,
        seed: UInt64,
        traffic: Double = 1,
        start: Int = Simulation.defaultStart,
        to folder: String,
        progress: (_ records: Int, _ estimate: Int) -> Void = { _, _ in }
    ) throws -> Summary {
        guard (1...3650).contains(days), (1...5000).contains(accounts) else {
            throw SimulationFailure.size(days: days, accounts: accounts)
        }
        var simulation = Simulation(days: days, accounts: accounts, seed: seed, traffic: traffic, start: start)
        try checkPlace(folder, simulation.parameters)
        var gzip = Gzip()
        var made: Set<String> = []
        var files = 0
        var bytes = 0
        var textBytes = 0
        let outcome = try simulation.run(
            file: { file in
                let path = folder + "/trail/" + file.key
                let parent = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
                if made.insert(parent).inserted { try makeFolder(parent) }
                let packed = gzip.compress(file.bytes)
                try store(packed, at: path)
                files += 1
                bytes += packed.count
                textBytes += file.bytes.count
            },
            progress: progress
        )
        try makeFolder(folder)
        try store(Array(simulation.organization.json.utf8), at: folder + "/accounts.json")
        try store(Array(outcome.labelsJSON.utf8), at: folder + "/labels.json")
        return Summary(
            records: outcome.records,
            files: files,
            bytes: bytes,
            textBytes: textBytes,
            leftOut: simulation.plantings.leftOut.map { "\($0.id): \($0.reason)" }
        )
    }

    /// Refuses a folder whose trail another run has written; the same run may write it again.
    private static func checkPlace(_ folder: String, _ parameters: String) throws {
        let trail = folder + "/trail"
        guard let listing = opendir(trail) else { return }
        defer { closedir(listing) }
        var count = 0
        while readdir(listing) != nil { count += 1 }
        // An empty folder lists itself and the one above.
        guard count > 2 else { return }
        let labels = (try? FileBytes.whole(folder + "/labels.json", wanted: .records)) ?? []
        guard labels.starts(with: parameters.utf8) else { throw SimulationFailure.taken(path: trail) }
    }

    private static func makeFolder(_ path: String) throws {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += part
            if mkdir(made, 0o755) != 0, !isFolder(made) {
                throw errno == EEXIST ? SimulationFailure.notAFolder(path: made) : .folder(path: made, reason: reason())
            }
            made += "/"
        }
    }

    /// Whether a folder stands at `path`; `errno` is left as it was.
    private static func isFolder(_ path: String) -> Bool {
        let before = errno
        defer { errno = before }
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// What the last call that failed says.
    private static func reason() -> String { String(cString: strerror(errno)) }

    private static func store(_ bytes: [UInt8], at path: String) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard file >= 0 else { throw SimulationFailure.file(path: path, reason: reason()) }
        defer { close(file) }
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(file, $0.baseAddress.map { $0 + offset }, bytes.count - offset)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw SimulationFailure.file(path: path, reason: reason()) }
            offset += count
        }
    }
}
