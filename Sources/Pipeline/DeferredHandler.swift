import AWSAccess

/// A handler that is made when the first event has come.
final class DeferredHandler: InvocationHandler {
    private let make: () throws -> any InvocationHandler
    private var handler: (any InvocationHandler)?

    init(_ make: @escaping () throws -> any InvocationHandler) { self.make = make }

    func handle(_ event: [UInt8], _ context: InvocationContext) async throws -> [UInt8] {
        let handler = try handler ?? make()
        self.handler = handler
        return try await handler.handle(event, context)
    }
}
