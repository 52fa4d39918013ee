import CMemory
import Glibc
import UsageCore

// ingest-bench pack COUNT FILE...: writes the event of CloudWatch Logs that hands over so many records of trail files
// ingest-bench ingest EVENT ROUNDS: decodes it, puts records into context and writes bulk bodies, so many times
// ingest-bench inflate EVENT ROUNDS: only base64 and inflate
// ingest-bench measure EVENT ROUNDS: both in turn, with the best times of each in nanoseconds of this thread

/// Writes all of `bytes`; false where that cannot be done.
func put(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { return false }
        rest = rest.dropFirst(count)
    }
    return true
}

/// Says what is wrong and ends the process.
func stop(_ reason: String) -> Never {
    _ = put(Array("ingest-bench: \(reason)\n".utf8), to: 2)
    exit(1)
}

/// All bytes of a file.
func contents(_ path: String) -> [UInt8] {
    guard let file = fopen(path, "rb") else { stop("\(path): cannot be opened (errno \(errno)); name a readable file") }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    let size = max(0, ftell(file))
    rewind(file)
    return [UInt8](unsafeUninitializedCapacity: size) { $1 = fread($0.baseAddress, 1, size, file) }
}

/// The highest resident size of this process, in KiB.
///
/// As the kernel keeps it for the program (proc(5), VmHWM): getrusage would tell that of the process which started it, where that was larger.
func peak() -> Int {
    guard let file = fopen("/proc/self/status", "rb") else {
        stop("/proc/self/status: cannot be opened (errno \(errno))")
    }
    defer { fclose(file) }
    let text = [UInt8](unsafeUninitializedCapacity: 8192) { $1 = fread($0.baseAddress, 1, 8192, file) }
    let line = String(decoding: text, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
}

keep_memory_between_invocations()
let words = CommandLine.arguments.dropFirst()
guard words.count >= 3, let mode = words.first else { stop("wrong usage; pack COUNT FILE..., or MODE EVENT ROUNDS") }
do {
    if mode == "pack" {
        guard let count = Int(words[2]), count > 0 else {
            stop("\(words[2]): no count of records; give a number above 0")
        }
        let event = try EventPacker(words.dropFirst(2).map(contents)).event(count)
        guard put(event, to: 1) else {
            stop("the event cannot be written (errno \(errno)); look at standard output")
        }
    } else {
        guard let rounds = Int(words[3]), rounds > 0 else {
            stop("\(words[3]): no count of rounds; give a number above 0")
        }
        let bench = try IngestBench(contents(words[2]))
        switch mode {
        case "ingest": for _ in 0..<rounds { try bench.ingest() }
        case "inflate": for _ in 0..<rounds { try bench.inflate() }
        case "measure": try bench.measure(rounds: rounds)
        default: stop("\(mode): no such mode; there are pack, ingest, inflate and measure")
        }
        print("records \(bench.records)")
        print("bytes \(bench.bytes)")
        print("peak \(peak())")
    }
} catch {
    stop("\(error)")
}
