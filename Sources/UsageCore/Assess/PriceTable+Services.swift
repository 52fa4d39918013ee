/// The processor of a Lambda function.
package enum LambdaArchitecture: String, Sendable {
    /// Intel and AMD.
    case x86 = "x86_64"
    /// AWS Graviton.
    case arm = "arm64"
}

extension PriceTable {
    /// Figures whose day is not known: several public tables have them, and they have not changed in years.
    static let undated = "undated list price"

    /// USD per month of 30 days for one EBS volume: its size and what it is provisioned with beyond what is included.
    ///
    /// Outside us-east-1 the factors of EC2 stand in for those of EBS, which the note says.
    /// - Parameters:
    ///   - type: `gp3`, `gp2`, `io1`, `io2`, `st1`, `sc1` or `standard`.
    ///   - sizeGiB: 0 or more.
    ///   - iops: what is provisioned, nil where nothing is said. It costs with gp3 beyond 3,000, with io1 and io2 from the first.
    ///   - throughput: MiB/s, nil where nothing is said. It costs with gp3 beyond 125.
    ///   - region: as in `eu-central-1`.
    /// - Returns: nil for an unknown type, an amount below 0 or beyond reason, and where prices are not in USD.
    package func volumeMonthly(
        type: String,
        sizeGiB: Double,
        iops: Double? = nil,
        throughput: Double? = nil,
        region: String
    ) -> Price? {
        let iops = iops ?? 0
        let throughput = throughput ?? 0
        guard Self.isAmount(sizeGiB), Self.isAmount(iops), Self.isAmount(throughput), let place = PriceRegion(region),
            let storage = Self.storage(type)
        else {
            return nil
        }
        let extra = Self.extra(type, iops: iops, throughput: throughput)
        let isSure = storage.low == storage.high && extra.high == 0
        var note = "EBS \(type): list price in us-east-1"
        if storage.low != storage.high {
            note += ", public tables disagree"
        }
        if extra.high > 0 {
            note += ", provisioned IOPS and throughput unconfirmed"
        }
        if let placeNote = place.note {
            note += ", \(placeNote) by the factor of EC2"
        }
        let basis: PriceBasis = place.basis == .anyRegion || isSure ? place.basis : .unconfirmed
        return Price(
            low: (storage.low * sizeGiB + extra.low) * place.low,
            expected: (storage.expected * sizeGiB + extra.high) * place.factor,
            high: (storage.high * sizeGiB + extra.high) * place.high,
            basis: basis,
            note: note,
            date: Self.undated
        )
    }

    /// USD for `count` Lambda requests, without the time that they run.
    ///
    /// - Returns: nil for a count below 0 or beyond reason and where prices are not in USD.
    package func lambdaRequests(count: Double, region: String) -> Price? {
        // 0.20 USD per million requests.
        lambda(unit: 0.20 / 1_000_000, count: count, region: region, what: "requests")
    }

    /// USD for `gibSeconds` of Lambda: memory in GiB times seconds.
    ///
    /// - Returns: nil for an amount below 0 or beyond reason and where prices are not in USD.
    package func lambdaDuration(gibSeconds: Double, architecture: LambdaArchitecture, region: String) -> Price? {
        let unit = architecture == .x86 ? 0.000_016_666_7 : 0.000_013_333_4
        return lambda(unit: unit, count: gibSeconds, region: region, what: "duration on \(architecture.rawValue)")
    }

    /// Lambda costs the same in most Regions, so that the Region's factor only widens the range.
    private func lambda(unit: Double, count: Double, region: String, what: String) -> Price? {
        guard Self.isAmount(count), let place = PriceRegion(region) else {
            return nil
        }
        let elsewhere = place.note.map { ", \($0) within the range of EC2" } ?? ""
        return Price(
            low: unit * count * min(1, place.low),
            expected: unit * count,
            high: unit * count * max(1, place.high),
            basis: place.basis == .listPrice ? .unconfirmed : place.basis,
            note: "Lambda \(what): list price in us-east-1\(elsewhere)",
            date: Self.undated
        )
    }

    /// Whether it can be an amount: records may claim anything, and an infinite price would spoil every sum.
    private static func isAmount(_ value: Double) -> Bool {
        (0...1e15).contains(value)
    }

    /// USD per GiB and month in us-east-1; low and high differ where public tables do.
    private static func storage(_ type: String) -> (low: Double, expected: Double, high: Double)? {
        switch type {
        case "gp3": (0.08, 0.08, 0.08)
        case "gp2": (0.10, 0.10, 0.10)
        case "io1", "io2": (0.125, 0.125, 0.125)
        case "st1": (0.045, 0.045, 0.045)
        case "sc1": (0.015, 0.015, 0.025)
        case "standard": (0.05, 0.05, 0.05)
        default: nil
        }
    }

    /// USD per month in us-east-1 for what is provisioned beyond what the size includes.
    private static func extra(_ type: String, iops: Double, throughput: Double) -> (low: Double, high: Double) {
        switch type {
        case "gp3":
            let usd = max(0, iops - 3000) * 0.005 + max(0, throughput - 125) * 0.04
            return (usd, usd)
        case "io1":
            return (iops * 0.065, iops * 0.065)
        case "io2":
            // Beyond 32,000 an IOPS costs less, by how much is not in the table.
            return (min(iops, 32_000) * 0.065, iops * 0.065)
        default:
            return (0, 0)
        }
    }
}
