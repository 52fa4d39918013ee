import UsageCore

/// How the organization changes from day to day, and each usage from hour to hour.
extension UsageDashboards {
    var trends: Dashboard {
        Dashboard(
            name: "trends",
            title: "trends of the organization",
            text: "Calls, accounts and incidents by day.",
            days: 30,
            rows: [
                .init(5, [guide("trends", Self.trendsGuide)]), .init(15, [usagesByDay]),
                .init(13, [typesByDay, accountsByDay]), .init(13, [incidentsByDay, callersByDay]),
            ]
        )
    }

    private static let trendsGuide = """
        The last day is not whole yet, and neither is the first. A step that stays is a change of habit; a peak that goes is an event. \
        Calls that double while accounts stay the same come from somewhere: look at the callers.
        """

    private var usagesByDay: Panel {
        panel(
            "trends-usages",
            "Calls by day and usage",
            "Watched calls of the whole organization.",
            .columns,
            .records,
            .watched,
            [.count("Calls")],
            by: [.filters(usageFilters), Self.day]
        )
    }

    private var typesByDay: Panel {
        panel(
            "trends-types",
            "Calls by day and type of account",
            "Watched calls. Types that move together have a cause in common.",
            .line,
            .records,
            .watched,
            [.count("Calls")],
            by: [Self.accountType, Self.day]
        )
    }

    private var accountsByDay: Panel {
        panel(
            "trends-accounts",
            "Accounts and callers by day",
            "How many accounts and callers made watched calls.",
            .line,
            .records,
            .watched,
            [.cardinality("recipientAccountId", "Accounts"), .cardinality("usage.principal", "Callers")],
            by: [Self.day]
        )
    }

    private var incidentsByDay: Panel {
        panel(
            "trends-incidents",
            "Incidents by day and severity",
            "By the day on which they began; those that became part of another are left out.",
            .columns,
            .incidents,
            .incidents,
            [.count("Incidents")],
            by: [.terms("severity.level", size: 10, label: "Severity"), .time("start", .day, label: "Day")]
        )
    }

    private var callersByDay: Panel {
        panel(
            "trends-callers",
            "Calls by day and class of caller",
            "Controllers, such as Auto Scaling, apart from all others; *all* are usages of so high volume that nobody is told apart.",
            .columns,
            .records,
            .watched,
            [.count("Calls")],
            by: [.terms("usage.callers", size: 20, label: "Callers", missing: "not told apart"), Self.day]
        )
    }

    var usages: Dashboard {
        let panels = catalog.usages.map(hours)
        let rows = stride(from: 0, to: panels.count, by: 2).map {
            Dashboard.Row(12, Array(panels[$0..<min($0 + 2, panels.count)]))
        }
        return Dashboard(
            name: "usages",
            title: "usages",
            text: "One panel for each usage of the catalog: its quantity by account and hour.",
            days: 4,
            rows: [.init(5, [guide("usages", Self.usagesGuide)])] + rows
        )
    }

    private static let usagesGuide = """
        What is counted here is what detection counts: instances rather than calls where a call starts several. A usage added to the \
        catalog has its panel here after the next set-up.
        """

    private func hours(_ usage: Usage) -> Panel {
        panel(
            "usage-\(usage.name)",
            usage.title,
            "\(usage.unit) by \(usage.eventNames.joined(separator: ", ")) of \(usage.eventSources.joined(separator: ", ")), "
                + "looked at every \(Interval.text(usage.detector.intervalSeconds)).",
            .columns,
            .records,
            .usage(usage.name),
            [.sum("usage.quantity", usage.unit)],
            by: [Self.account, Self.hour]
        )
    }
}
