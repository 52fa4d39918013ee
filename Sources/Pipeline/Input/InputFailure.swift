/// Why input cannot be read.
package enum InputFailure: Error, Equatable, CustomStringConvertible {
    case unreadable(path: String, reason: String)
    case emptyFolder(path: String)
    case noRecords(paths: [String], setAside: String?)

    package var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "\(path): cannot be read (\(reason)); give a file or folder of CloudTrail records"
        case .emptyFolder(let path):
            "\(path): no file in it ends in .json, .json.gz, .jsonl or .ndjson; give a folder of CloudTrail records"
        case .noRecords(let paths, let setAside):
            "\(paths.joined(separator: ", ")): no CloudTrail record found"
                + (setAside.map { " (\($0))" } ?? "") + "; give trail files, log payloads or newline-delimited records"
        }
    }
}
