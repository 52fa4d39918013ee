import CCurl
import Glibc
import Synchronization

/// The thread behind `CurlTransport` and the queue that leads to it.
///
/// `@unchecked Sendable` because of the multi handle: libcurl allows one thread to use it, which is the one that `drive` runs
/// on, and any thread to call `curl_multi_wakeup` on it. Every wakeup happens under the lock and before `isStopping` is seen, so the
/// handle is still there. All other shared state is inside the lock.
final class CurlLoop: @unchecked Sendable {
    /// One request on its way to the thread.
    struct Order: Sendable {
        let id: UInt64
        let request: HTTPRequest
        let deadline: ContinuousClock.Instant
        let continuation: CheckedContinuation<HTTPResponse, any Error>
    }

    private struct State {
        var lastIdentifier: UInt64 = 0
        var arrivals: [Order] = []
        /// May name orders that have not arrived yet or are done; `forget` takes them out.
        var cancelled: Set<UInt64> = []
        var isRunning = false
        var isStopping = false
    }

    private let state = Mutex(State())
    private let multi: UnsafeMutableRawPointer?
    private let options: CurlTransfer.Options

    /// Concurrent connections to one host; more requests wait inside libcurl, which keeps descriptors bounded.
    private static let mostConnectionsPerHost = 64

    init(connectTimeout: Duration, certificateFile: String?) {
        options = CurlTransfer.Options(
            connectTimeoutMilliseconds: max(1, milliseconds(connectTimeout)),
            certificateFile: certificateFile
        )
        multi = CurlLibrary.status == CURLE_OK ? curl_multi_init() : nil
        if let multi {
            _ = ccurl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, Self.mostConnectionsPerHost)
            _ = ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, Self.mostConnectionsPerHost)
        }
    }

    // Reached only when the thread has returned or never ran: it holds a reference of its own.
    deinit {
        if let multi { curl_multi_cleanup(multi) }
    }

    func nextIdentifier() -> UInt64 {
        state.withLock { state in
            state.lastIdentifier &+= 1
            return state.lastIdentifier
        }
    }

    /// Hands an order to the thread, or answers it at once if it was cancelled or cannot be served.
    func submit(_ order: Order) {
        let refusal: (any Error)? = state.withLock { state in
            if state.cancelled.contains(order.id) { return CancellationError() }
            if state.isStopping { return AccessFailure.transportClosed(host: order.request.endpoint.authority) }
            guard multi != nil else {
                return AccessFailure.localResource(subject: "libcurl", detail: "no multi handle")
            }
            if !state.isRunning {
                let code = startThread()
                guard code == 0 else {
                    return AccessFailure.localResource(subject: "HTTP thread", detail: "pthread_create gave \(code)")
                }
                state.isRunning = true
            }
            state.arrivals.append(order)
            curl_multi_wakeup(multi)
            return nil
        }
        if let refusal { order.continuation.resume(throwing: refusal) }
    }

    /// Ends the order with `CancellationError` unless it is done; may come before it is submitted.
    func cancel(_ id: UInt64) {
        state.withLock { state in
            state.cancelled.insert(id)
            if state.isRunning, !state.isStopping { curl_multi_wakeup(multi) }
        }
    }

    /// Must follow every order once it is answered.
    func forget(_ id: UInt64) {
        state.withLock { _ = $0.cancelled.remove(id) }
    }

    /// Ends the thread; what is under way fails with `transportClosed`.
    func stop() {
        state.withLock { state in
            state.isStopping = true
            if state.isRunning { curl_multi_wakeup(multi) }
        }
    }

    private func startThread() -> Int32 {
        let me = Unmanaged.passRetained(self)
        var thread = pthread_t()
        let code = pthread_create(
            &thread,
            nil,
            { argument in
                if let argument { Unmanaged<CurlLoop>.fromOpaque(argument).takeRetainedValue().drive() }
                return nil
            },
            me.toOpaque()
        )
        if code == 0 { pthread_detach(thread) } else { me.release() }
        return code
    }

    private func drive() {
        // OpenSSL writes without MSG_NOSIGNAL, and with CURLOPT_NOSIGNAL libcurl leaves SIGPIPE to us.
        var pipe = sigset_t()
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &pipe, nil)

        guard let multi else { return }
        var transfers = CurlTransfers(multi: multi, options: options)
        while true {
            let (arrivals, cancelled, isStopping) = state.withLock { state in
                defer { state.arrivals = [] }
                return (state.arrivals, state.cancelled, state.isStopping)
            }
            for order in arrivals { transfers.start(order) }
            for id in cancelled { transfers.end(id, throwing: CancellationError()) }
            if isStopping { break }
            var code = transfers.advance()
            // Only a wakeup, a socket or one of libcurl's own timers has to end the wait.
            if code == CURLM_OK { code = curl_multi_poll(multi, nil, 0, 60_000, nil) }
            if code != CURLM_OK {
                let detail = String(cString: curl_multi_strerror(code))
                transfers.endAll { _ in .localResource(subject: "libcurl", detail: detail) }
                // Where even waiting fails, at least do not spin.
                poll(nil, 0, 10)
            }
        }
        transfers.endAll { .transportClosed(host: $0) }
    }
}

/// Whole milliseconds, rounded up so that a short wait does not become none, at most 24 days, which a C int holds.
func milliseconds(_ duration: Duration) -> Int {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    guard seconds < 2_000_000 else { return 2_000_000_000 }
    return Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
}
