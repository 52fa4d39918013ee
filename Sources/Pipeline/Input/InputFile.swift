import Glibc

/// A file to read records from.
package struct InputFile: Equatable, Sendable {
    package let path: String
    package let size: Int

    /// The files that `paths` name: files themselves, and in folders those that end in .json, .json.gz, .jsonl or .ndjson.
    ///
    /// In the order of the time that trail files bear in their names, since files in the order of their records need the least memory.
    /// Throws where a path does not exist or a folder holds no such file.
    package static func find(_ paths: [String]) throws(InputFailure) -> [InputFile] {
        var files: [InputFile] = []
        for path in paths {
            var status = stat()
            guard stat(path, &status) == 0 else {
                throw .unreadable(path: path, reason: String(cString: strerror(errno)))
            }
            if status.st_mode & S_IFMT == S_IFDIR {
                let found = try folder(path)
                guard !found.isEmpty else { throw .emptyFolder(path: path) }
                files += found
            } else {
                guard access(path, R_OK) == 0 else {
                    throw .unreadable(path: path, reason: String(cString: strerror(errno)))
                }
                files.append(InputFile(path: path, size: Int(status.st_size)))
            }
        }
        return files.map { (time(in: $0.path), $0) }.sorted { ($0.0, $0.1.path) < ($1.0, $1.1.path) }.map(\.1)
    }

    private static let endings = [".json", ".json.gz", ".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz"]

    private static func folder(_ path: String) throws(InputFailure) -> [InputFile] {
        guard let listing = opendir(path) else {
            throw .unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        defer { closedir(listing) }
        var files: [InputFile] = []
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix(".") { continue }
            let inner = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
            var status = stat()
            // A link to nowhere is no file; the folder's other files are read.
            guard stat(inner, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                // Links to folders are not followed: they may lead in a circle.
                var link = stat()
                guard lstat(inner, &link) == 0, link.st_mode & S_IFMT == S_IFDIR else { continue }
                files += try folder(inner)
            } else if endings.contains(where: name.hasSuffix) {
                files.append(InputFile(path: inner, size: Int(status.st_size)))
            }
        }
        return files
    }

    /// `20230710T1240Z` of `..._CloudTrail_us-east-1_20230710T1240Z_C1qU.json.gz`; empty where there is none.
    private static func time(in path: String) -> String {
        let name = path.utf8.reversed().prefix { $0 != UInt8(ascii: "/") }.reversed()
        return name.split(separator: UInt8(ascii: "_")).first { part in
            part.count == 14 && part.last == UInt8(ascii: "Z") && part.dropFirst(8).first == UInt8(ascii: "T")
        }.map { String(decoding: Array($0), as: UTF8.self) } ?? ""
    }
}

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
