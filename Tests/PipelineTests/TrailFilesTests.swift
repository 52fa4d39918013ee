import Glibc
import Pipeline
import TestSupport
import Testing
import UsageCore

@Suite struct TrailFilesTests {
    private static let start: Int64 = 1_767_571_200

    /// A folder of its own for `body`, gone afterwards.
    private func inFolder<Result>(
        _ files: [String: String],
        _ body: (String) async throws -> Result
    ) async throws -> Result {
        var template = Array("/tmp/trail-files-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw InputFailure.emptyFolder(path: "/tmp") }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { _ = system("rm -rf '\(folder)'") }
        for (name, text) in files {
            if let slash = name.lastIndex(of: "/") { mkdir("\(folder)/\(name[..<slash])", 0o755) }
            guard let file = fopen("\(folder)/\(name)", "wb") else { throw InputFailure.emptyFolder(path: folder) }
            let bytes = Array(text.utf8)
            #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
            fclose(file)
        }
        return try await body(folder)
    }

    private func record(_ id: Int) -> String {
        RecordText().launch(1, "t3.micro", at: Self.start + Int64(id) * 60, id: id)
    }

    private func read(_ folder: String, workers: Int) async throws -> (UsageCounts, InputReport) {
        let files = TrailFiles(
            try InputFiles([folder]),
            try UsageCatalog.builtIn(),
            time: .min ... .max,
            workers: workers
        )
        return (try await files.counts(Progress()), files.report)
    }

    @Test(arguments: [1, 2, 5])
    func `every file's fate is told, and no record is lost or counted twice`(workers: Int) async throws {
        let cut = #"{"Records":[\#(record(7)),\#(record(8))"#
        let files = [
            "a.json": #"{"Records":[\#(record(1)),\#(record(2))]}"#, "b.jsonl": record(3) + "\n" + record(4) + "\n",
            "inner/c.ndjson": record(5) + "\nbroken\n" + record(6), "d.json": cut, "e.json": #"{"Records":[]}"#,
            "f.json": #"{"organizationId":"o-1","accounts":[]}"#, "g.txt": record(9), ".h.json": record(10),
            "i.json.gz": "\u{1F}", "j.json": "", "k.json": record(1),
        ]
        try await inFolder(files) { folder in
            let (counts, report) = try await read(folder, workers: workers)
            #expect(report.files == 9)
            #expect(report.records == 9)
            #expect(counts.recordCount == 9)
            #expect(counts.watchedCount == 8)
            #expect(counts.repeatedCount == 1)
            #expect(report.setAside == ["not-json": 2, "cut-short": 1])
            #expect(report.setAsideCount == 3)
            #expect(report.withoutRecords.sorted() == ["/e.json", "/f.json", "/j.json"].map { folder + $0 })
            for problem in report.problems {
                #expect(problem.description.hasPrefix(folder))
                #expect(!problem.description.contains("\n"))
            }
        }
    }

    @Test func `every reason is counted, beyond the samples too`() async throws {
        let files = [
            "a.jsonl": String(repeating: "{broken\n", count: 60) + record(1),
            "b.json": #"{"Records":[\#((1...70).map { "\($0)" }.joined(separator: ",")),\#(record(2))]}"#,
        ]
        try await inFolder(files) { folder in
            let (counts, report) = try await read(folder, workers: 2)
            #expect(counts.recordCount == 2)
            #expect(report.setAside == ["not-json": 60, "not-a-record": 70])
            #expect(report.problems.count == InputReport.shown)
        }
    }

    @Test func `records outside the time are passed by, and their file is not one without records`() async throws {
        try await inFolder(["a.json": record(1), "b.json": record(60)]) { folder in
            let files = TrailFiles(
                try InputFiles([folder]),
                try UsageCatalog.builtIn(),
                time: Self.start...Self.start + 600,
                workers: 1
            )
            let counts = try await files.counts(Progress())
            #expect(counts.recordCount == 1)
            #expect(counts.passedByCount == 1)
            #expect(files.report.withoutRecordsCount == 0)
        }
    }

    @Test func `what cannot be read in a folder costs itself alone and is told`() async throws {
        try await inFolder(["in/a.json": record(1), "in/b.json": record(2)]) { folder in
            // Reading one's own memory at address 0 is an I/O error, for whoever asks.
            #expect(symlink("/proc/self/mem", folder + "/in/c.json") == 0)
            #expect(mkfifo(folder + "/in/d.json", 0o600) == 0)
            #expect(Self.renameToLatin1(folder + "/in/b.json", in: folder + "/in/") == 0)
            #expect(symlink(folder, folder + "/in/circle") == 0)
            let input = try InputFiles([folder])
            #expect(input.unfollowed == [folder + "/in/circle"])
            let files = TrailFiles(input, try UsageCatalog.builtIn(), time: .min ... .max, workers: 2)
            let counts = try await files.counts(Progress())
            #expect(counts.recordCount == 1)
            #expect(files.report.setAside == ["unreadable": 3])
            #expect(
                Set(files.report.problems.map(\.description)) == [
                    "\(folder)/in/b\u{FFFD}.json: cannot be read (its name is not UTF-8)",
                    "\(folder)/in/c.json: cannot be read (Input/output error)",
                    "\(folder)/in/d.json: cannot be read (is no file)",
                ]
            )
        }
    }

    /// Gives the file at `path` the name `b\xFF.json`, as a system with another character set writes it.
    private static func renameToLatin1(_ path: String, in folder: String) -> Int32 {
        let name = Array((folder + "b").utf8) + [0xFF] + Array(".json".utf8) + [0]
        return name.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                text.baseAddress.map { rename(path, $0) } ?? -1
            }
        }
    }

    @Test func `a name with control characters is told escaped`() {
        let problem = InputReport.Problem(path: "a\u{1B}[31m\n.json", failure: .cutShort, byteCount: 0)
        #expect(problem.description == #"a\u{1b}[31m\u{a}.json: the JSON ends in the middle"#)
        let failure = InputFailure.unreadable(path: "a\nb", reason: "gone", wanted: .accounts)
        #expect("\(failure)" == #"a\u{a}b: cannot be read (gone); give a JSON file that lists the accounts"#)
    }

    @Test func `a pipe is known as what can be read once only`() async throws {
        try await inFolder(["a.json": record(1)]) { folder in
            #expect(mkfifo(folder + "/pipe", 0o600) == 0)
            let file = try InputFiles([folder + "/a.json"])
            #expect(file.readOnceOnly == nil)
            let both = try InputFiles([folder + "/a.json", folder + "/pipe"])
            #expect(both.readOnceOnly == folder + "/pipe")
        }
    }

    @Test func `a folder without record files and a file that is none are told`() async throws {
        try await inFolder(["a.txt": "x"]) { folder in
            #expect(throws: InputFailure.emptyFolder(path: folder)) { try InputFiles([folder]) }
            let named = try InputFiles([folder + "/a.txt"])
            #expect(named.map(\.size) == [1])
            #expect(throws: InputFailure.unreadable(path: folder, reason: "Is a directory", wanted: .series)) {
                try FileBytes.whole(folder, wanted: .series)
            }
            #expect(throws: InputFailure.self) { try FileBytes.whole(folder + "/missing", wanted: .series) }
        }
    }

    @Test func `files are read in the order of the time in their names, links in a circle are not followed`()
        async throws
    {
        let names = [
            "z_CloudTrail_us-east-1_20260105T0000Z_a.json", "a_CloudTrail_us-east-1_20260105T0010Z_a.json",
            "m_CloudTrail_us-east-1_20260104T2350Z_a.json.gz",
        ]
        try await inFolder(Dictionary(uniqueKeysWithValues: names.map { ("in/\($0)", "{}") })) { folder in
            #expect(symlink(folder, folder + "/in/circle") == 0)
            #expect(symlink("/nowhere/at/all", folder + "/in/gone.json") == 0)
            let found = try InputFiles([folder]).compactMap { $0.path.split(separator: "/").last.map(String.init) }
            #expect(found == [names[2], names[0], names[1]])
        }
    }

    @Test func `bytes come in pieces that make up the file`() async throws {
        let text = String(repeating: "0123456789", count: 250_000)
        try await inFolder(["a.json": text]) { folder in
            let whole = try FileBytes.whole(folder + "/a.json", wanted: .series)
            #expect(whole == Array(text.utf8))
            let file = try FileBytes(folder + "/a.json")
            var sizes: [Int] = []
            while let piece = try file.next() { sizes.append(piece.count) }
            #expect(sizes.reduce(0, +) == text.utf8.count)
            #expect(sizes.count > 1)
        }
    }

    @Test func `problems beyond the first are counted and not kept`() {
        var report = InputReport()
        for index in 0..<50 { report.note(.init(path: "f\(index)", failure: .cutShort, byteCount: index)) }
        #expect(report.setAside == ["cut-short": 50])
        #expect(report.problems.count < 50)
        #expect(report.problems.first?.description == "f0: the JSON ends in the middle")
        #expect(report.problems.last?.description.hasSuffix("bytes set aside") == true)
    }
}
