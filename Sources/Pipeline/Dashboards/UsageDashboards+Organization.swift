/// The organization as a whole: where and when it is used, what is unusual, and where that leads.
extension UsageDashboards {
    var organization: Dashboard {
        Dashboard(
            name: "organization",
            title: "organization",
            text: "Accounts against hours, for calls and for incidents; what is used, and how much goes on.",
            days: 4,
            rows: [
                .init(7, (guide("organization", Self.organizationGuide), 2), (numbers, 3), (open, 2)),
                .init(18, [calls]), .init(12, [incidentHours]), .init(15, [usageTable]),
            ]
        )
    }

    private static let organizationGuide = """
        Only watched calls are counted, and none of this solution's own. A dark cell is many calls for the panel, not for the \
        account: look along a row for what is new in it. A column that is dark in many rows is something that happened to many \
        accounts at once.
        """

    private var numbers: Panel {
        panel(
            "organization-numbers",
            "What is in use",
            "Watched calls, and in how many accounts, Regions and usages.",
            .number,
            .records,
            .watched,
            [
                .count("Calls"), .cardinality("recipientAccountId", "Accounts"), .cardinality("awsRegion", "Regions"),
                .cardinality("usage.name", "Usages"),
            ]
        )
    }

    private var open: Panel {
        panel(
            "organization-open",
            "Open incidents",
            "Those that began in the time shown and still go on, with what they are expected to cost a day at list prices.",
            .number,
            .incidents,
            .openIncidents,
            [.count("Open"), .sum("cost.perDayUSD.expected", "USD a day")]
        )
    }

    private var calls: Panel {
        panel(
            "organization-heatmap",
            "Calls by account and hour",
            "Watched calls. Beyond four days Dashboards takes longer steps than an hour. Rows are those with most calls first.",
            .heatmap,
            .records,
            .watched,
            [.count("Calls")],
            by: [Self.account, Self.hour]
        )
    }

    private var incidentHours: Panel {
        panel(
            "organization-incidents",
            "Incidents by account and hour of their beginning",
            "An incident of several accounts is in the row of each. Incidents that became part of another are left out.",
            .heatmap,
            .incidents,
            .incidents,
            [.count("Incidents")],
            by: [
                .terms("entities.accountId", size: 100, label: "Account"),
                .time("start", .hour, label: "Hour"),
            ]
        )
    }

    private var usageTable: Panel {
        panel(
            "organization-usages",
            "Usages",
            "All usages of the catalog. The quantity is in the usage's own unit, so it compares with nothing but itself.",
            .table,
            .records,
            .watched,
            [
                .count("Calls"), .sum("usage.quantity", "Quantity"), .cardinality("recipientAccountId", "Accounts"),
                .cardinality("usage.principal", "Callers"), .maximum("eventTime", "Last call"),
            ],
            by: [.filters(usageFilters)]
        )
    }
}
