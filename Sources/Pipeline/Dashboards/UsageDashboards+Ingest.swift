/// Whether records arrive, how late, and what is not counted.
extension UsageDashboards {
    var ingest: Dashboard {
        Dashboard(
            name: "ingest",
            title: "ingest health",
            text: "What arrives, from where, how late, and what is left out of the counts.",
            days: 1,
            rows: [
                .init(6, (guide("ingest", Self.ingestGuide), 3), (latest, 2)), .init(14, [arriving, late]),
                .init(12, [apart]), .init(16, [sources, lastHeard]),
            ]
        )
    }

    private static let ingestGuide = """
        Everything here goes by the time of arrival. A gap is a delivery that stopped, a trail that was turned off, or an account that \
        is quiet; a delay beyond a quarter of an hour is a delivery that is behind. What is set aside or refused is not in the index: the \
        alarms of the deployment and `anomalyctl doctor` tell of it.
        """

    private static let arrival = PanelBucket.time("ingest.receivedAt", .hour, label: "Hour of arrival")

    private var latest: Panel {
        panel(
            "ingest-latest",
            "Latest",
            "Records, the last arrival among them, and how many accounts they are of.",
            .number,
            .arrivals,
            .everything,
            [
                .count("Records"), .maximum("ingest.receivedAt", "Last arrival"),
                .cardinality("recipientAccountId", "Accounts"),
            ]
        )
    }

    private var arriving: Panel {
        panel(
            "ingest-arrivals",
            "Records by hour of arrival",
            "Watched ones, our own functions' calls, and all else.",
            .columns,
            .arrivals,
            .everything,
            [.count("Records")],
            by: [
                .filters([
                    ("watched", "_exists_:usage.name AND self:false"), ("our own", "self:true"),
                    ("not watched", "NOT _exists_:usage.name AND NOT self:true"),
                ]), Self.arrival,
            ]
        )
    }

    private var late: Panel {
        panel(
            "ingest-delay",
            "Seconds from event to arrival",
            "Mean and longest delay of watched records. AWS delivers most within minutes; records loaded from files are as late as they are old.",
            .line,
            .arrivals,
            .watched,
            [
                .average(IndexPattern.delay.name, "Mean delay, s"),
                .maximum(IndexPattern.delay.name, "Longest delay, s"),
            ],
            by: [Self.arrival]
        )
    }

    private var apart: Panel {
        panel(
            "ingest-apart",
            "What is kept and not counted as usual",
            "Records whose time is far from their arrival; whose form the mapping refused, kept whole and not indexed; of accounts that the "
                + "organization did not tell of; and calls of our own functions, which are never counted.",
            .table,
            .arrivals,
            .everything,
            [
                .count("Records"), .cardinality("recipientAccountId", "Accounts"),
                .maximum("ingest.receivedAt", "Last arrival"),
            ],
            by: [
                .filters([
                    ("time not believed", "_index:usage-records-other"),
                    ("kept whole, not indexed", "NOT _exists_:eventVersion"),
                    ("account not known", "account.contextMissing:true"), ("our own", "self:true"),
                ])
            ]
        )
    }

    private var sources: Panel {
        panel(
            "ingest-sources",
            "Where records come from",
            "Log streams, files or queues, those with most records first.",
            .table,
            .arrivals,
            .everything,
            [.count("Records"), .maximum("ingest.receivedAt", "Last arrival"), .maximum("eventTime", "Newest event")],
            by: [.terms("ingest.source", size: 100, label: "Source")]
        )
    }

    private var lastHeard: Panel {
        panel(
            "ingest-accounts",
            "When accounts were last heard of",
            "By account: an old time in an account that is in use is a trail that does not tell of it.",
            .table,
            .arrivals,
            .everything,
            [.count("Records"), .maximum("ingest.receivedAt", "Last arrival"), .maximum("eventTime", "Newest event")],
            by: [.terms("recipientAccountId", size: 200, label: "Account")]
        )
    }
}
