/// A message of the queue that cannot be put back.
enum RedriveFailure: Error, CustomStringConvertible {
    case noLetter

    var description: String {
        switch self {
        case .noLetter: "is no dead letter of ours; look at it in the console, and delete it there"
        }
    }
}
