import AWSAccess
import UsageCore

extension StateTable {
    /// Notes that a signal of that step is being sent for that interval.
    ///
    /// - Returns: False where one of that step or a later one has been noted before, by whomever.
    func claim(
        _ interval: CountedInterval,
        step: Int,
        at now: Int64,
        deadline: ContinuousClock.Instant
    ) async throws -> Bool {
        var item = StateKey.signal(interval, usage: catalog.usages[interval.entity.usage].name)
        item["step"] = .integer(step)
        item["sentAt"] = .number(String(now))
        item[StateKey.expiry] = .number(String(interval.start + Self.hintKept))
        // Tells our own write, whose answer was lost, from another's.
        let writer = Digest128(of: "\(clock.now().milliseconds) \(clock.random())").hexadecimal
        item["writer"] = .string(writer)
        let isFurther = DynamoDB.Expression(
            "attribute_not_exists(#pk) OR #step < :step OR #writer = :writer",
            names: ["#pk": StateKey.partition, "#step": "step", "#writer": "writer"],
            values: [":step": .integer(step), ":writer": .string(writer)]
        )
        do throws(ServiceFailure) {
            try await dynamo.putItem(item, table: name, condition: isFurther, isSafeToRepeat: true, deadline: deadline)
            return true
        } catch {
            guard error.kind == .conditionFailed else { throw error }
            return false
        }
    }
}
