import Pipeline
import TestSupport
import Testing

@Suite struct InputFilesTests {
    @Test func `a path that does not exist is named with its reason`() {
        #expect(
            throws: InputFailure.unreadable(
                path: "/nowhere/at-all",
                reason: "No such file or directory",
                wanted: .records
            )
        ) {
            try InputFiles(["/nowhere/at-all"])
        }
    }

    @Test func `a folder gives its record files in the order of their names' time`() throws {
        let files = try InputFiles([SharedData.packageRoot + "/Events"])
        #expect(files.contains { $0.path.hasSuffix("s3-trail-file.json") })
        #expect(files.allSatisfy { $0.size > 0 })
    }
}
