import AWSAccess
import TestSupport
import Testing

extension StrictTests {
    /// The stand-in takes every PUT of an object for a copy and every DELETE for something else, so these go to moto's own S3.
    @Suite("S3")
    struct ObjectTests {
        private let aws: StrictAWS

        init() throws { aws = try StrictTests.aws.get() }

        private func piece(_ body: String, _ range: String) -> String {
            #"{"service":"s3","operation":"GetObject","times":1,"do":{"status":206,"body":"\#(body)","#
                + #""headers":{"Content-Range":"bytes \#(range)","ETag":"\"t\""}}}"#
        }

        private let lost = #"{"service":"s3","operation":"GetObject","times":1,"do":{"reset":true}}"#
        private let slow = #"{"service":"s3","operation":"GetObject","times":1,"do":{"error":"SlowDown","status":503}}"#

        @Test(
            "a key of any form is asked for piece by piece, and what is lost once more",
            arguments: ["AWSLogs/o-x/1/CloudTrail/a.json.gz", "a b+c%2F&=é\u{1F600}/x", "a//b/../c/./d"]
        )
        func pieces(key: String) async throws {
            let rules = [piece("abcd", "0-3/10"), lost, piece("efgh", "4-7/10"), slow, piece("ij", "8-9/10")]
            let s3 = S3(session: try await aws.session(rules: "[\(rules.joined(separator: ","))]"))
            var reader = s3.reader(key, bucket: "org.trail", pieceSize: 4)
            var text = ""
            while let piece = try await reader.next(deadline: far) { text += String(decoding: piece, as: UTF8.self) }
            #expect(text == "abcdefghij" && reader.size == 10)
            #expect(try await aws.counts() == ["s3.GetObject": 5])
            #expect(try await aws.violations() == [])
        }

        @Test func `what is written is listed, read and deleted, whether it is there or not`() async throws {
            let store = try await ObjectStore()
            let s3 = try store.s3()
            let keys = (0..<1003).map { "a/\(1000 + $0)" } + ["a/b&<é>", "z"]
            for key in keys { try await s3.putObject(Array(key.utf8), key: key, bucket: store.bucket, deadline: far) }
            let first = try await s3.keys(prefix: "a/", bucket: store.bucket, deadline: far)
            #expect(first.keys == Array(keys.prefix(1000)))
            let second = try await s3.keys(prefix: "a/", bucket: store.bucket, after: first.next, deadline: far)
            #expect(second.keys == Array(keys[1000..<1004]) && second.next == nil)
            var reader = s3.reader("a/b&<é>", bucket: store.bucket)
            #expect(try await reader.next(deadline: far) == Array("a/b&<é>".utf8))
            for _ in 0..<2 { try await s3.deleteObject("a/b&<é>", bucket: store.bucket, deadline: far) }
            let rest = try await s3.keys(prefix: "a/b", bucket: store.bucket, deadline: far)
            #expect(rest.keys.isEmpty && rest.next == nil)
        }

        @Test func `a bucket that is not there is told apart from one that is denied`() async throws {
            let s3 = S3(session: try await aws.session())
            await #expect {
                var reader = s3.reader("k", bucket: "no-such-bucket")
                _ = try await reader.next(deadline: far)
            } throws: { ($0 as? ServiceFailure)?.kind == .notFound }
            await #expect {
                _ = try await s3.keys(prefix: "", bucket: "no-such-bucket", deadline: far)
            } throws: { ($0 as? ServiceFailure)?.kind == .notFound }
            let denied = S3(
                session: try await aws.session(rules: #"[{"service":"s3","do":{"error":"AccessDenied","status":403}}]"#)
            )
            await #expect {
                var reader = denied.reader("k", bucket: "no-such-bucket")
                _ = try await reader.next(deadline: far)
            } throws: { ($0 as? ServiceFailure)?.kind == .accessDenied }
            #expect(try await aws.violations() == [])
        }
    }
}
