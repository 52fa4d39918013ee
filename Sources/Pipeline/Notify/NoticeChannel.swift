/// A way to people or to other programs.
package protocol NoticeChannel: Sendable {
    /// The name under which an incident's thread notes what was told here.
    var name: String { get }

    /// Sends one notice; throws where it did not get through, or where that is not known.
    func send(_ notice: Notice, deadline: ContinuousClock.Instant) async throws
}
