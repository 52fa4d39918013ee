import Testing
import UsageCore

/// One outcome for each record, or none at all.
@Suite struct BulkReplyTests {
    private func reply(_ items: [String]) -> [UInt8] {
        Array(#"{"took":3,"errors":true,"items":[\#(items.joined(separator: ","))]}"#.utf8)
    }

    private func item(_ status: Int, _ type: String = "", _ reason: String = "") -> String {
        let error = type.isEmpty ? "" : #","error":{"type":"\#(type)","reason":"\#(reason)"}"#
        return #"{"create":{"_index":"i","_id":"a","status":\#(status)\#(error)}}"#
    }

    @Test(
        arguments: [
            (201, "", .stored), (200, "", .stored), (409, "version_conflict_engine_exception", .duplicate),
            (429, "rejected_execution_exception", .tryAgain("HTTP 429 (rejected_execution_exception) for a record")),
            (503, "unavailable_shards_exception", .tryAgain("HTTP 503 (unavailable_shards_exception) for a record")),
            (403, "cluster_block_exception", .tryAgain("HTTP 403 (cluster_block_exception) for a record")),
            (400, "mapper_parsing_exception", .refused(reason: "mapper_parsing_exception", detail: "why")),
            (400, "illegal_argument_exception", .refused(reason: "illegal_argument_exception", detail: "why")),
            (404, "index_not_found_exception", .refused(reason: "index_not_found_exception", detail: "why")),
            (409, "", .refused(reason: "http-409", detail: "")),
        ] as [(Int, String, BulkReply.Outcome)]
    )
    func `an item's status and type say what became of it`(status: Int, type: String, outcome: BulkReply.Outcome) {
        #expect(BulkReply.outcomes(reply([item(status, type, "why"), item(201)]), count: 2) == [outcome, .stored])
    }

    @Test func `a refusal as OpenSearch writes it is read with its cause`() {
        let text =
            #"{"create":{"_index":"usage-records-2026.10.12","_id":"1","status":400,"error":{"type":"mapper_parsing_exception","#
            + #""reason":"failed to parse field [eventTime] of type [date]","caused_by":{"type":"illegal_argument_exception","#
            + #""reason":"failed to parse date","caused_by":{"type":"x","reason":"y"}}}}}"#
        let detail = "failed to parse field [eventTime] of type [date]; failed to parse date"
        #expect(
            BulkReply.outcomes(reply([text]), count: 1)
                == [.refused(reason: "mapper_parsing_exception", detail: detail)]
        )
    }

    @Test func `a reply that is cut anywhere, or is about another number of records, says nothing`() {
        let whole = reply([item(201), item(429, "x", "y"), item(409, "version_conflict_engine_exception")])
        #expect(BulkReply.outcomes(whole, count: 3)?.count == 3)
        for count in 0..<whole.count { #expect(BulkReply.outcomes(Array(whole[..<count]), count: 3) == nil) }
        #expect(BulkReply.outcomes(whole, count: 2) == nil)
        #expect(BulkReply.outcomes(whole, count: 4) == nil)
        #expect(BulkReply.outcomes(whole + whole, count: 3) == nil)
    }

    @Test(arguments: [
        "", "{}", #"{"items":[]}"#, #"{"items":[{}]}"#, #"{"items":[{"create":{}}]}"#,
        #"{"items":{"create":{"status":201}}}"#,
        #"{"items":[{"create":{"status":"201"}}]}"#, #"{"items":[{"create":{"status":2010}}]}"#,
        #"{"error":"x","status":400}"#,
        "<html>", #"{"items":[{"create":{"status":-20}}]}"#,
        #"{"items":[{"create":{"status":20,"status":1}}]}"#,
        #"{"items":[{"create":{"status":201},"index":{"status":400}}]}"#,
    ])
    func `what is no reply to one record says nothing`(text: String) {
        #expect(BulkReply.outcomes(Array(text.utf8), count: 1) == nil)
    }
}
