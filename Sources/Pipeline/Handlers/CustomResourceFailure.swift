/// CloudFormation could not be answered: its stack waits until it gives up.
struct CustomResourceFailure: Error, Equatable, CustomStringConvertible {
    let evidence: String

    var description: String {
        "custom resource: answer not delivered (\(evidence)); the invocation fails so that it is tried again"
    }
}
