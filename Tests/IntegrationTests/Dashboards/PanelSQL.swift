import Pipeline
import UsageCore

@testable import LocalStore

/// What panels show, asked of the records and incidents of a local store in SQL: first what they are divided by, then the numbers.
enum PanelSQL {
    /// Tables of what is asked for, over records and incidents of a span of time.
    static func tables(_ catalog: UsageCatalog, from: Int64, to: Int64) -> String {
        func field(_ name: String) -> String { "json_extract(m, '$.\(name)')" }
        func second(_ value: String) -> String { "CAST(strftime('%s', \(value)) AS INTEGER)" }
        func moment(_ column: String, _ step: String) -> String {
            "strftime('%Y-%m-%dT\(step):00:00.000Z', \(column), 'unixepoch')"
        }
        func amount(_ name: String) -> String { "json_extract(document, '$.cost.\(name)')" }
        let titles = catalog.usages.map { "('\($0.name)', '\($0.title.replacing("'", with: "''"))')" }
        return """
            CREATE TEMP TABLE r AS WITH texts AS MATERIALIZED
                (SELECT CAST(body AS TEXT) AS b, '{' || members || '}' AS m FROM records)
                SELECT \(second("json_extract(b, '$.eventTime')")) AS time,
                \(second(field("ingest.receivedAt"))) AS received, \(field("ingest.source")) AS source,
                json_extract(b, '$.recipientAccountId') AS account, json_extract(b, '$.awsRegion') AS region,
                json_type(b, '$.eventVersion') IS 'text' AS isIndexed, \(field("usage.name")) AS usage,
                \(field("usage.quantity")) AS quantity, \(field("usage.principal")) AS principal,
                \(field("usage.callers")) AS callers, \(field("usage.family")) AS family,
                \(field("usage.centsPerHour")) AS cents, \(field("self")) AS own, \(field("account.type")) AS type,
                \(field("account.alias")) AS alias, \(field("account.contextMissing")) AS isUnknown
                FROM texts;
            CREATE TEMP VIEW w AS SELECT *, \(moment("time", "%H")) AS hour, \(moment("time", "00")) AS day FROM r
                WHERE usage IS NOT NULL AND own = 0 AND time >= \(from) AND time < \(to);
            CREATE TEMP VIEW a AS SELECT *, \(moment("received", "%H")) AS hour FROM r
                WHERE received >= \(from) AND received < \(to);
            CREATE TEMP VIEW i AS SELECT incidentId AS id, state, severity AS level, \(moment("start", "%H")) AS hour,
                \(moment("start", "00")) AS day, json_extract(document, '$.severity.score') AS score,
                json_extract(document, '$.pattern') AS pattern, \(amount("accruedUSD")) AS accrued,
                \(amount("perDayUSD.low")) AS low, \(amount("perDayUSD.expected")) AS expected,
                \(amount("perDayUSD.high")) AS high, \(amount("stillRunning")) AS running,
                \(amount("started")) AS started, document FROM incidents
                WHERE start >= \(from) AND start < \(to) AND json_extract(document, '$.thread.mergedInto') IS NULL;
            CREATE TEMP VIEW e AS SELECT DISTINCT i.id AS id, json_extract(value, '$.accountId') AS account,
                json_extract(value, '$.type') AS type, json_extract(value, '$.region') AS region
                FROM i, json_each(document, '$.entities');
            CREATE TEMP TABLE titles (usage, title);
            INSERT INTO titles VALUES \(titles.joined(separator: ", "));
            """
    }

    /// The statement for the panel of that name.
    static subscript(name: String) -> String? {
        if let sql = all[name] { return sql }
        guard name.hasPrefix("usage-") else { return nil }
        return "SELECT account, hour, total(quantity) FROM w WHERE usage = '\(name.dropFirst(6))' GROUP BY 1, 2"
    }

    private static let none = "'\(PanelBucket.missing)'"
    private static let byAccount = "(SELECT DISTINCT id, account FROM e) USING (id)"

    private static let all = [
        "organization-numbers":
            "SELECT count(*), count(DISTINCT account), count(DISTINCT region), count(DISTINCT usage) FROM w",
        "organization-open": "SELECT count(*), total(expected) FROM i WHERE state = 'open'",
        "organization-heatmap": "SELECT account, hour, count(*) FROM w GROUP BY 1, 2",
        "organization-incidents": "SELECT account, hour, count(*) FROM i JOIN \(byAccount) GROUP BY 1, 2",
        "organization-usages": """
        SELECT title, count(*), total(quantity), count(DISTINCT account), count(DISTINCT principal), max(time) * 1000
        FROM w JOIN titles USING (usage) GROUP BY 1
        """,
        "accounts-types-usages": "SELECT usage, coalesce(type, \(none)), count(*) FROM w GROUP BY 1, 2",
        "accounts-types-incidents": """
        SELECT level, coalesce(type, \(none)), count(*) FROM i
        LEFT JOIN (SELECT DISTINCT id, type FROM e WHERE type IS NOT NULL) USING (id) GROUP BY 1, 2
        """,
        "accounts-types": """
        SELECT coalesce(type, \(none)), count(*), count(DISTINCT account), count(DISTINCT principal),
        count(DISTINCT region) FROM w GROUP BY 1
        """,
        "accounts-top": """
        SELECT account, coalesce(alias, \(none)), count(*), count(DISTINCT usage), count(DISTINCT principal),
        count(DISTINCT region), max(time) * 1000 FROM w GROUP BY 1, 2
        """,
        "accounts-top-incidents":
            "SELECT account, count(*), max(score), total(accrued) FROM i JOIN \(byAccount) GROUP BY 1",
        "alike-profiles": "SELECT account, usage, count(*) FROM w GROUP BY 1, 2",
        "alike-likeness": "SELECT account, usage, count(*) FROM w GROUP BY 1, 2",
        "alike-correlation": "SELECT account, hour, count(*) FROM w GROUP BY 1, 2",
        "alike-callers": """
        SELECT principal, count(DISTINCT account), count(DISTINCT usage), count(*) FROM w
        WHERE principal IS NOT NULL GROUP BY 1
        """,
        "alike-incidents": """
        SELECT id, pattern, count(DISTINCT account), count(DISTINCT region), max(score) FROM i JOIN e USING (id)
        WHERE pattern IN ('multi-account', 'organization-wide') GROUP BY 1, 2
        """,
        "trends-usages": "SELECT title, day, count(*) FROM w JOIN titles USING (usage) GROUP BY 1, 2",
        "trends-types": "SELECT coalesce(type, \(none)), day, count(*) FROM w GROUP BY 1, 2",
        "trends-accounts": "SELECT day, count(DISTINCT account), count(DISTINCT principal) FROM w GROUP BY 1",
        "trends-incidents": "SELECT level, day, count(*) FROM i GROUP BY 1, 2",
        "trends-callers": "SELECT coalesce(callers, \(none)), day, count(*) FROM w GROUP BY 1, 2",
        "cost-open": "SELECT total(low), total(expected), total(high) FROM i WHERE state = 'open'",
        "cost-so-far": "SELECT total(accrued), total(running), total(started) FROM i",
        "cost-days": "SELECT level, day, total(accrued) FROM i GROUP BY 1, 2",
        "cost-incidents": "SELECT id, state, level, accrued, low, expected, high FROM i",
        "cost-accounts": "SELECT account, total(accrued) FROM i JOIN \(byAccount) GROUP BY 1",
        "cost-usages": "SELECT value, total(accrued) FROM i, json_each(document, '$.usages') GROUP BY 1",
        "cost-causes": """
        SELECT coalesce(cause, \(none)), total(accrued), count(*) FROM i LEFT JOIN
        (SELECT DISTINCT i.id AS id, json_extract(value, '$.id') AS cause FROM i, json_each(document, '$.causes')) USING (id)
        GROUP BY 1
        """,
        "cost-started": """
        SELECT family, coalesce(type, \(none)), total(cents) FROM w WHERE family IS NOT NULL GROUP BY 1, 2
        """,
        "ingest-latest": "SELECT count(*), max(received) * 1000, count(DISTINCT account) FROM a",
        "ingest-arrivals": """
        SELECT CASE WHEN own = 1 THEN 'our own' WHEN usage IS NULL THEN 'not watched' ELSE 'watched' END, hour, count(*)
        FROM a GROUP BY 1, 2
        """,
        "ingest-delay": """
        SELECT hour, avg(received - time), max(received - time) FROM a WHERE usage IS NOT NULL AND own = 0 GROUP BY 1
        """,
        "ingest-apart": """
        SELECT reason, count(*), count(DISTINCT account), max(received) * 1000 FROM
        (SELECT 'our own' AS reason, * FROM a WHERE own = 1
        UNION ALL SELECT 'account not known', * FROM a WHERE isUnknown = 1
        UNION ALL SELECT 'kept whole, not indexed', * FROM a WHERE NOT isIndexed
        UNION ALL SELECT 'time not believed', * FROM a
        WHERE time < received - \(IngestBatch.longestDelay) OR time > received + \(IngestBatch.longestLead))
        GROUP BY 1
        """,
        "ingest-sources": "SELECT source, count(*), max(received) * 1000, max(time) * 1000 FROM a GROUP BY 1",
        "ingest-accounts": "SELECT account, count(*), max(received) * 1000, max(time) * 1000 FROM a GROUP BY 1",
    ]
}
