import CCurl

/// The transfers under way on one multi handle; lives on the thread of `CurlLoop`.
struct CurlTransfers: ~Copyable {
    private struct Running {
        let order: CurlLoop.Order
        let transfer: CurlTransfer
        let handle: UnsafeMutableRawPointer
    }

    private let multi: UnsafeMutableRawPointer
    private let options: CurlTransfer.Options
    private var running: [UInt64: Running] = [:]
    private var identifiers: [UnsafeMutableRawPointer: UInt64] = [:]
    /// Easy handles for use again: they remember TLS sessions.
    private var idle: [UnsafeMutableRawPointer] = []

    private static let mostIdle = 16

    init(multi: UnsafeMutableRawPointer, options: CurlTransfer.Options) {
        self.multi = multi
        self.options = options
    }

    deinit {
        for handle in idle { curl_easy_cleanup(handle) }
    }

    /// Puts the order on the multi handle, or answers it with what stands in the way.
    mutating func start(_ order: CurlLoop.Order) {
        let host = order.request.endpoint.authority
        let left = milliseconds(order.deadline - .now)
        guard left > 0 else {
            order.continuation.resume(throwing: AccessFailure.timedOut(host: host, afterMilliseconds: 0, sent: false))
            return
        }
        guard let handle = idle.popLast() ?? curl_easy_init() else {
            order.continuation.resume(
                throwing: AccessFailure.localResource(subject: "libcurl", detail: "no easy handle")
            )
            return
        }
        var options = options
        options.timeoutMilliseconds = left
        options.connectTimeoutMilliseconds = min(left, options.connectTimeoutMilliseconds)
        do throws(AccessFailure) {
            let transfer = try CurlTransfer(order.request, on: handle, options)
            let code = curl_multi_add_handle(multi, handle)
            guard code == CURLM_OK else {
                throw .localResource(subject: "libcurl", detail: String(cString: curl_multi_strerror(code)))
            }
            running[order.id] = Running(order: order, transfer: transfer, handle: handle)
            identifiers[handle] = order.id
        } catch {
            put(back: handle)
            order.continuation.resume(throwing: error)
        }
    }

    /// Lets libcurl do what can be done now, answers the orders that are finished, and gives libcurl's verdict on itself.
    mutating func advance() -> CURLMcode {
        var active: Int32 = 0
        let code = curl_multi_perform(multi, &active)
        var queued: Int32 = 0
        while let message = curl_multi_info_read(multi, &queued) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle,
                let id = identifiers[handle], let done = running[id]
            else { continue }
            // The message is gone once its handle is removed.
            let result = ccurl_message_result(message)
            let answer = Result { () throws(AccessFailure) in try done.transfer.finish(result) }
            take(out: id)
            done.order.continuation.resume(with: answer.mapError { $0 })
        }
        return code
    }

    /// Breaks the transfer off, if it is under way.
    mutating func end(_ id: UInt64, throwing error: any Error) {
        guard let ended = running[id] else { return }
        take(out: id)
        ended.order.continuation.resume(throwing: error)
    }

    /// Breaks every transfer off; `failure` is given the host.
    mutating func endAll(_ failure: (String) -> AccessFailure) {
        for (id, ended) in running {
            end(id, throwing: failure(ended.order.request.endpoint.authority))
        }
    }

    private mutating func take(out id: UInt64) {
        guard let ended = running.removeValue(forKey: id) else { return }
        identifiers[ended.handle] = nil
        // Closing the connection may still call back.
        withExtendedLifetime(ended.transfer) { _ = curl_multi_remove_handle(multi, ended.handle) }
        put(back: ended.handle)
    }

    private mutating func put(back handle: UnsafeMutableRawPointer) {
        // Its pointers lead to a transfer that is about to go.
        curl_easy_reset(handle)
        if idle.count < Self.mostIdle { idle.append(handle) } else { curl_easy_cleanup(handle) }
    }
}
