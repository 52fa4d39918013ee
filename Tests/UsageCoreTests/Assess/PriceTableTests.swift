import Glibc
import TestSupport
import Testing

@testable import UsageCore

@Suite struct PriceTableTests {
    let table = PriceTable()

    @Test(arguments: [
        ("m5.large", "us-east-1", 0.096),
        ("a1.2xlarge", "us-east-1", 0.204),
        ("z1d.xlarge", "us-east-1", 0.372),
        ("p5.48xlarge", "us-east-1", 55.04),
        ("c7i-flex.large", "us-east-1", 0.08479),
        ("u-6tb1.112xlarge", "us-gov-west-1", 65.433),
        ("t3.nano", "us-gov-west-1", 0.0061),
    ])
    func `a listed type has exactly its list price`(type: String, region: String, usd: Double) throws {
        let price = try #require(table.hourly(instanceType: type, region: region))
        #expect(price.low == usd)
        #expect(price.expected == usd)
        #expect(price.high == usd)
        #expect(price.basis == .listPrice)
        #expect(price.date == "2026-07-20")
    }

    @Test func `another Region is estimated with the spread of its factor`() throws {
        let price = try #require(table.hourly(instanceType: "c5.large", region: "eu-central-1"))
        #expect(abs(price.low - 0.085 * 1.13) < 1e-12)
        #expect(abs(price.expected - 0.085 * 1.198) < 1e-12)
        #expect(abs(price.high - 0.085 * 1.311) < 1e-12)
        #expect(price.basis == .regionFactor)
        #expect(price.note == "c5.large: eu-central-1 estimated from us-east-1")
        #expect(price.date == "2026-07-20, Region factor of 2023-08")
    }

    @Test func `a Region newer than the table is priced over the range of all Regions`() throws {
        let price = try #require(table.hourly(instanceType: "c5.large", region: "mx-central-1"))
        #expect(abs(price.low - 0.085 * 0.633) < 1e-12)
        #expect(price.expected > 0.085 && price.expected < 0.085 * 1.3)
        #expect(abs(price.high - 0.085 * 1.75) < 1e-12)
        #expect(price.basis == .anyRegion)
        #expect(price.note == "c5.large: no price known for mx-central-1, range over all Regions")
    }

    @Test(arguments: [
        "cn-north-1", "cn-northwest-1", "us-iso-east-1", "eusc-de-east-1", "", "mars", "us-east-1a", "eu--1",
    ])
    func `a Region that does not bill in dollars, or is none, has no price`(region: String) {
        #expect(table.hourly(instanceType: "c5.large", region: region) == nil)
        #expect(table.volumeMonthly(type: "gp3", sizeGiB: 1, region: region) == nil)
        #expect(table.lambdaRequests(count: 1, region: region) == nil)
    }

    @Test func `a missing size of a proportional family is scaled and says so`() throws {
        let price = try #require(table.hourly(instanceType: "c5.16xlarge", region: "us-east-1"))
        #expect(abs(price.expected - 0.17 * 16) < 1e-9)
        #expect(price.basis == .familyScale)
        #expect(price.note == "c5.16xlarge: scaled from other sizes of c5 in us-east-1")
        let abroad = try #require(table.hourly(instanceType: "c5.16xlarge", region: "eu-central-1"))
        #expect(abroad.basis == .familyScale)
        #expect(abs(abroad.expected - 0.17 * 16 * 1.198) < 1e-9)
    }

    @Test(arguments: [
        "p3.4xlarge", "g5.large", "trn1.8xlarge", "inf2.2xlarge", "dl1.2xlarge", "vt1.large", "f2.2xlarge",
        "gr6.2xlarge",
        "g4dn.large", "hpc7g.2xlarge", "u-3tb1.2xlarge", "c5.metal-48xl", "c5.0xlarge", "c5.449xlarge", "c5.-2xlarge",
    ])
    func `accelerated families and odd sizes are never scaled`(type: String) {
        #expect(table.hourly(instanceType: type, region: "us-east-1") == nil)
    }

    @Test(arguments: [
        "", ".", "c5", "c5.", ".large", "c5.large.large", "ml.c5.large", "db.r5.large", "zz9.large", "C5.large",
        "c5.larg\u{e9}", "c5 large=.085.large", "c5\n.large", String(repeating: "c", count: 10_000) + ".large",
    ])
    func `what is not a known EC2 type has no price`(type: String) {
        #expect(table.hourly(instanceType: type, region: "us-east-1") == nil)
        #expect(table.hourly(instanceType: type, region: "eu-west-1") == nil)
    }

    @Test func `a Spot instance costs at most the list price and is said to be unknown`() throws {
        let price = try #require(table.hourly(instanceType: "m5.large", region: "us-east-1", isSpot: true))
        #expect(price.low == 0)
        #expect(price.high == 0.096)
        #expect(price.basis == .spotCeiling)
        #expect(price.note == "m5.large: spot price unknown: list price is the ceiling")
    }

    @Test func `a price times a count scales the whole range`() throws {
        let price = try #require(table.hourly(instanceType: "c5.large", region: "eu-central-1"))
        let day = price.times(24)
        #expect(day.low == price.low * 24)
        #expect(day.expected == price.expected * 24)
        #expect(day.high == price.high * 24)
        #expect(day.note == price.note)
    }

    @Test func `every line of every table is found, in byte order`() {
        for text in [
            PriceFigures.usEast1, PriceFigures.usGovEast1, PriceFigures.usGovWest1, PriceFigures.regionFactors,
        ] {
            let lines = PriceLines(text)
            let all = lines.all
            #expect(all.count > 20)
            for (one, next) in zip(all, all.dropFirst()) {
                #expect(one.key.utf8.lexicographicallyPrecedes(next.key.utf8))
            }
            for line in all {
                let found = lines.line(of: line.key)
                #expect(found?.key == line.key)
                #expect(found?.fields == line.fields)
                #expect(!line.fields.isEmpty && line.fields.allSatisfy { $0.decimal != nil })
                #expect(lines.line(of: line.key + "~") == nil)
            }
        }
    }

    @Test(.enabled(if: SharedData.has("prices/ec2-on-demand.json"), "needs ../shared/data/prices"))
    func `every figure is the one that was published`() throws {
        var region = ""
        var checked = 0
        for line in try lines(of: "prices/ec2-on-demand.json") {
            // One member a line: "name": value,
            let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
            guard parts.count >= 3 else {
                continue
            }
            let value = parts[2].drop { $0 == ":" || $0 == " " }
            if value.hasPrefix("{") {
                region = String(parts[1])
            } else if ["us-east-1", "us-gov-east-1", "us-gov-west-1"].contains(region),
                let usd = Double(value.prefix { $0 != "," })
            {
                let type = String(parts[1])
                let price = try #require(table.hourly(instanceType: type, region: region), "\(type) in \(region)")
                #expect(price.expected == usd && price.basis == .listPrice, "\(type) in \(region)")
                checked += 1
            }
        }
        #expect(checked == 2686)
    }

    private func lines(of name: String) throws -> [Substring] {
        let stream = try #require(fopen(SharedData.path(name), "r"))
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&piece, 1, piece.count, stream), count > 0 {
            bytes.append(contentsOf: piece[..<count])
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }
}
