import AWSAccess
import TestSupport
import Testing
import UsageCore

@testable import Pipeline

@Suite struct PackagesCheckTests {
    private static let day = EventTime.parse("2026-04-03T00:00:00Z") ?? 0
    private let now = Self.day + 100 * 86400

    private func manifest(
        _ dates: String = #","opensslDate":"2026-04-03","glibcDate":"2026-04-27""#
    ) throws
        -> PackageManifest
    {
        let json = #"{"version":"1.2","commit":"0123456789abcdef","openssl":"3.0.19-1","glibc":"2.36-9"\#(dates)}"#
        return try #require(PackageManifest(Array(json.utf8)))
    }

    private func judge(_ package: PackagesCheck.Package, at now: Int64? = nil) -> Finding {
        PackagesCheck.judge([package], folder: "dist", now: now ?? self.now)
    }

    @Test func `libraries of this half year are well`() throws {
        let finding = judge(.init(function: .logs, manifest: try manifest(), isDeployed: true))
        #expect(finding.state == .ok)
        #expect(finding.details == ["MultiAccountLogs 1.2 (0123456789ab): OpenSSL 3.0.19-1, glibc 2.36-9"])
    }

    @Test func `older ones are named with their day`() throws {
        let finding = judge(.init(function: .logs, manifest: try manifest()), at: Self.day + 184 * 86400)
        #expect(finding.state == .warning && finding.problems.count == 1)
        #expect(
            finding.problems.first?.what
                == "OpenSSL 3.0.19-1 in MultiAccountLogs is of 2026-04-03, more than half a year old; there may be a newer one"
        )
        #expect(judge(.init(function: .logs, manifest: try manifest("")), at: now).state == .unknown)
    }

    @Test func `another build is not judged, unless what is deployed is surely old`() throws {
        var package = PackagesCheck.Package(function: .logs, manifest: try manifest(), isDeployed: false)
        package.changedAt = now - 182 * 86400
        #expect(judge(package).state == .unknown)
        package.changedAt = now - 184 * 86400
        #expect(judge(package).state == .warning)
        package.manifest = nil
        #expect(judge(package).state == .warning)
        package.changedAt = nil
        #expect(judge(package).problems.first?.what == "which libraries are in MultiAccountLogs")
    }

    @Test(
        "the manifest is found in archives that are packed and not",
        arguments: ["ZIP_DEFLATED", "ZIP_STORED"]
    )
    func archive(method: String) throws {
        let folder = try TemporaryFolder()
        let script =
            "import sys,zipfile; z=zipfile.ZipFile(sys.argv[1],'w',zipfile.\(method)); z.comment=b'PK'*9; "
            + "z.writestr('bootstrap','x'*300); z.writestr('manifest.json','{\\\"version\\\":\\\"1\\\"}'*1); z.close()"
        let run = try ProgramRun(shell: "python3 -c \"\(script)\" '\(folder.path)/a.zip'")
        try #require(run.code == 0, "\(run.messages)")
        let bytes = try Folder.bytes(folder.path + "/a.zip")
        #expect(PackageFile(bytes).entry("manifest.json") == Array(#"{"version":"1"}"#.utf8))
        #expect(PackageFile(bytes).entry("bootstrap")?.count == 300)
        #expect(PackageFile(bytes).entry("none") == nil)
        // Whatever is missing or wrong in it, nothing crashes and nothing is made up.
        for index in bytes.indices {
            _ = PackageFile(Array(bytes[..<index])).entry("manifest.json")
            var broken = bytes
            broken[index] ^= 0xFF
            let found = PackageFile(broken).entry("bootstrap")
            #expect(found == nil || found?.count == 300 || method == "ZIP_STORED")
        }
        #expect(PackageFile([]).entry("manifest.json") == nil)
    }
}
