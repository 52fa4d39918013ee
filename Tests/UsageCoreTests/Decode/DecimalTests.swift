import Testing
import UsageCore

@Suite struct DecimalTests {
    @Test(
        arguments: [
            (0, 2, "0"), (-0.0, 2, "0"), (1.5, 0, "2"), (-1.5, 0, "-2"), (2.5, 0, "3"), (0.004, 2, "0"),
            (-0.004, 2, "0"),
            (1.10, 2, "1.1"), (100, 2, "100"), (1e-9, 9, "0.000000001"), (12.345678, 3, "12.346"), (.nan, 2, "0"),
            (.infinity, 2, "0"), (9_007_199_254_740_991, 0, "9007199254740991"),
        ] as [(Double, Int, String)]
    )
    func `numbers are rounded half away from zero and bare of zeros`(value: Double, places: Int, text: String) {
        #expect(Decimal.text(value, decimals: places) == text)
    }

    @Test(
        arguments: [(1, 2, "1.00"), (-0.25, 1, "-0.3"), (1234.5, 2, "1234.50"), (0.05, 2, "0.05")]
            as [(Double, Int, String)]
    )
    func `fixed places are kept`(value: Double, places: Int, text: String) {
        #expect(Decimal.fixed(value, decimals: places) == text)
    }

    @Test(
        arguments: [
            (999, 0, "999"), (1000, 0, "1,000"), (-999_999.5, 0, "-1,000,000"), (1_247.5, 2, "1,247.50"),
            (1e15, 0, "1,000,000,000,000,000"), (1e18, 0, "1,000,000,000,000,000,000"),
            (-1e14, 2, "-100,000,000,000,000.00"),
        ] as [(Double, Int, String)]
    )
    func `thousands are told apart by commas`(value: Double, places: Int, text: String) {
        #expect(Decimal.grouped(value, decimals: places) == text)
    }

    @Test(arguments: [1e15, 1e16, 1.5e17, 1e20, 9.5e20, 1.5e300, -2.5e30, .greatestFiniteMagnitude])
    func `a number of any size keeps its value`(value: Double) {
        for places in [0, 2, 6, 9] {
            #expect(Double(Decimal.text(value, decimals: places)) == value)
            #expect(Double(Decimal.fixed(value, decimals: places)) == value)
        }
    }

    @Test(arguments: [("0", 0), ("12", 12), ("012", 12), ("0.5", 0.5), ("1e3", 1000), ("2.5E-1", 0.25), ("1E+2", 100)])
    func `a plain decimal number is read`(text: String, value: Double) {
        #expect(Decimal.parse(text) == value)
    }

    @Test(
        arguments: [
            "", "-1", "+1", "inf", "infinity", "nan", "0x10", "0x1p3", "1e999", ".5", "5.", "1.2.3", "1e", "1e+", "e5",
            "1e5e5", " 1", "1 ", "1,000", "1_000", "\u{0661}",
        ]
    )
    func `what is no plain decimal number is none`(text: String) {
        #expect(Decimal.parse(text) == nil)
    }
}
