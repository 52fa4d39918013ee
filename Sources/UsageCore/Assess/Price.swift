/// What an amount of money rests on, the surest first.
package enum PriceBasis: String, Sendable, CaseIterable {
    /// The list price of exactly this.
    case listPrice = "list price"
    /// The price in us-east-1 times the Region's factor, with the factor's spread as low and high.
    case regionFactor = "us-east-1 price times Region factor"
    /// Scaled by size from other sizes of a family whose prices are proportional to size.
    case familyScale = "scaled within the family"
    /// The price in us-east-1, low and high as the cheapest and dearest Region would have it: the Region is newer than the table.
    case anyRegion = "us-east-1 price, Region unknown"
    /// Prices of this kind are not confirmed: public tables disagree or only one was found.
    case unconfirmed = "unconfirmed list price"
    /// A Spot price is not in any table: the list price is the most that it can be.
    case spotCeiling = "list price as ceiling of a spot price"
}

/// A price before discounts, in USD, as a range.
package struct Price: Sendable, Equatable {
    /// The least that it is likely to be.
    package var low: Double
    /// The best single figure.
    package var expected: Double
    /// The most that it is likely to be.
    package var high: Double
    /// What the figures rest on; where several reasons hold, the least sure.
    package var basis: PriceBasis
    /// How the figures came about, one line, fit to be shown among the assumptions.
    package var note: String
    /// Of when the figures are, as in `2026-07-20`.
    package var date: String

    /// A price with all its parts.
    package init(low: Double, expected: Double, high: Double, basis: PriceBasis, note: String, date: String) {
        self.low = low
        self.expected = expected
        self.high = high
        self.basis = basis
        self.note = note
        self.date = date
    }

    /// The price of `count` of the same.
    package func times(_ count: Double) -> Price {
        var price = self
        price.low *= count
        price.expected *= count
        price.high *= count
        return price
    }
}
