/// List prices that are compiled in: EC2 instances, EBS volumes, Lambda.
///
/// All amounts are USD, on demand, before discounts. What the table does not know has no price: the caller counts it as
/// unpriced. Where a figure is estimated, its note says how.
package struct PriceTable: Sendable {
    /// The day on which the Price List was read.
    package static let date = PriceFigures.date
    /// Where the figures come from, for a line under an amount.
    package static let source =
        "AWS list prices, on demand, before discounts, as published in karpenter-provider-aws, \(PriceFigures.date)"

    /// The compiled table.
    package init() {}

    /// USD per hour for one instance: Linux, shared tenancy.
    ///
    /// The price is exact in us-east-1 and us-gov, elsewhere it is the price of us-east-1 times the Region's factor. A size that
    /// is missing in a family whose prices are proportional to size is scaled; accelerated families are not.
    /// - Parameters:
    ///   - instanceType: as CloudTrail has it: `c5.large`.
    ///   - region: as in `eu-central-1`.
    ///   - isSpot: whether it was launched as a Spot instance. Then low is 0 and the others are the list price, the ceiling.
    /// - Returns: nil for an unknown type, for types of other services (`ml.c5.xlarge`) and where prices are not in USD.
    package func hourly(instanceType: String, region: String, isSpot: Bool = false) -> Price? {
        guard let type = InstanceTypeName(instanceType), let price = onDemand(type, region: region) else {
            return nil
        }
        guard isSpot else {
            return price
        }
        return Price(
            low: 0,
            expected: price.expected,
            high: price.high,
            basis: .spotCeiling,
            note: "\(instanceType): spot price unknown: list price is the ceiling",
            date: price.date
        )
    }

    private func onDemand(_ type: InstanceTypeName, region: String) -> Price? {
        if let own = Self.table(of: region), let found = Self.look(for: type, in: own) {
            return Price(
                low: found.usd,
                expected: found.usd,
                high: found.usd,
                basis: found.isScaled ? .familyScale : .listPrice,
                note: found.isScaled
                    ? "\(type.name): scaled from other sizes of \(type.family) in \(region)"
                    : "\(type.name): list price in \(region)",
                date: PriceFigures.date
            )
        }
        guard region != PriceRegion.home, let place = PriceRegion(region),
            let found = Self.look(for: type, in: PriceFigures.usEast1)
        else {
            return nil
        }
        let scaled = found.isScaled ? ", scaled from other sizes of \(type.family)" : ""
        return Price(
            low: found.usd * place.low,
            expected: found.usd * place.factor,
            high: found.usd * place.high,
            basis: place.basis == .regionFactor && found.isScaled ? .familyScale : place.basis,
            note: "\(type.name): \(place.note ?? region)\(scaled)",
            date: place.date
        )
    }

    private static func table(of region: String) -> StaticString? {
        switch region {
        case PriceRegion.home: PriceFigures.usEast1
        case "us-gov-east-1": PriceFigures.usGovEast1
        case "us-gov-west-1": PriceFigures.usGovWest1
        default: nil
        }
    }

    private static func look(for type: InstanceTypeName, in table: StaticString) -> (usd: Double, isScaled: Bool)? {
        guard let family = PriceLines(table).line(of: type.family) else {
            return nil
        }
        if let exact = family.fields.first(where: { $0.name == type.size })?.decimal {
            return (exact, false)
        }
        guard !type.isAccelerated, let weight = InstanceTypeName.weight(ofSize: type.size) else {
            return nil
        }
        let units = family.fields.compactMap { field -> (usd: Double, distance: Double)? in
            guard let usd = field.decimal, let known = InstanceTypeName.weight(ofSize: field.name) else {
                return nil
            }
            return (usd / known, max(known / weight, weight / known))
        }
        // Proportional is what the known sizes show, within rounding; one size alone shows nothing.
        guard units.count >= 2, let least = units.map(\.usd).min(), let most = units.map(\.usd).max(),
            most <= least * 1.02,
            let nearest = units.min(by: { $0.distance < $1.distance })
        else {
            return nil
        }
        return (nearest.usd * weight, true)
    }
}

/// An EC2 instance type, taken apart: `c5.large` is the size `large` of the family `c5`.
private struct InstanceTypeName {
    let name: String
    let family: String
    let size: String

    init?(_ name: String) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, name.utf8.count <= 40, !parts[0].isEmpty, !parts[1].isEmpty,
            name.utf8.allSatisfy({ Self.isPlain($0) })
        else {
            return nil
        }
        self.name = name
        family = String(parts[0])
        size = String(parts[1])
    }

    /// Whether the family's price hangs on its GPUs, FPGAs or chips, or is a machine of one size: then it is not proportional.
    var isAccelerated: Bool {
        let kind = String(family.prefix { !$0.isNumber && $0 != "-" })
        return ["p", "g", "gr", "trn", "inf", "dl", "vt", "f", "hpc", "u"].contains(kind)
    }

    /// The size in units of `small`, AWS's normalization factor; nil for metal and whatever else has no fixed ratio.
    static func weight(ofSize size: String) -> Double? {
        switch size {
        case "nano": return 0.25
        case "micro": return 0.5
        case "small": return 1
        case "medium": return 2
        case "large": return 4
        case "xlarge": return 8
        default:
            guard size.hasSuffix("xlarge"), let count = Int(size.dropLast(6)), (2...448).contains(count) else {
                return nil
            }
            return Double(count) * 8
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte == 0x2d || byte == 0x2e
    }
}
