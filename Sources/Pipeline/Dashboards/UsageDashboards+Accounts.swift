/// Accounts beside each other: by type, by rank, by what they use and when.
extension UsageDashboards {
    var accounts: Dashboard {
        Dashboard(
            name: "accounts",
            title: "accounts compared",
            text: "Accounts by type, and those with most calls and incidents.",
            days: 7,
            rows: [
                .init(6, [guide("accounts", Self.accountsGuide)]), .init(15, [typeUsages, typeIncidents]),
                .init(10, [types]), .init(17, [top, topIncidents]),
            ]
        )
    }

    private static let accountsGuide = """
        Each type of account has its own idea of usual: ten instances a day are little in production and much in a sandbox. Compare \
        accounts with others of their type before you compare them with all. Types come from tags and organizational units; what has \
        none stands as *type not known*.
        """

    private var typeUsages: Panel {
        panel(
            "accounts-types-usages",
            "Calls by type of account and usage",
            "Watched calls of all accounts of a type. A usage in a type that has no need for it is worth a question.",
            .bars,
            .records,
            .watched,
            [.count("Calls")],
            by: [.terms("usage.name", size: 50, label: "Usage"), Self.accountType]
        )
    }

    private var typeIncidents: Panel {
        panel(
            "accounts-types-incidents",
            "Incidents by type of account and severity",
            "Incidents in which an account of the type has a part; one of several types counts in each.",
            .bars,
            .incidents,
            .incidents,
            [.count("Incidents")],
            by: [
                .terms("severity.level", size: 10, label: "Severity"),
                .terms("entities.type", size: 20, label: "Type of account", missing: "type not known"),
            ]
        )
    }

    private var types: Panel {
        panel(
            "accounts-types",
            "Types of accounts",
            "How many accounts of a type made watched calls, by how many callers, in how many Regions.",
            .table,
            .records,
            .watched,
            [
                .count("Calls"), .cardinality("recipientAccountId", "Accounts"),
                .cardinality("usage.principal", "Callers"), .cardinality("awsRegion", "Regions"),
            ],
            by: [Self.accountType]
        )
    }

    private var top: Panel {
        panel(
            "accounts-top",
            "Accounts with most calls",
            "Watched calls by account. An account without an alias is one that the organization did not tell of.",
            .table,
            .records,
            .watched,
            [
                .count("Calls"), .cardinality("usage.name", "Usages"), .cardinality("usage.principal", "Callers"),
                .cardinality("awsRegion", "Regions"), .maximum("eventTime", "Last call"),
            ],
            by: [Self.account, .terms("account.alias", size: 3, label: "Alias", missing: "no alias")]
        )
    }

    private var topIncidents: Panel {
        panel(
            "accounts-top-incidents",
            "Accounts with most incidents",
            "Incidents in which the account has a part, the highest severity among them, 0 to 100, and the cost of those incidents "
                + "as a whole, which other accounts may share.",
            .table,
            .incidents,
            .incidents,
            [
                .count("Incidents"), .maximum("severity.score", "Highest severity"),
                .sum("cost.accruedUSD", "USD so far"),
            ],
            by: [.terms("entities.accountId", size: 100, label: "Account")]
        )
    }

    var alike: Dashboard {
        Dashboard(
            name: "alike",
            title: "accounts alike",
            text: "Which accounts use the same things, which rise and fall together, and what they share.",
            days: 4,
            rows: [
                .init(7, [guide("alike", Self.alikeGuide)]), .init(18, [profiles]),
                .init(22, [likeness, correlation]), .init(15, [callers, shared]),
            ]
        )
    }

    private static let alikeGuide = """
        Accounts with the same mix of usages are each other's yardstick: what one of them does alone is unusual. Accounts whose calls \
        rise and fall in the same hours have a cause in common: a deployment, a pipeline, or a credential that reaches all of them. \
        Likeness and correlation are computed for the \(PanelVega.accounts) accounts with most calls; neither says which caused which.
        """

    private var profiles: Panel {
        panel(
            "alike-profiles",
            "Profiles: calls by account and usage",
            "Each row is an account's profile. Rows with the same dark cells are accounts of one kind.",
            .heatmap,
            .records,
            .watched,
            [.count("Calls")],
            by: [Self.account, .terms("usage.name", size: 50, label: "Usage")]
        )
    }

    private var likeness: Panel {
        Panel(
            name: "alike-likeness",
            title: "Accounts with similar profiles",
            text:
                "1: the same mix of usages; 0: none in common. The cosine between logarithms of calls by usage, so that size "
                + "does not count. Two accounts without a usage in common have no cell.",
            content: .vega(.likeness)
        )
    }

    private var correlation: Panel {
        Panel(
            name: "alike-correlation",
            title: "Correlation across accounts",
            text:
                "1: calls rise and fall in the same hours; 0: no connection; -1: one rises as the other falls. Pearson's "
                + "correlation of watched calls by hour. An account with the same number in every hour has 0 everywhere.",
            content: .vega(.correlation)
        )
    }

    private var callers: Panel {
        panel(
            "alike-callers",
            "Callers in several accounts",
            "Roles, users and services by the number of accounts in which they made watched calls. One that is new in many accounts "
                + "is what to look into first.",
            .table,
            .records,
            .watched,
            [.cardinality("recipientAccountId", "Accounts"), .cardinality("usage.name", "Usages"), .count("Calls")],
            by: [.terms("usage.principal", size: 200, label: "Caller")]
        )
    }

    private var shared: Panel {
        panel(
            "alike-incidents",
            "Incidents of several accounts",
            "Anomalies that belong together, with the number of accounts and Regions that have a part.",
            .table,
            .incidents,
            .sharedIncidents,
            [
                .cardinality("entities.accountId", "Accounts"), .cardinality("entities.region", "Regions"),
                .maximum("severity.score", "Severity"),
            ],
            by: [
                .terms("incidentId", size: 100, label: "Incident"),
                .terms("pattern", size: 5, label: "Pattern"),
            ]
        )
    }
}
