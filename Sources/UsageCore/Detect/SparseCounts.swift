/// A series of counts of which only the buckets that are not empty are kept: 12 bytes each.
///
/// The same values in any order give the same sums: each is taken as a whole number of `step`, and a sum stops at `largestSum`, so that
/// a double holds every sum exactly.
package struct SparseCounts: Equatable, Sendable {
    /// Bucket numbers (time / interval), ascending.
    package private(set) var buckets: [Int32] = []
    /// What was counted in each.
    package private(set) var values: [Double] = []

    /// What values are rounded to; a power of two.
    package static let step = 1.0 / 1024
    /// No bucket counts beyond this: 2^42, where steps of 2^-10 still leave a bit of a double's 53 free.
    package static let largestSum = 4_398_046_511_104.0

    package init() {}

    /// Adds `value`, which is not negative, to `bucket`; records arrive roughly in order, so the end is looked at first.
    package mutating func add(_ value: Double, to bucket: Int32) {
        let value = min((value / Self.step).rounded() * Self.step, Self.largestSum)
        if let last = buckets.last {
            if last == bucket {
                values[values.count - 1] = min(values[values.count - 1] + value, Self.largestSum)
                return
            }
            if bucket < last {
                let place = lowerBound(bucket)
                if buckets[place] == bucket {
                    values[place] = min(values[place] + value, Self.largestSum)
                } else {
                    buckets.insert(bucket, at: place)
                    values.insert(value, at: place)
                }
                return
            }
        }
        buckets.append(bucket)
        values.append(value)
    }

    /// Adds all of `other`.
    package mutating func merge(_ other: SparseCounts) {
        if buckets.isEmpty {
            self = other
            return
        }
        for index in other.buckets.indices { add(other.values[index], to: other.buckets[index]) }
    }

    /// The same counts in buckets that are `factor` times as long.
    package func merged(by factor: Int32) -> SparseCounts {
        var merged = SparseCounts()
        for index in buckets.indices {
            merged.add(values[index], to: Int32(EventTime.floorDivide(Int64(buckets[index]), Int64(factor))))
        }
        return merged
    }

    /// The sum over the buckets from `first` up to and with `last`.
    package func sum(from first: Int32, through last: Int32) -> Double {
        var total = 0.0
        var place = lowerBound(first)
        while place < buckets.count, buckets[place] <= last {
            total += values[place]
            place += 1
        }
        return total
    }

    /// The place of the first bucket that is not below `bucket`.
    package func lowerBound(_ bucket: Int32) -> Int {
        var low = 0
        var high = buckets.count
        while low < high {
            let middle = (low + high) / 2
            if buckets[middle] < bucket { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
