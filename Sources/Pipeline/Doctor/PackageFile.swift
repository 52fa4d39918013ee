import UsageCore

/// A function's package, as far as its manifest is concerned.
///
/// APPNOTE.TXT, ".ZIP File Format Specification", sections 4.3.7, 4.3.12 and 4.3.16; without ZIP64, which no package of ours needs.
struct PackageFile {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Bytes that an entry may inflate to.
    private static let largestEntry = 4 << 20

    /// The content of an entry; nil where there is none, or the archive cannot be read.
    func entry(_ name: String) -> [UInt8]? {
        guard let end = endOfDirectory, let count = number(end + 10, 2), var place = number(end + 16, 4) else {
            return nil
        }
        for _ in 0..<count {
            guard number(place, 4) == 0x0201_4B50, let method = number(place + 10, 2), let crc = number(place + 16, 4),
                let packed = number(place + 20, 4), let size = number(place + 24, 4),
                let nameLength = number(place + 28, 2), let extraLength = number(place + 30, 2),
                let commentLength = number(place + 32, 2), let start = number(place + 42, 4),
                let found = slice(place + 46, nameLength)
            else { return nil }
            if found.elementsEqual(name.utf8) { return content(start, method, crc, packed, size) }
            place += 46 + nameLength + extraLength + commentLength
        }
        return nil
    }

    private func content(_ start: Int, _ method: Int, _ crc: Int, _ packed: Int, _ size: Int) -> [UInt8]? {
        guard number(start, 4) == 0x0403_4B50, let nameLength = number(start + 26, 2),
            let extraLength = number(start + 28, 2),
            let data = slice(start + 30 + nameLength + extraLength, packed), size <= Self.largestEntry
        else { return nil }
        if method == 0 { return Array(data) }
        guard method == 8 else { return nil }
        // The same data as gzip has, which takes its sum and its length behind it (RFC 1952).
        var gzip: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
        gzip += data
        for value in [crc, size] { for shift in [0, 8, 16, 24] { gzip.append(UInt8(value >> shift & 0xFF)) } }
        return gzip.withUnsafeBufferPointer { try? Inflater.whole(of: $0, cap: Self.largestEntry) }
    }

    /// The record stands at the end, before a comment of up to 65,535 bytes.
    private var endOfDirectory: Int? {
        var place = bytes.count - 22
        let first = max(0, place - 0xFFFF)
        while place >= first {
            if number(place, 4) == 0x0605_4B50 { return place }
            place -= 1
        }
        return nil
    }

    /// A number, its lowest byte first.
    private func number(_ place: Int, _ length: Int) -> Int? {
        guard let slice = slice(place, length) else { return nil }
        return slice.reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private func slice(_ place: Int, _ length: Int) -> ArraySlice<UInt8>? {
        guard place >= 0, length >= 0, place <= bytes.count, length <= bytes.count - place else { return nil }
        return bytes[place..<(place + length)]
    }
}
