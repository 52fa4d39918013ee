/// What became of the items that were handed to the state table; each of them is in one of these numbers.
package struct StateReport: Sendable, Equatable {
    /// An item that no write can ever take.
    package struct Refusal: Sendable, Equatable {
        /// Its place in what was handed over.
        package var index: Int
        /// The kind of failure, one of few words: `too-large`.
        package var reason: String
        /// What was seen, one line.
        package var detail: String
    }

    /// Records that are new in the table.
    package var stored = 0
    /// Records that were there already.
    package var repeated = 0
    /// Records added to counters.
    package var counted = 0
    /// Records that an earlier delivery of the batch had added to counters.
    package var countedBefore = 0
    package var refused: [Refusal] = []
    /// What the items have added to, if the table keeps hints.
    package var touched: Set<CountedInterval> = []

    package init() {}
}
