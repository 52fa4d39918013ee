import LocalStore
import Pipeline
import UsageCore

/// `anomalyctl replay`: what the first stages make of single events.
enum ReplayCommand {
    static let declaration = Command(
        name: "replay",
        summary: "run sample events through decode, enrich and store, and show what becomes of them",
        operands: .init(name: "EVENT...", count: 1...10_000, help: "event files of any shape, as in Events/"),
        options: [
            .init(name: "--accounts", value: "FILE", help: "what is known of the accounts"),
            .init(name: "--store", value: "FILE", help: "store the records in this SQLite file"),
            .init(
                name: "--format",
                value: "F",
                help: "text or json (one stored document a line)",
                choices: ["text", "json"],
                standard: "text"
            ),
        ],
        explanation: """
            Shows for each event what it holds: records with their account and the usage they count as, and what was
            set aside, with the reason. The same code decodes in the functions.

            Example:
              anomalyctl replay Events/logs-one-account.json
            """,
        run: run
    )

    /// Bytes of records that are shown of one event: AWS's own are 6 MiB at most, packed ones inflate to some ten times that.
    private static let largest = 256 << 20

    private static func run(_ arguments: Arguments) async throws -> ExitCode {
        let catalog = try UsageCatalog.builtIn()
        let directory = try AccountFile.read(arguments.text("--accounts"))
        let store = try arguments.text("--store").map { try LocalStore(path: $0) }
        let isJSON = arguments.text("--format") == "json"
        var setAsides = 0
        for path in arguments.operands {
            var batch = RecordBatch(catalog, directory, source: path, receivedAt: Console.now())
            var reader = RecordReader()
            let bytes = try FileBytes(path, wanted: .event, pieceSize: FileBytes.smallPiece)
            var broken: DecodeFailure?
            while let piece = try bytes.next(), broken == nil {
                do throws(DecodeFailure) { try reader.feed(piece, into: &batch) } catch { broken = error }
                guard batch.heldBytes <= Self.largest else {
                    throw CommandFailure.at(
                        Hostile.path(path),
                        "is no single event (over \(Self.largest >> 20) MiB); backtest reads files of any size"
                    )
                }
            }
            do throws(DecodeFailure) { try reader.finish(into: &batch) } catch { broken = broken ?? error }
            setAsides += batch.setAsideCount + (broken == nil ? 0 : 1)
            var stored: (added: Int, repeated: Int)?
            if let store {
                stored = try await store.insert(batch.records)
                _ = try await store.setAside(batch.setAsides)
            }
            if isJSON {
                for record in batch.records { try Console.print(ReplayText.document(record)) }
            } else {
                try Console.print(ReplayText.text(path, batch, broken, stored))
            }
        }
        return setAsides > 0 ? .doneWithSetAsides : .done
    }
}
