import Testing

@testable import UsageCore

@Suite struct PriceTableServicesTests {
    let table = PriceTable()

    @Test(
        arguments: [
            ("gp3", 100.0, nil, nil, 8.0),
            ("gp3", 100, 3000, 125, 8),
            ("gp3", 100, 4000, 225, 8 + 1000 * 0.005 + 100 * 0.04),
            ("gp2", 100, 300, nil, 10),
            ("io1", 100, 1000, nil, 12.5 + 65),
            ("st1", 1000, nil, nil, 45),
            ("standard", 10, nil, nil, 0.5),
            ("gp3", 0, nil, nil, 0),
        ] as [(String, Double, Double?, Double?, Double)]
    )
    func `a volume costs its size and what goes beyond what is included`(
        type: String,
        size: Double,
        iops: Double?,
        throughput: Double?,
        usd: Double
    ) throws {
        let price = try #require(
            table.volumeMonthly(type: type, sizeGiB: size, iops: iops, throughput: throughput, region: "us-east-1")
        )
        #expect(abs(price.low - usd) < 1e-9)
        #expect(abs(price.expected - usd) < 1e-9)
        #expect(abs(price.high - usd) < 1e-9)
    }

    @Test func `figures that public tables disagree on are a range and say so`() throws {
        let cold = try #require(table.volumeMonthly(type: "sc1", sizeGiB: 1000, region: "us-east-1"))
        #expect(cold.low == 15)
        #expect(cold.expected == 15)
        #expect(cold.high == 25)
        #expect(cold.basis == .unconfirmed)
        #expect(cold.note == "EBS sc1: list price in us-east-1, public tables disagree")

        let fast = try #require(table.volumeMonthly(type: "io2", sizeGiB: 0, iops: 64_000, region: "us-east-1"))
        #expect(fast.low == 2080)
        #expect(fast.high == 4160)
        #expect(fast.basis == .unconfirmed)
    }

    @Test func `a volume elsewhere is estimated with the spread of the Region`() throws {
        let price = try #require(table.volumeMonthly(type: "gp3", sizeGiB: 100, region: "sa-east-1"))
        #expect(abs(price.low - 8 * 1.45) < 1e-9)
        #expect(abs(price.expected - 8 * 1.594) < 1e-9)
        #expect(abs(price.high - 8 * 1.75) < 1e-9)
        #expect(price.basis == .regionFactor)
        #expect(
            price.note == "EBS gp3: list price in us-east-1, sa-east-1 estimated from us-east-1 by the factor of EC2"
        )
    }

    @Test func `unknown volume types and impossible amounts have no price`() {
        #expect(table.volumeMonthly(type: "gp9", sizeGiB: 1, region: "us-east-1") == nil)
        for amount in [-1, .nan, .infinity, 1e300] as [Double] {
            #expect(table.volumeMonthly(type: "gp3", sizeGiB: amount, region: "us-east-1") == nil)
            #expect(table.volumeMonthly(type: "gp3", sizeGiB: 1, iops: amount, region: "us-east-1") == nil)
            #expect(table.volumeMonthly(type: "gp3", sizeGiB: 1, throughput: amount, region: "us-east-1") == nil)
            #expect(table.lambdaRequests(count: amount, region: "us-east-1") == nil)
            #expect(table.lambdaDuration(gibSeconds: amount, architecture: .arm, region: "us-east-1") == nil)
        }
    }

    @Test func `a million Lambda requests cost 20 cents, elsewhere within the spread`() throws {
        let home = try #require(table.lambdaRequests(count: 1_000_000, region: "us-east-1"))
        #expect(abs(home.low - 0.2) < 1e-12)
        #expect(abs(home.high - 0.2) < 1e-12)
        let abroad = try #require(table.lambdaRequests(count: 1_000_000, region: "ap-south-1"))
        #expect(abs(abroad.low - 0.2 * 0.633) < 1e-12)
        #expect(abs(abroad.expected - 0.2) < 1e-12)
        #expect(abs(abroad.high - 0.2 * 1.133) < 1e-12)
    }

    @Test func `Lambda time is cheaper on Graviton`() throws {
        let intel = try #require(table.lambdaDuration(gibSeconds: 1e6, architecture: .x86, region: "us-east-1"))
        let arm = try #require(table.lambdaDuration(gibSeconds: 1e6, architecture: .arm, region: "us-east-1"))
        #expect(abs(intel.expected - 16.6667) < 1e-9)
        #expect(abs(arm.expected - 13.3334) < 1e-9)
    }
}
