import UsageCore

/// Why a simulated organization could not be written.
enum SimulationFailure: Error, Equatable, CustomStringConvertible {
    /// A file stands where a folder is needed.
    case notAFolder(path: String)
    /// Files of another run stand there: two organizations in one trail would be neither.
    case taken(path: String)
    case folder(path: String, reason: String)
    case file(path: String, reason: String)
    case size(days: Int, accounts: Int)

    var description: String {
        switch self {
        case .notAFolder(let path): "\(path): is a file, not a folder; name another with -o"
        case .taken(let path):
            "\(path): holds files that this run did not write; remove it or name another folder with -o"
        case .folder(let path, let reason): "\(path): the folder cannot be made (\(reason)); name another with -o"
        case .file(let path, let reason):
            "\(path): cannot be written (\(reason)); free some space or name another folder with -o"
        case .size(let days, let accounts):
            "simulate: cannot be run (\(Counted.text(days, "days")), \(Counted.text(accounts, "accounts"))); give at least 1 of each, at most 3650 days and 5000 accounts"
        }
    }
}
