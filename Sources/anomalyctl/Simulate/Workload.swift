/// Something that goes on in an account and leaves records.
protocol Workload: Sendable {
    mutating func run(_ tick: Tick, into recorder: inout Recorder)
}
