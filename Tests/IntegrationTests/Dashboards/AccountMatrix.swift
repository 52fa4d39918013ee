import AWSAccess
import Glibc
import Pipeline
import Testing

/// Accounts with their calls by usage or hour, and how they compare: computed here as it is written in textbooks.
struct AccountMatrix {
    /// By account and by usage or hour, with the calls; those without calls too.
    let rows: [PanelRow]
    private var calls: [String: [String: Double]] = [:]

    var accounts: [String] { calls.keys.sorted() }

    /// Reads an answer whose accounts are divided by `inner`.
    init(_ answer: JSONValue, inner: String) throws {
        var rows: [PanelRow] = []
        for account in try #require(answer["aggregations"]?["accounts"]?["buckets"]?.array) {
            let id = try #require(account["key"]?.string)
            for cell in try #require(account[inner]?["buckets"]?.array) {
                let key = try #require(cell["key_as_string"]?.string ?? cell["key"]?.string)
                let count = try #require(cell["doc_count"]?.double)
                rows.append(PanelRow(keys: [id, key], numbers: [count]))
                calls[id, default: [:]][key] = count
            }
        }
        self.rows = rows
    }

    /// The cosine between logarithms of calls; pairs without anything in common are left out.
    func likeness() -> [String: Double] {
        pairs { one, other in
            let common = Set(one.keys).intersection(other.keys)
            if common.isEmpty { return nil }
            let product = common.reduce(0) { $0 + log(1 + (one[$1] ?? 0)) * log(1 + (other[$1] ?? 0)) }
            func length(_ calls: [String: Double]) -> Double {
                calls.values.reduce(0) { $0 + log(1 + $1) * log(1 + $1) }.squareRoot()
            }
            return product / length(one) / length(other)
        }
    }

    /// Pearson's correlation, 0 where one of both never changes.
    func correlation() -> [String: Double] {
        pairs { one, other in
            let (x, y) = (one.keys.sorted().map { one[$0] ?? 0 }, one.keys.sorted().map { other[$0] ?? 0 })
            let (meanX, meanY) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
            let both = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
            let squares =
                x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) } * y.reduce(0) { $0 + ($1 - meanY) * ($1 - meanY) }
            return squares > 0 ? both / squares.squareRoot() : 0
        }
    }

    private func pairs(_ value: ([String: Double], [String: Double]) -> Double?) -> [String: Double] {
        var all: [String: Double] = [:]
        for (one, first) in calls {
            for (other, second) in calls { all["\(one) and \(other)"] = value(first, second) }
        }
        return all
    }
}
