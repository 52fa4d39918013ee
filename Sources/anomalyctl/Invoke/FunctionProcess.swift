import Glibc

/// A function's process.
struct FunctionProcess {
    /// How it ended, in the words that Lambda uses.
    struct Ending: Equatable, Sendable {
        /// The exit status, or the negative number of the signal.
        let code: Int32

        var text: String {
            switch code {
            case 0: "Runtime exited without providing a reason"
            case 1...: "Runtime exited with error: exit status \(code)"
            default: "Runtime exited with error: signal: \(Self.names[-code] ?? "\(-code)")"
            }
        }

        /// As Lambda's own log writes them.
        private static let names: [Int32: String] = [
            SIGABRT: "aborted", SIGBUS: "bus error", SIGFPE: "floating point exception", SIGILL: "illegal instruction",
            SIGINT: "interrupt", SIGKILL: "killed", SIGPIPE: "broken pipe", SIGSEGV: "segmentation fault",
            SIGTERM: "terminated", SIGTRAP: "trace/breakpoint trap",
        ]
    }

    private let id: pid_t

    /// Starts the program `path` with nothing but `environment`; what it writes to standard output goes to standard error, as both
    /// are a function's log.
    init(path: String, environment: [String: String]) throws(CommandFailure) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, 2, 1)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // This program ignores signals that a function may rely on.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGPIPE)
        sigaddset(&signals, SIGXFSZ)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var arguments = [strdup(path), nil]
        var variables = environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, path, &actions, &attributes, &arguments, &variables)
        guard code == 0 else {
            throw .at(
                path,
                "cannot be started (\(String(cString: strerror(code)))); build it for this machine: make build"
            )
        }
        id = process
    }

    /// How it ended, nil while it runs; once it has ended, ask no more.
    func ending() -> Ending? {
        var status: Int32 = 0
        guard waitpid(id, &status, WNOHANG) == id else { return nil }
        return Self.ending(status)
    }

    /// Ends it as Lambda does, without a warning, and waits until it is gone.
    @discardableResult
    func kill() -> Ending {
        Glibc.kill(id, SIGKILL)
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        return Self.ending(status)
    }

    /// The most memory it has held so far, in KiB; nil where the kernel does not say.
    ///
    /// Not from `wait4`, whose figure includes what this program held when it made the process.
    func peakKiB() -> Int? {
        guard let file = fopen("/proc/\(id)/status", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if text.hasPrefix("VmHWM:") { return Int(text.filter { $0.isASCII && $0.isNumber }) }
        }
        return nil
    }

    private static func ending(_ status: Int32) -> Ending {
        let signal = status & 0x7F
        return Ending(code: signal == 0 ? (status >> 8) & 0xFF : -signal)
    }
}
