/// What lies among the dead letters and cannot be put back.
enum RedriveFailure: Error, CustomStringConvertible {
    case noLetter
    case noInvocation
    case tooLarge(bytes: Int)

    var description: String {
        switch self {
        case .noLetter: "is no dead letter of ours; look at it in the console, and delete it there"
        case .noInvocation: "is no record of a failed invocation; look at the object, and delete it there"
        case .tooLarge(let bytes): "has \(bytes) bytes, more than any event; look at the object, and delete it there"
        }
    }
}
