/// A command that could not do its work, in one line.
enum CommandFailure: Error, CustomStringConvertible {
    case at(String, String)

    var description: String {
        switch self {
        case .at(let subject, let what): "\(subject): \(what)"
        }
    }
}
