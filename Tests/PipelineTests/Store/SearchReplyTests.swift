import AWSAccess
@testable import Pipeline
import Testing

@Suite struct SearchReplyTests {
    @Test func `documents stay as they are stored, however deep, and the rest is a tree`() throws {
        let deep = String(repeating: "[", count: 400) + String(repeating: "]", count: 400)
        let text =
            #"{"hits":{"total":{"value":2},"hits":[{"_id":"a","_source":{"x": 1e400,"d":\#(deep)},"sort":[7,"e"]},"#
            + #"{"_id":"b","_source":{"_source":{"y":2}},"sort":[8,"f"]}]},"aggregations":{"each":{"buckets":{"0.denied":"#
            + #"{"doc_count":3,"samples":{"hits":{"hits":[{"_source":{"z":3}}]}}}}}}}"#
        let reply = try #require(SearchReply(Array(text.utf8)))
        #expect(reply.total == 2)
        #expect(
            reply.documents.map { String(decoding: $0.source, as: UTF8.self) } == [
                #"{"x": 1e400,"d":\#(deep)}"#, #"{"_source":{"y":2}}"#,
            ]
        )
        #expect(reply.documents.last?.about["sort"]?.array?.last?.string == "f")
        #expect(reply.hits.last?.path == ["aggregations", "each", "buckets", "0.denied", "samples", "hits", "hits"])
        #expect(reply[aggregation: "each"]?["buckets"]?["0.denied"]?["doc_count"]?.int == 3)
    }

    @Test(arguments: ["", "{", #"{"hits":{"hits":[{"_source":{"#, "[1,2", "<html>"])
    func `what is no answer is none`(text: String) {
        #expect(SearchReply(Array(text.utf8)) == nil)
    }

    @Test func `ranges are joined where they touch`() {
        #expect(SearchEvidence.union([5..<7, 1..<3, 3..<4, 6..<9]) == [1..<4, 5..<9])
        #expect(SearchEvidence.union([]).isEmpty)
    }
}
