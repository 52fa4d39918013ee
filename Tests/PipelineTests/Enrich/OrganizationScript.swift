import AWSAccess
import Synchronization

/// AWS Organizations, STS and DynamoDB as far as enrichment asks them, answered from a table; what is asked is kept.
final class OrganizationScript: HTTPTransport {
    struct Account: Sendable {
        var name: String
        var tags: [String: String] = [:]
        var paths: String?
    }

    private let accounts: [String: Account]
    private let units: [String: String]
    /// Operations that are refused, with the error's code.
    private let refusals: Mutex<[String: String]>
    private let items = Mutex<[String: JSONValue]>([:])
    private let asked = Mutex<[String]>([])
    /// Holds every answer of Organizations back until the test lets it go.
    private let isHeld: Mutex<Bool>

    init(
        _ accounts: [String: Account],
        units: [String: String] = [:],
        refusals: [String: String] = [:],
        isHeld: Bool = false
    ) {
        self.accounts = accounts
        self.units = units
        self.refusals = Mutex(refusals)
        self.isHeld = Mutex(isHeld)
    }

    /// The operations that were asked for, in order.
    var operations: [String] { asked.withLock { $0 } }
    func count(_ operation: String) -> Int { operations.count { $0 == operation } }
    func forgive() { refusals.withLock { $0.removeAll() } }
    func release() { isHeld.withLock { $0 = false } }
    func clear() { asked.withLock { $0.removeAll() } }

    func send(_ request: HTTPRequest, deadline: ContinuousClock.Instant) async throws -> HTTPResponse {
        let target = request.headers["X-Amz-Target"] ?? "sts.GetCallerIdentity"
        let operation = String(target.split(separator: ".").last ?? "")
        asked.withLock { $0.append(operation) }
        while !target.hasPrefix("DynamoDB"), isHeld.withLock({ $0 }) {
            try Task.checkCancellation()
            await Task.yield()
        }
        if let code = refusals.withLock({ $0[operation] }) {
            let body: JSONValue = ["__type": .string(code), "message": "no"]
            return HTTPResponse(status: 400, body: body.bytes)
        }
        if operation == "GetCallerIdentity" {
            let text = "<R><Account>111122223333</Account><Arn>arn:aws:sts::111122223333:assumed-role/f/f</Arn></R>"
            return HTTPResponse(status: 200, body: Array(text.utf8))
        }
        let input = JSONValue(request.body) ?? [:]
        guard let answer = answer(operation, input) else {
            return HTTPResponse(status: 400, body: (["__type": "AccountNotFoundException"] as JSONValue).bytes)
        }
        return HTTPResponse(status: 200, body: answer.bytes)
    }

    private func answer(_ operation: String, _ input: JSONValue) -> JSONValue? {
        switch operation {
        case "DescribeAccount":
            guard let id = input["AccountId"]?.string, let account = accounts[id] else { return nil }
            return ["Account": json(id, account)]
        case "ListAccounts":
            return ["Accounts": .array(accounts.sorted { $0.key < $1.key }.map { json($0.key, $0.value) })]
        case "ListTagsForResource":
            let tags = input["ResourceId"]?.string.flatMap { accounts[$0]?.tags } ?? [:]
            return ["Tags": .array(tags.map { ["Key": .string($0.key), "Value": .string($0.value)] })]
        case "DescribeOrganizationalUnit":
            guard let id = input["OrganizationalUnitId"]?.string, let name = units[id] else { return nil }
            return ["OrganizationalUnit": ["Id": .string(id), "Name": .string(name)]]
        case "ListParents":
            guard let id = input["ChildId"]?.string else { return nil }
            let isUnit = id.hasPrefix("ou-")
            return ["Parents": [["Id": isUnit ? "r-1" : "ou-1", "Type": isUnit ? "ROOT" : "ORGANIZATIONAL_UNIT"]]]
        case "BatchGetItem":
            guard case .object(let tables)? = input["RequestItems"], let table = tables.first else { return nil }
            let found = (table.value["Keys"]?.array ?? []).compactMap { key in
                items.withLock { $0[key["pk"]?["S"]?.string ?? ""] }
            }
            return ["Responses": .sorted([table.name: .array(found)]), "UnprocessedKeys": [:]]
        case "PutItem":
            guard let item = input["Item"], let key = item["pk"]?["S"]?.string else { return nil }
            items.withLock { $0[key] = item }
            return [:]
        case "GetItem": return [:]
        default: return nil
        }
    }

    private func json(_ id: String, _ account: Account) -> JSONValue {
        [
            "Id": .string(id), "Name": .string(account.name), "State": "ACTIVE",
            "Paths": account.paths.map { [.string($0)] },
        ]
    }
}

/// A clock that stands where the test puts it; sleeping takes as long as the test lets it.
final class HandClock: Sendable {
    private let seconds = Mutex<Int64>(1_767_225_600)
    private let start = ContinuousClock.now
    private let sleepers = Mutex<[CheckedContinuation<Void, Never>]>([])

    func advance(_ by: Int64) { seconds.withLock { $0 += by } }

    /// Ends all sleeping.
    func wake() {
        for sleeper in sleepers.withLock({ all in
            defer { all.removeAll() }
            return all
        }) { sleeper.resume() }
    }

    var sleeping: Int { sleepers.withLock(\.count) }

    var clock: CallClock {
        CallClock(
            now: { WallTime(milliseconds: self.seconds.withLock { $0 } * 1000) },
            // Deadlines are not reached, however slow the machine is.
            instant: { [start] in start },
            sleep: { _ in
                await withTaskCancellationHandler {
                    await withCheckedContinuation { continuation in
                        if Task.isCancelled {
                            continuation.resume()
                        } else {
                            self.sleepers.withLock { $0.append(continuation) }
                        }
                    }
                } onCancel: {
                    self.wake()
                }
            },
            random: { 0 }
        )
    }
}
