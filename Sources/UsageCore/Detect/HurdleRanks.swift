/// The calibrators of the hurdle's three evidences, in one allocation.
final class HurdleRanks: ManagedBuffer<Int, Float> {
    private static let floats = 3 * Calibrator.size

    /// Bytes of the allocation.
    static var bytes: Int { 4 * floats + 32 }

    /// Calibrators without any past.
    static func make() -> HurdleRanks {
        let made = unsafeDowncast(create(minimumCapacity: floats) { _ in 0 }, to: HurdleRanks.self)
        made.withUnsafeMutablePointerToElements { $0.initialize(repeating: 0, count: floats) }
        return made
    }

    /// An independent copy.
    func copy() -> HurdleRanks {
        let made = HurdleRanks.make()
        withUnsafeMutablePointerToElements { from in
            made.withUnsafeMutablePointerToElements { $0.update(from: from, count: Self.floats) }
        }
        return made
    }
}
