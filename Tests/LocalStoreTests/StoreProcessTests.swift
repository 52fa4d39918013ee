import Glibc
import Pipeline
import Testing

@testable import LocalStore

/// What only a process of its own can show: being killed, and a limit on the size of files.
///
/// The process is this test program again, told by `STORE_CHILD` to run the suite below.
@Suite struct StoreProcessTests {
    let folder: StoreFolder

    init() throws {
        folder = try StoreFolder()
    }

    @Test func `after kill -9 in the middle of a run the store is whole and has every batch that was reported`()
        async throws
    {
        let path = folder.file("usage.db")
        let child = try StoreChildProcess(mode: "write", path: path)
        var reported = 0
        // Far enough for the log to have been carried over into the file several times.
        while reported < 40_000, let line = child.line() {
            reported = Int(line) ?? reported
        }
        child.kill()
        try #require(reported >= 40_000)

        let store = try LocalStore(path: path, create: false)
        let count = Int(try await store.count())
        #expect(count >= reported)
        #expect(count % StoreChild.batchSize == 0)
        #expect(try await store.identities().count == count)
        #expect(try await store.integrity() == "ok")
        #expect(try await store.insert(StoreChild.batch(0)) == (0, StoreChild.batchSize))
    }

    @Test func `a limit on file sizes is told as a lack of room and loses nothing that was reported`() async throws {
        let path = folder.file("usage.db")
        let child = try StoreChildProcess(mode: "limit", path: path)
        var reported = 0
        var failure = ""
        while let line = child.line() {
            if let number = Int(line) {
                reported = number
            } else {
                failure = line
            }
        }
        child.kill()
        #expect(failure.hasPrefix("\(path): no room to write ("))
        #expect(failure.hasSuffix("File too large); the batch was rolled back, free some space and run again"))
        let store = try LocalStore(path: path, create: false)
        #expect(Int(try await store.count()) == reported)
        #expect(reported > 0)
        #expect(try await store.integrity() == "ok")
    }
}

/// The other process's part.
@Suite(.enabled(if: getenv("STORE_CHILD") != nil, "run by StoreProcessTests in a process of its own"))
struct StoreChild {
    static let batchSize = 2000

    static func batch(_ number: Int) -> [StoredRecord] {
        let filling = String(repeating: "x", count: 1000)
        return (0..<batchSize).map {
            let index = number * batchSize + $0
            return .make(index, time: Int64(index / 10), body: #"{"eventID":"\#(index)","x":"\#(filling)"}"#)
        }
    }

    @Test func `write batches until stopped`() async throws {
        let path = String(cString: try #require(getenv("STORE_CHILD_PATH")))
        if String(cString: try #require(getenv("STORE_CHILD"))) == "limit" {
            // As a shell's `ulimit -f` does; without the signal, writing fails with EFBIG.
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 8 << 20, rlim_max: 8 << 20)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        }
        let store = try LocalStore(path: path)
        for number in 0..<1000 {
            do {
                _ = try await store.insert(Self.batch(number))
            } catch {
                report("\(error)")
                return
            }
            report("\((number + 1) * Self.batchSize)")
        }
    }

    private func report(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        write(StoreChildProcess.reportDescriptor, bytes, bytes.count)
    }
}

/// This test program, started a second time.
private struct StoreChildProcess {
    /// Where the child writes its lines, apart from what the test program itself prints.
    static let reportDescriptor: Int32 = 9
    private let process: pid_t
    private let reports: UnsafeMutablePointer<FILE>

    init(mode: String, path: String) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else {
            throw FolderFailure(errno: errno)
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], Self.reportDescriptor)
        posix_spawn_file_actions_addclose(&actions, ends[0])
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)

        let arguments = ["tests", "--testing-library", "swift-testing", "--filter", "StoreChild/"]
        var environment = ["STORE_CHILD=\(mode)", "STORE_CHILD_PATH=\(path)"]
        for name in ["PATH", "HOME", "LD_LIBRARY_PATH"] {
            if let value = getenv(name) {
                environment.append("\(name)=\(String(cString: value))")
            }
        }
        var argv = arguments.map { strdup($0) } + [nil]
        var envp = environment.map { strdup($0) } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var started: pid_t = 0
        let code = posix_spawn(&started, "/proc/self/exe", &actions, nil, &argv, &envp)
        close(ends[1])
        guard code == 0, let stream = fdopen(ends[0], "r") else {
            close(ends[0])
            throw FolderFailure(errno: code)
        }
        process = started
        reports = stream
    }

    /// The next line that the child reports, nil when it has ended.
    func line() -> String? {
        var buffer = [CChar](repeating: 0, count: 1024)
        guard fgets(&buffer, Int32(buffer.count), reports) != nil else {
            return nil
        }
        return String(decoding: buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Ends the child as `kill -9` does and waits for its end.
    func kill() {
        _ = Glibc.kill(process, SIGKILL)
        var status: Int32 = 0
        waitpid(process, &status, 0)
        fclose(reports)
    }
}
