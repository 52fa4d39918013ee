import Glibc

/// One run of a program, and what the kernel says that it took.
package struct MeasuredRun: Sendable {
    /// The exit code; nil where a signal ended it.
    package let code: Int32?
    /// From start to end, in seconds.
    package let seconds: Double
    /// Of all its threads, user and system, in seconds.
    package let processorSeconds: Double
    /// The highest resident size, in MiB.
    package let peakMiB: Double

    /// Runs `words`, the first of which is the program's path, without standard output and with standard error to the file `messages`.
    package init(_ words: [String], messages: String = "/dev/null") throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, messages, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        var arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        let clock = ContinuousClock()
        let start = clock.now
        guard posix_spawn(&process, words[0], &actions, nil, &arguments, environ) == 0 else {
            throw Folder.Unreadable(path: words[0])
        }
        var status: Int32 = 0
        var usage = rusage()
        while wait4(process, &status, 0, &usage) < 0, errno == EINTR {}
        seconds = (clock.now - start) / .seconds(1)
        code = status & 0x7F == 0 ? (status >> 8) & 0xFF : nil
        processorSeconds =
            Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
        peakMiB = Double(usage.ru_maxrss) / 1024
    }
}
