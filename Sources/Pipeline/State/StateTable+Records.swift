import AWSAccess
import UsageCore

extension StateTable {
    private enum Written {
        case stored
        case repeated
    }

    /// Puts the records of low-volume usages, each where nothing has its key.
    func put(
        _ items: [WatchedItem],
        receivedAt: Int64,
        into report: inout StateReport,
        deadline: ContinuousClock.Instant
    ) async throws {
        var records: [DynamoDB.Item] = []
        for (index, item) in items.enumerated() where catalog.usages[item.usage].isLowVolume {
            let record = record(item, receivedAt: receivedAt)
            let size = Self.size(record)
            if size > DynamoDB.largestItem {
                report.refused.append(
                    StateReport.Refusal(
                        index: index,
                        reason: "too-large",
                        detail: "record of \(item.body.count) bytes: no item of the state table can hold it "
                            + "(\(size) of \(DynamoDB.largestItem) bytes); set aside"
                    )
                )
            } else {
                records.append(record)
            }
        }
        let written = try await Concurrently.map(records, atMost: Self.concurrency) { record in
            try await put(record, deadline: deadline)
        }
        report.stored += written.count { $0 == .stored }
        report.repeated += written.count { $0 == .repeated }
    }

    private func put(_ record: DynamoDB.Item, deadline: ContinuousClock.Instant) async throws -> Written {
        do throws(ServiceFailure) {
            try await dynamo.putItem(
                record,
                table: name,
                condition: Self.isNew,
                isSafeToRepeat: true,
                deadline: deadline
            )
            return .stored
        } catch {
            guard error.kind == .conditionFailed else { throw error }
            return .repeated
        }
    }

    private func record(_ item: WatchedItem, receivedAt: Int64) -> DynamoDB.Item {
        var record = StateKey.record(account: item.account, seconds: item.seconds, identity: item.identity)
        record["body"] = .binary(item.body)
        record["usage"] = .string(catalog.usages[item.usage].name)
        record["receivedAt"] = .number(String(receivedAt))
        record[StateKey.expiry] = .number(String(item.seconds + retentionSeconds))
        return record
    }

    static let isNew = DynamoDB.Expression("attribute_not_exists(#pk)", names: ["#pk": StateKey.partition])

    /// Bytes of an item as DynamoDB counts them (Developer Guide, "DynamoDB item sizes and formats"), numbers at their largest.
    static func size(_ item: DynamoDB.Item) -> Int {
        item.reduce(0) { size, attribute in
            let value =
                switch attribute.value {
                case .string(let text): text.utf8.count
                case .binary(let bytes): bytes.count
                default: 21
                }
            return size + attribute.key.utf8.count + value
        }
    }
}
