/// Why an evaluation did not come to its end.
package enum EvaluationFailure: Error, Equatable, CustomStringConvertible {
    /// Another evaluation is writing, for longer than this one may wait.
    case busy(by: String)
    /// Others wrote the same incidents again and again.
    case contended(tries: Int)
    /// The deadline is near.
    case noTime(before: String)
    /// Some notices did not get through; each line says which and why.
    case unsent([String])

    package var description: String {
        switch self {
        case .busy(let other):
            "evaluation: not done (evaluation \(other) is writing); nothing was written, the next one looks at the same time again"
        case .contended(let tries):
            "evaluation: not finished (incidents were changed by others \(tries) times); the next one goes on"
        case .noTime(let step):
            "evaluation: stopped before \(step) (the deadline is near); the next one goes on, or give the function more time"
        case .unsent(let problems):
            "notices: \(problems.count) not sent (\(problems.prefix(3).joined(separator: "; "))); they are owed and will be sent by a later evaluation"
        }
    }
}
