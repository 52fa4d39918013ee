/// How a command ended, as the shell sees it.
enum ExitCode: Int32 {
    case done = 0
    case failed = 1
    case usage = 2
    /// Done, but some input could not be read and was set aside.
    case doneWithSetAsides = 3
}
