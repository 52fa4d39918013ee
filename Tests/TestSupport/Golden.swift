import Glibc

/// Exact outputs that stand in Tests/Golden, one file each.
///
/// `RECORD_GOLDEN=1` writes what is there now and makes the comparison fail once, so that a recording is never taken for a check.
package enum Golden {
    /// How `text` and the file `name` compare.
    package enum Comparison: Equatable, Sendable {
        case same
        /// The first line that differs, counted from 1, and both versions of it.
        case different(line: Int, golden: String, now: String)
        case missing
        case recorded
    }

    /// Compares `text` with the file `name`, or records it.
    package static func compare(_ text: String, with name: String) throws -> Comparison {
        let path = SharedData.packageRoot + "/Tests/Golden/" + name
        if getenv("RECORD_GOLDEN") != nil {
            guard let file = fopen(path, "wb") else { throw Folder.Unreadable(path: path) }
            defer { fclose(file) }
            let bytes = Array(text.utf8)
            guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw Folder.Unreadable(path: path) }
            return .recorded
        }
        guard access(path, R_OK) == 0 else { return .missing }
        let golden = String(decoding: try Folder.bytes(path), as: UTF8.self)
        if golden == text { return .same }
        let old = golden.split(separator: "\n", omittingEmptySubsequences: false)
        let new = text.split(separator: "\n", omittingEmptySubsequences: false)
        let line =
            zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(old.count, new.count)
        return .different(
            line: line + 1,
            golden: line < old.count ? String(old[line]) : "",
            now: line < new.count ? String(new[line]) : ""
        )
    }
}
