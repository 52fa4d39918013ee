import Glibc

/// Reading files in tests.
package enum Folder {
    /// A folder or file that a test needs and cannot read.
    package struct Unreadable: Error {
        let path: String
    }

    /// The names in the folder `path`, sorted.
    package static func names(_ path: String) throws -> [String] {
        guard let listing = opendir(path) else { throw Unreadable(path: path) }
        defer { closedir(listing) }
        var names: [String] = []
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// All bytes of the file `path`.
    package static func bytes(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "rb") else { throw Unreadable(path: path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}
