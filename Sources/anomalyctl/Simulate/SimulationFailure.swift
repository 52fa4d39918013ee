/// Why a simulated organization could not be written.
enum SimulationFailure: Error, Equatable, CustomStringConvertible {
    case folder(path: String, errno: Int32)
    case file(path: String, errno: Int32)
    case size(days: Int, accounts: Int)

    var description: String {
        switch self {
        case .folder(let path, let errno): "\(path): the folder cannot be made (errno \(errno)); choose another with -o"
        case .file(let path, let errno):
            "\(path): cannot be written (errno \(errno)); check the space and rights of the disk"
        case .size(let days, let accounts):
            "simulate: cannot be run (\(days) days, \(accounts) accounts); give at least 1 of each, at most 3650 days and 5000 accounts"
        }
    }
}
