/// How a series file is scored.
package struct SeriesSettings: Sendable, Equatable {
    /// How ready the detector is to raise an alert.
    package enum Profile: String, Sendable, CaseIterable {
        /// Fewer alerts: for people who are paged.
        case quiet
        /// The level at which the detector was tuned.
        case balanced
        /// More alerts: for people who look at them anyway.
        case sensitive

        /// The score that makes an alert.
        package var level: Double {
            switch self {
            case .quiet: 0.6
            case .balanced: 0.5
            case .sensitive: 0.45
            }
        }
    }

    /// What comes out.
    package enum Format: Sendable {
        /// A header, then comma-separated values.
        case csv
        /// One JSON object a line.
        case jsonLines
    }

    /// The score that makes an alert, 0.01...0.999.
    package var level: Double
    /// Seconds between rows where missing ones are to be filled in: with 0 in a count series, else with the last value.
    package var interval: Int64?
    package var format: Format
    /// Decides which past values the detector remembers.
    package var seed: UInt32

    package init(
        level: Double = Profile.balanced.level,
        interval: Int64? = nil,
        format: Format = .csv,
        seed: UInt32 = 1
    ) {
        self.level = level
        self.interval = interval
        self.format = format
        self.seed = seed
    }
}
