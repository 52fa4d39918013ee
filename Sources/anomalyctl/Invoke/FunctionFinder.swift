import Glibc
import UsageCore

/// Finds the program of a function.
enum FunctionFinder {
    /// The functions that `make build` puts beside this program.
    static let names = ["MultiAccountLogs", "CrossAccountAnomalyProcessor", "QBusinessConnector"]

    /// The path of `function`: itself where it is a path, else the program of that name beside this one; the names that templates
    /// use, with `Function` behind, count too.
    static func path(of function: String) throws(UsageFailure) -> String {
        if function.contains("/") {
            guard isProgram(function) else {
                throw .badValue(option: "FUNCTION", value: function, allowed: "the path of a program")
            }
            return function
        }
        let folder = folder()
        let short = function.hasSuffix("Function") ? String(function.dropLast(8)) : function
        for name in [function, short] where !name.isEmpty && name != "anomalyctl" {
            if isProgram("\(folder)/\(name)") { return "\(folder)/\(name)" }
        }
        let isKnown = names.contains(short)
        throw .badValue(
            option: "FUNCTION",
            value: function,
            allowed: isKnown
                ? "what stands in \(folder), where it is not; make build puts it there"
                : "\(names.joined(separator: ", ")), or the path of a program"
                    + (Nearest.of(short, among: names).map { "; did you mean \($0)?" } ?? "")
        )
    }

    private static func isProgram(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }

    /// The folder that this program stands in.
    private static func folder() -> String {
        var path = [CChar](repeating: 0, count: 4096)
        let count = max(0, readlink("/proc/self/exe", &path, path.count))
        let own = String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return own.lastIndex(of: "/").map { String(own[..<$0]) } ?? "."
    }
}
