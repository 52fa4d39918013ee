/// Cuts a list of entries into the batches that a service takes.
struct EntryBatches {
    /// Positions of entries that go together.
    private(set) var batches: [[Int]] = []
    private(set) var tooLarge: [EntryFailure] = []

    /// - Parameters:
    ///   - sizes: Bytes of each entry.
    ///   - most: Entries in one batch.
    ///   - limit: Bytes in one batch.
    init(sizes: [Int], most: Int, limit: Int) {
        var batch: [Int] = []
        var filled = 0
        for (index, size) in sizes.enumerated() {
            guard size <= limit else {
                tooLarge.append(EntryFailure(index: index, cause: .tooLarge(bytes: size, limit: limit)))
                continue
            }
            if batch.count == most || size > limit - filled {
                batches.append(batch)
                batch = []
                filled = 0
            }
            batch.append(index)
            filled += size
        }
        if !batch.isEmpty { batches.append(batch) }
    }
}
