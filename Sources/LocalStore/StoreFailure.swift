/// What can go wrong with a usage store, with the evidence that a person needs to mend it.
package enum StoreFailure: Error, Equatable, CustomStringConvertible {
    /// The file exists and is something else.
    case notAStore(path: String, evidence: String)
    /// A store was to be read and there is no file.
    case notFound(path: String)
    /// The file cannot be opened or created.
    case cannotOpen(path: String, evidence: String)
    /// A later version of this program wrote the file.
    case newerSchema(path: String, version: Int64)
    /// The disk, or the limit set for files, is exhausted.
    case full(path: String, evidence: String)
    /// Another process has been writing for longer than the store waits.
    case busy(path: String)
    /// The file contradicts itself.
    case damaged(path: String, evidence: String)
    /// Anything else that SQLite refused.
    case refused(path: String, action: String, evidence: String)

    /// One line: what happened to which file, and what can be done.
    package var description: String {
        switch self {
        case .notAStore(let path, let evidence):
            "\(path): not a usage store (\(evidence)); give a new path or a file that backtest --store wrote"
        case .notFound(let path):
            "\(path): no such file; give a file that backtest --store wrote"
        case .cannotOpen(let path, let evidence):
            "\(path): cannot be opened (\(evidence)); give a path in a folder that exists and may be written"
        case .newerSchema(let path, let version):
            "\(path): written by a later version (schema \(version)); update anomalyctl or give a new path"
        case .full(let path, let evidence):
            "\(path): no room to write (\(evidence)); the batch was rolled back, free some space and run again"
        case .busy(let path):
            "\(path): locked by another process; the batch was rolled back, wait for the other run and run again"
        case .damaged(let path, let evidence):
            "\(path): damaged (\(evidence)); delete the file and run backtest --store again"
        case .refused(let path, let action, let evidence):
            "\(path): \(action) failed (\(evidence)); the change was rolled back"
        }
    }
}
