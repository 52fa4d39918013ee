import TestSupport
import Testing

/// Every client against the stand-in: its log must stay free of violations, and its faults must lead to the right decisions.
@Suite(
    "Clients against the strict stand-in",
    .serialized,
    .enabled(if: StrictAWS.isAvailable, "needs ../shared/tools/strict_aws.py and python3 with moto[server]")
)
enum StrictTests {
    /// One process for all tests, which therefore run one after the other.
    static let aws = Result { try StrictAWS() }
}
