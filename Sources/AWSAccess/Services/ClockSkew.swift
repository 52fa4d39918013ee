import Synchronization

/// How far this machine's clock is from that of AWS, learned from an answer that refused a signature.
final class ClockSkew: Sendable {
    private let milliseconds = Atomic<Int64>(0)

    /// AWS takes signatures that are up to 5 minutes off; with less than this the clock was not the reason.
    static let leastCorrection: Int64 = 240_000  // milliseconds

    /// `now` as AWS sees it.
    func corrected(_ now: WallTime) -> WallTime {
        let (sum, overflow) = now.milliseconds.addingReportingOverflow(milliseconds.load(ordering: .relaxed))
        return overflow ? now : WallTime(milliseconds: sum)
    }

    /// Takes over the other side's time if what was signed with was far from it.
    ///
    /// - Parameters:
    ///   - response: The refusal, whose `Date` header is believed.
    ///   - signedAt: The corrected time in its request.
    ///   - now: What this machine's clock says.
    /// - Returns: Whether another try with the corrected time makes sense.
    func learn(from response: HTTPResponse, signedAt: WallTime, now: WallTime) -> Bool {
        guard let theirs = response.headers["date"].flatMap(WallTime.init(httpDate:)),
            abs(theirs.milliseconds - signedAt.milliseconds) >= Self.leastCorrection
        else { return false }
        milliseconds.store(theirs.milliseconds - now.milliseconds, ordering: .relaxed)
        return true
    }
}
