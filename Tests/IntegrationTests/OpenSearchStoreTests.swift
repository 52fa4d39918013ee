import AWSAccess
import Glibc
import Pipeline
import TestSupport
import Testing
import UsageCore

extension IntegrationTests {
    @Suite struct OpenSearchStoreTests {
        static let byHand = SharedData.packageRoot + "/Tests/Fixtures/by-hand"

        private func directory(_ folder: String) throws -> AccountDirectory {
            try AccountDirectory(json: try FileBytes.whole(folder + "/accounts.json", wanted: .accounts))
        }

        private func store(
            _ stack: Stack,
            _ catalog: UsageCatalog,
            readRecords: Int = 5000,
            now: @escaping @Sendable () -> Int64
        ) throws -> OpenSearchStore.Home {
            OpenSearchStore.Home(
                session: try stack.session(),
                endpoint: stack.aws,
                catalog: catalog,
                lookbackDays: 20,
                evaluationSeconds: 4800,
                readRecords: readRecords,
                now: now
            )
        }

        private func expectSame(_ counts: UsageCounts, _ expected: UsageCounts) {
            #expect(counts.watchedCount == expected.watchedCount)
            #expect(counts.firstUses == expected.firstUses)
            #expect(counts.names == expected.names)
            #expect(Set(counts.series.keys) == Set(expected.series.keys))
            for (key, values) in expected.series {
                #expect(counts.series[key]?.buckets == values.buckets)
                #expect(counts.series[key]?.values == values.values)
            }
            #expect(Set(counts.accounts.keys) == Set(expected.accounts.keys))
            for (key, span) in expected.accounts {
                let other = counts.accounts[key]
                // A reading counts what is not watched as often as it comes; a store has it once.
                #expect(other?.first == span.first && other?.last == span.last)
            }
            #expect(counts.days.mapValues(\.last) == expected.days.mapValues(\.last))
        }

        /// Everything that `backtest` says but the moment of detection, which is an arrival here.
        static func told(_ incidents: [Incident]) -> [String] {
            incidents.map { incident in
                var plain = incident
                plain.detectedAt = 0
                return plain.json
            }
        }

        private func compare(_ folder: String, _ catalog: UsageCatalog) async throws {
            let stack = try await Stack.fresh()
            let directory = try directory(folder)
            let trail = folder + "/trail"
            let files = TrailFiles(try InputFiles([trail]), catalog, time: .min ... .max, workers: 2)
            let stages = Stages(catalog: catalog, directory: directory, level: 0.6, workers: 2)
            let expected = try await stages.run(files, Progress())
            let last = try #require(expected.counts.timeline.map { expected.counts.lastSecond($0) })
            let received = last - 7200
            let count = try await StoredTrail(catalog: catalog, directory: directory, receivedAt: received)
                .load(trail, into: stack)

            let home = try store(stack, catalog) { last }
            let cold = home.store(until: .now + .seconds(300))
            let outcome = try await stages.run(cold, Progress())
            expectSame(outcome.counts, expected.counts)
            #expect(outcome.counts.recordCount == count)
            #expect(outcome.anomalyCount == expected.anomalyCount)
            #expect(Self.told(outcome.incidents) == Self.told(expected.incidents))
            // The warm process asks for the end only and finds the same.
            let before = try await stack.counts().values.reduce(0, +)
            expectSame(try await home.store(until: .now + .seconds(300)).counts(Progress()), expected.counts)
            #expect(try await stack.counts().values.reduce(0, +) - before <= 10)
            // Sums and samples lead to the same as reading every record.
            let summed = try store(stack, catalog, readRecords: 100) { last }.store(until: .now + .seconds(300))
            #expect(Self.told(try await stages.run(summed, Progress()).incidents) == Self.told(expected.incidents))
            #expect(outcome.incidents.map(\.detectedAt).allSatisfy { $0 == received })
            #expect(try await stack.violations() == [])
        }

        @Test func `counts, anomalies and incidents are those of the files: by hand`() async throws {
            try await compare(Self.byHand, try UsageCatalog.builtIn())
        }

        @Test func `counts, anomalies and incidents are those of the files: a simulated fortnight`() async throws {
            let folder = try TemporaryFolder()
            let run = try ProgramRun("simulate --days 14 --accounts 3 --seed 5 -o \(folder.path)/organization")
            try #require(run.code == 0, "\(run.messages)")
            try await compare(folder.path + "/organization", try UsageCatalog.builtIn())
        }
    }
}
