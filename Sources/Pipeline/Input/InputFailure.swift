import UsageCore

/// Why input cannot be read.
package enum InputFailure: Error, Equatable, CustomStringConvertible {
    case unreadable(path: String, reason: String, wanted: WantedFile)
    case emptyFolder(path: String)
    /// A pipe, of which a second reading would find nothing.
    case readOnceOnly(path: String)
    case noRecords(paths: [String], setAside: String?)
    /// There are records, and none in the time that was asked for.
    case noneInTime(paths: [String], passedBy: Int)

    package var description: String {
        switch self {
        case .unreadable(let path, let reason, let wanted):
            "\(Hostile.path(path)): cannot be read (\(reason)); give \(wanted.rawValue)"
        case .emptyFolder(let path):
            "\(Hostile.path(path)): no file in it ends in .json, .json.gz, .jsonl or .ndjson; give a folder of CloudTrail records"
        case .readOnceOnly(let path):
            "\(Hostile.path(path)): is no file, and a backtest reads its input twice; give a file, or keep the records with --store FILE"
        case .noRecords(let paths, let setAside):
            "\(Self.list(paths)): no CloudTrail record found"
                + (setAside.map { " (\($0))" } ?? "") + "; give trail files, log payloads or newline-delimited records"
        case .noneInTime(let paths, let passedBy):
            "\(Self.list(paths)): no record lies between --from and --to (\(Counted.text(passedBy, "records")) outside); widen the time"
        }
    }

    /// What the system said, without the path and what to do.
    package var reason: String {
        if case .unreadable(_, let reason, _) = self { reason } else { description }
    }

    private static func list(_ paths: [String]) -> String {
        let shown = paths.prefix(3).map { Hostile.path($0) }.joined(separator: ", ")
        return paths.count > 3 ? shown + " and \(paths.count - 3) more" : shown
    }
}
