/// What incidents cost, at list prices.
extension UsageDashboards {
    var cost: Dashboard {
        Dashboard(
            name: "cost",
            title: "cost",
            text: "What incidents cost and would cost, and what is started at which price.",
            days: 30,
            rows: [
                .init(7, (guide("cost", Self.costGuide), 2), (costOpen, 3), (costSoFar, 2)), .init(13, [costByDay]),
                .init(16, [costliest]), .init(14, [costAccounts, costUsages, costCauses]), .init(13, [started]),
            ]
        )
    }

    private static let costGuide = """
        Estimates from public list prices, without discounts, of what is beyond the usual. *Expected a day*: what still runs, for 24 hours; \
        *low*: what has come together so far, taken as a day; *high*: all that was started, as if it still ran. *So far*: from the \
        beginning to the last look. What has no price counts nothing, which the incident says.
        """

    private static let soFar = PanelMetric.sum("cost.accruedUSD", "USD so far")

    private var costOpen: Panel {
        panel(
            "cost-open",
            "Open incidents, USD a day",
            "Of those that began in the time shown and still go on: low, expected, high.",
            .number,
            .incidents,
            .openIncidents,
            [
                .sum("cost.perDayUSD.low", "Low"), .sum("cost.perDayUSD.expected", "Expected"),
                .sum("cost.perDayUSD.high", "High"),
            ]
        )
    }

    private var costSoFar: Panel {
        panel(
            "cost-so-far",
            "All incidents, USD so far",
            "Of those that began in the time shown, with how much of what they started still runs.",
            .number,
            .incidents,
            .incidents,
            [Self.soFar, .sum("cost.stillRunning", "Still running"), .sum("cost.started", "Started")]
        )
    }

    private var costByDay: Panel {
        panel(
            "cost-days",
            "USD so far by day of beginning and severity",
            "What the incidents that began on a day have come to.",
            .columns,
            .incidents,
            .incidents,
            [Self.soFar],
            by: [.terms("severity.level", size: 10, label: "Severity"), .time("start", .day, label: "Day")]
        )
    }

    private var costliest: Panel {
        panel(
            "cost-incidents",
            "Incidents that cost most",
            "USD so far and a day. Look the incident up by its id in the notices, or in Discover.",
            .table,
            .incidents,
            .incidents,
            [
                Self.soFar, .sum("cost.perDayUSD.low", "Low a day"),
                .sum("cost.perDayUSD.expected", "Expected a day"), .sum("cost.perDayUSD.high", "High a day"),
            ],
            by: [
                .terms("incidentId", size: 100, label: "Incident"), .terms("state", size: 5, label: "State"),
                .terms("severity.level", size: 5, label: "Severity"),
            ]
        )
    }

    private var costAccounts: Panel {
        panel(
            "cost-accounts",
            "USD so far by account",
            "Of the incidents in which the account has a part: one of several accounts counts whole in each, so the bars do not add up.",
            .bars,
            .incidents,
            .incidents,
            [Self.soFar],
            by: [.terms("entities.accountId", size: 50, label: "Account")]
        )
    }

    private var costUsages: Panel {
        panel(
            "cost-usages",
            "USD so far by usage",
            "Of the incidents in which the usage has a part; one of several usages counts whole in each.",
            .bars,
            .incidents,
            .incidents,
            [Self.soFar],
            by: [.terms("usages", size: 50, label: "Usage")]
        )
    }

    private var costCauses: Panel {
        panel(
            "cost-causes",
            "By possible cause",
            "Incidents with evidence for a cause, and what they cost as a whole; one may have several causes.",
            .table,
            .incidents,
            .incidents,
            [Self.soFar, .count("Incidents")],
            by: [.terms("causes.id", size: 50, label: "Cause", missing: "none found")]
        )
    }

    private var started: Panel {
        panel(
            "cost-started",
            "List price of instances started, by type of account and family",
            "US cents an hour of everything that was started, usual or not: what the bill is made of. Not all of it still runs.",
            .bars,
            .records,
            .watched,
            [.sum("usage.centsPerHour", "US cents an hour")],
            by: [.terms("usage.family", size: 50, label: "Family"), Self.accountType]
        )
    }
}
