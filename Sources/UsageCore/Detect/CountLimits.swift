/// The limits of everything that is counted.
package struct CountLimits: Equatable, Sendable {
    /// Of entities that have been seen.
    package var entities: [CountLimit] = []
    /// Ids of the accounts that are known for so long that a burst of what they never used is told; `AnomalyDetection.leastBurst` is its limit.
    package var accounts: [String] = []

    package init() {}
}
