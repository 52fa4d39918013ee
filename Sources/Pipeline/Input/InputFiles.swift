import Glibc
import UsageCore

/// The files to read, some 100 bytes each: a bucket holds hundreds of thousands of them, and their paths share their folders.
///
/// In the order of the time that trail files bear in their names, since files in the order of their records need the least memory.
package struct InputFiles: RandomAccessCollection, Sendable {
    private struct Entry {
        /// Year to minute as one number, 202307101240; 0 where the name bears none.
        let time: Int64
        let size: Int
        let folder: Int32
        let nameCount: Int32
        let nameStart: Int
    }

    private var folders: [String] = []
    private var names: [UInt8] = []
    private var entries: [Entry] = []

    /// What stands in a folder and cannot be read.
    package private(set) var unreadable: [InputReport.Problem] = []
    /// Links to folders that stand in a folder: they may lead in a circle, so they are not followed.
    package private(set) var unfollowed: [String] = []
    /// The first path that is no file but a pipe or the like, which can be read once only.
    package private(set) var readOnceOnly: String?

    private static let endings = [".json", ".json.gz", ".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz"]

    /// The files that `paths` name: files themselves, and in folders those that end in .json, .json.gz, .jsonl or .ndjson.
    ///
    /// Throws where a path cannot be read or a folder holds no such file; what cannot be read within a folder is kept in `unreadable`.
    package init(_ paths: [String]) throws(InputFailure) {
        for path in paths {
            var status = stat()
            guard stat(path, &status) == 0 else { throw Self.unreadable(path) }
            if status.st_mode & S_IFMT == S_IFDIR {
                let before = (files: entries.count, unreadable: unreadable.count)
                guard addFolders(path) else { throw Self.unreadable(path) }
                guard entries.count > before.files || unreadable.count > before.unreadable else {
                    throw .emptyFolder(path: path)
                }
            } else {
                guard access(path, R_OK) == 0 else { throw Self.unreadable(path) }
                if status.st_mode & S_IFMT != S_IFREG, readOnceOnly == nil { readOnceOnly = path }
                let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
                let name = slash.map { path.utf8.index(after: $0) } ?? path.startIndex
                folders.append(String(path[..<name]))
                add(String(path[name...]), size: Int(status.st_size))
            }
        }
        sort()
    }

    package var startIndex: Int { 0 }
    package var endIndex: Int { entries.count }

    package subscript(place: Int) -> InputFile {
        let entry = entries[place]
        let name = String(decoding: names[entry.nameStart..<entry.nameStart + Int(entry.nameCount)], as: UTF8.self)
        return InputFile(path: folders[Int(entry.folder)] + name, size: entry.size)
    }

    /// The bytes of all files together.
    package var totalSize: Int { entries.reduce(0) { $0 + $1.size } }

    /// Adds the files of the folder `path` and of those in it; false where it cannot be opened.
    private mutating func addFolders(_ path: String) -> Bool {
        var waiting = [path]
        var isFirst = true
        while let folder = waiting.popLast() {
            guard let inner = addFolder(folder.hasSuffix("/") ? folder : folder + "/") else {
                if isFirst { return false }
                note(folder)
                continue
            }
            isFirst = false
            waiting += inner.reversed()
        }
        return true
    }

    /// Adds the files of one folder, `prefix` with its last slash, and gives the folders in it; nil where it cannot be opened.
    private mutating func addFolder(_ prefix: String) -> [String]? {
        guard let listing = opendir(prefix) else { return nil }
        defer { closedir(listing) }
        var inner: [String] = []
        folders.append(prefix)
        while let entry = readdir(listing) {
            let bytes = withUnsafeBytes(of: entry.pointee.d_name) { name in Array(name.prefix { $0 != 0 }) }
            if bytes.first == UInt8(ascii: ".") { continue }
            let name = String(decoding: bytes, as: UTF8.self)
            let isWanted = Self.endings.contains(where: name.hasSuffix)
            guard Array(name.utf8) == bytes else {
                note(prefix + name, "its name is not UTF-8")
                continue
            }
            var link = stat()
            var status = stat()
            guard lstat(prefix + name, &link) == 0 else {
                note(prefix + name)
                continue
            }
            // A link to nowhere is no file.
            guard stat(prefix + name, &status) == 0 else { continue }
            switch (status.st_mode & S_IFMT, link.st_mode & S_IFMT) {
            case (S_IFDIR, S_IFDIR): inner.append(prefix + name)
            case (S_IFDIR, _): unfollowed.append(prefix + name)
            case (S_IFREG, _): if isWanted { add(name, size: Int(status.st_size)) }
            default: if isWanted { note(prefix + name, "is no file") }
            }
        }
        return inner
    }

    /// Notes that what stands at `path` cannot be read, for the last call's reason where none is given.
    private mutating func note(_ path: String, _ reason: String? = nil) {
        let reason = reason ?? String(cString: strerror(errno))
        unreadable.append(.init(path: path, failure: .unreadable(reason: reason), byteCount: 0))
    }

    /// Adds a file of the folder that was added last.
    private mutating func add(_ name: String, size: Int) {
        entries.append(
            Entry(
                time: Self.time(in: name),
                size: size,
                folder: Int32(folders.count - 1),
                nameCount: Int32(name.utf8.count),
                nameStart: names.count
            )
        )
        names.append(contentsOf: name.utf8)
    }

    private mutating func sort() {
        entries.sort { [folders, names] one, other in
            if one.time != other.time { return one.time < other.time }
            if one.folder != other.folder, folders[Int(one.folder)] != folders[Int(other.folder)] {
                return folders[Int(one.folder)] < folders[Int(other.folder)]
            }
            return names[one.nameStart..<one.nameStart + Int(one.nameCount)].lexicographicallyPrecedes(
                names[other.nameStart..<other.nameStart + Int(other.nameCount)]
            )
        }
    }

    /// 202307101240 of `..._CloudTrail_us-east-1_20230710T1240Z_C1qU.json.gz`; 0 where there is none.
    private static func time(in name: String) -> Int64 {
        for part in name.utf8.split(separator: UInt8(ascii: "_")) {
            guard part.count == 14, part.last == UInt8(ascii: "Z"), part.dropFirst(8).first == UInt8(ascii: "T") else {
                continue
            }
            return part.reduce(0) { (0x30...0x39).contains($1) ? $0 * 10 + Int64($1 - 0x30) : $0 }
        }
        return 0
    }

    private static func unreadable(_ path: String) -> InputFailure {
        .unreadable(path: path, reason: String(cString: strerror(errno)), wanted: .records)
    }
}
