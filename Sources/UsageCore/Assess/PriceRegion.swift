/// How the prices of a Region relate to those of us-east-1.
struct PriceRegion: Equatable {
    /// Median over instance types.
    var factor: Double
    /// Tenth percentile.
    var low: Double
    /// Ninetieth percentile.
    var high: Double
    var basis: PriceBasis
    /// What a note says of the Region; nil for us-east-1 itself.
    var note: String?
    var date: String

    static let home = "us-east-1"
    private static let factorDate = "\(PriceFigures.date), Region factor of 2023-08"
    private static let govPrefix = "us-gov-"

    /// The factors of `region`; nil where prices are not in USD or the partition is closed to the public table.
    init?(_ region: String) {
        if region == Self.home {
            self.init(factor: 1, low: 1, high: 1, basis: .listPrice, note: nil, date: PriceFigures.date)
            return
        }
        let lines = PriceLines(PriceFigures.regionFactors)
        if let line = lines.line(of: region) {
            let fields = line.fields
            guard fields.count == 3, let factor = fields[0].decimal, let low = fields[1].decimal,
                let high = fields[2].decimal
            else {
                return nil
            }
            self.init(
                factor: factor,
                low: low,
                high: high,
                basis: .regionFactor,
                note: "\(region) estimated from us-east-1",
                date: region.hasPrefix(Self.govPrefix) ? PriceFigures.date : Self.factorDate
            )
            return
        }
        // cn-* bills in CNY; us-iso*, eu-isoe-* and eusc-* have price lists of their own.
        guard Self.isCommercial(region) else {
            return nil
        }
        let known = lines.all.filter { !$0.key.hasPrefix(Self.govPrefix) }.map(\.fields)
        let factors = known.compactMap { $0.first?.decimal }.sorted()
        guard let low = known.compactMap({ $0.count > 1 ? $0[1].decimal : nil }).min(),
            let high = known.compactMap({ $0.count > 2 ? $0[2].decimal : nil }).max(), !factors.isEmpty
        else {
            return nil
        }
        self.init(
            factor: factors[factors.count / 2],
            low: low,
            high: high,
            basis: .anyRegion,
            note: "no price known for \(region), range over all Regions",
            date: Self.factorDate
        )
    }

    private init(factor: Double, low: Double, high: Double, basis: PriceBasis, note: String?, date: String) {
        self.factor = factor
        self.low = low
        self.high = high
        self.basis = basis
        self.note = note
        self.date = date
    }

    /// Whether `region` has the form of a Region of the partition `aws`: area-direction-number.
    private static func isCommercial(_ region: String) -> Bool {
        let parts = region.split(separator: "-", omittingEmptySubsequences: false)
        let areas: Set<Substring> = ["us", "ca", "mx", "sa", "eu", "ap", "af", "me", "il"]
        return parts.count == 3 && areas.contains(parts[0]) && !parts[1].hasPrefix("iso")
            && parts[1].allSatisfy { $0.isASCII && $0.isLowercase } && parts[1].count >= 4
            && parts[2].count == 1 && parts[2].allSatisfy { $0.isASCII && $0.isNumber }
    }
}
