/// An entity in one interval of its usage.
package struct CountedInterval: Hashable, Comparable, Sendable {
    package var entity: CountedEntity
    /// Start of the interval, seconds since 1970.
    package var start: Int64

    package init(entity: CountedEntity, start: Int64) {
        self.entity = entity
        self.start = start
    }

    package static func < (one: CountedInterval, other: CountedInterval) -> Bool {
        one.start == other.start ? one.entity < other.entity : one.start < other.start
    }
}
