import Glibc

/// Test material that stands beside the repository for its developers and may be absent.
///
/// A suite that needs it says so with `.enabled(if: SharedData.has("nab"), "needs ../shared/data/nab")`, so that a run without it
/// names what was skipped.
package enum SharedData {
    /// The folder of the package, found from this file's own path.
    package static let packageRoot: String = {
        var parts = #filePath.split(separator: "/")
        parts.removeLast(3)
        return "/" + parts.joined(separator: "/")
    }()

    /// The path of `name` below the material's folder, whether it exists or not.
    package static func path(_ name: String) -> String {
        packageRoot + "/../shared/data/" + name
    }

    /// Whether the file or folder `name` can be read.
    package static func has(_ name: String) -> Bool {
        access(path(name), R_OK) == 0
    }
}
