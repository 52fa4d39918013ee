import UsageCore

/// What a package says of itself.
struct PackageManifest: Equatable {
    /// A library whose faults are found and mended often.
    struct Library: Equatable {
        let name: String
        /// As the distribution names it.
        let version: String
        /// The day of that version, seconds since 1970; nil where the manifest does not say.
        let day: Int64?
    }

    let version: String
    let commit: String
    let libraries: [Library]

    /// Reads `json`; nil where it is no manifest.
    init?(_ json: [UInt8]) {
        guard let tree = try? JSONValue.parse(json), let version = tree["version"]?.string else { return nil }
        self.version = version
        commit = tree["commit"]?.string ?? ""
        libraries = [("OpenSSL", "openssl"), ("glibc", "glibc")].map { name, key in
            Library(
                name: name,
                version: tree[key]?.string ?? "",
                day: tree[key + "Date"]?.string.flatMap { EventTime.parse($0) }
            )
        }
    }
}
