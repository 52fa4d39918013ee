import Pipeline
import UsageCore

/// The file that `--accounts` names.
enum AccountFile {
    /// The directory it holds; an empty one where no file is named.
    static func read(_ path: String?) throws -> AccountDirectory {
        guard let path else { return AccountDirectory() }
        let bytes = try FileBytes.whole(path, wanted: .accounts)
        do throws(AccountDirectoryFailure) {
            return try AccountDirectory(json: bytes)
        } catch {
            throw CommandFailure.at(path, "\(error)")
        }
    }
}
