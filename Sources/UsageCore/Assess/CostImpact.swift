/// What an incident costs at list price, beyond what was expected.
package struct CostImpact: Equatable, Sendable {
    /// An amount in US dollars, as a range.
    package struct Amount: Equatable, Sendable {
        package var low = 0.0
        package var expected = 0.0
        package var high = 0.0
    }

    /// Per day: *expected* is what still runs for 24 hours, *high* what was started in all, *low* what has accrued so far taken as a day.
    package var perDay = Amount()
    /// The same for 30 days, in days of whole cents: what is read back from a document gives the same month.
    package var perMonth: Amount {
        func month(_ day: Double) -> Double { (day * 100).rounded() * 30 / 100 }
        return Amount(low: month(perDay.low), expected: month(perDay.expected), high: month(perDay.high))
    }
    /// What has been spent by the end of the input.
    package var accrued = 0.0
    /// The part of it that went to what no longer runs.
    package var spentOnEnded = 0.0
    /// How many of what was started still run.
    package var stillRunning = 0
    /// How many were started.
    package var started = 0
    package var basis = "none"
    package var assumptions: [String] = []
    /// What has no price, with the reason.
    package var unpriced: [String] = []

    package init() {}

    /// What is said where nobody shall look.
    package static let notLookedAt: CostImpact = {
        var cost = CostImpact()
        cost.unpriced = ["cost analysis is switched off (ENABLE_COST_ANALYSIS)"]
        return cost
    }()

    /// Whether any part of it could be priced.
    package var isKnown: Bool { basis != "none" }

    /// The dollars by which it is worth telling: what still runs for a day, or what is spent for good where that is more.
    ///
    /// What still runs counts by its rate alone: any trifle adds up when the input is long enough.
    package var stake: Double { max(perDay.expected, spentOnEnded) }

    /// The dollars a day by which severity is judged: what still runs, else what was started while it ran.
    package var weight: Double { perDay.expected > 0 ? perDay.expected : accrued }
}
