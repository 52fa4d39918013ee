import Glibc

Console.holdClosedStreams()
// A file size limit or a closed pipe is an error to report, not a signal to die from.
signal(SIGXFSZ, SIG_IGN)
signal(SIGPIPE, SIG_IGN)
exit(await CommandTable.run(Array(CommandLine.arguments.dropFirst())).rawValue)
