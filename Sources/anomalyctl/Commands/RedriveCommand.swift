import AWSAccess
import Pipeline
import UsageCore

/// `anomalyctl redrive`: dead letters and batches that Lambda gave up go back the way they came.
enum RedriveCommand {
    static let declaration = Command(
        name: "redrive",
        summary: "put dead letters back: store what no store took, and delete the letter when all of it is stored",
        operands: nil,
        options: [
            .init(
                name: "--limit",
                value: "N",
                help: "most letters and batches to look at, 1 to 1000000",
                standard: "1000"
            ),
            .init(name: "--dry-run", value: nil, help: "only show what lies there, and why"),
            .init(
                name: "--format",
                value: "F",
                help: "text or json (one letter a line)",
                choices: ["text", "json"],
                standard: "text"
            ),
        ],
        explanation: """
            MultiAccountLogs writes what it cannot read and what no store takes into a queue, with the reason. Where it
            fails as a whole, until Lambda gives up, Lambda writes the batch into the dead-letter bucket. When the reason is
            mended (a mapping, a right, a full disk, a newer version of this program), this command brings the records of
            both to the store. Records that are stored already are not stored again, so it can be run at any time.

            It is told where by the function's own settings: DEAD_LETTER_QUEUE_URL, DEAD_LETTER_BUCKET, and
            OPENSEARCH_ENDPOINT or STATE_TABLE or both; set RECORD_SCOPE, ENABLE_ACCOUNT_ENRICHMENT and the others as the
            function has them. It needs the rights of the function, sqs:ReceiveMessage, sqs:DeleteMessage and
            sqs:ChangeMessageVisibility on the queue, and s3:ListBucket, s3:GetObject and s3:DeleteObject on the bucket.

            Exit codes: 0 all put back, 1 failed, 2 wrong usage, 3 some stay where they are.

            Example:
              anomalyctl redrive --dry-run
            """,
        run: run
    )

    private static func run(_ arguments: Arguments) async throws -> ExitCode {
        let limit = try arguments.integer("--limit", in: 1...1_000_000)
        let isJSON = arguments.text("--format") == "json"
        let environment = processEnvironment()
        let settings = try Settings(environment: environment, requiring: [.deadLetterQueueURL])
        let ports = try Ports(environment: environment, log: Log(level: .warn))
        var (putBack, kept, records) = (0, 0, 0)
        try await Redrive(settings, ports.session).run(limit: limit, isDryRun: arguments.has("--dry-run")) { letter in
            try Console.print(isJSON ? letter.json : letter.text)
            records += letter.records
            switch letter.outcome {
            case .putBack: putBack += 1
            case .kept: kept += 1
            case .seen: break
            }
        }
        if arguments.has("--dry-run") {
            Console.say("\(Counted.text(records, "records")) lie there; nothing was changed")
        } else {
            Console.say("\(putBack) put back, \(kept) kept")
        }
        return kept > 0 ? .doneWithSetAsides : .done
    }
}
