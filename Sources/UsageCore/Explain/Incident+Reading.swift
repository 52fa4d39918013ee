extension Incident {
    /// Reads an incident as `json` writes it; nil where a member that every incident has is missing or of another kind.
    ///
    /// - Parameters:
    ///   - json: One JSON object; members that are not the incident's are passed by.
    ///   - catalog: Knows the titles of usages.
    package init?(_ json: JSONValue, _ catalog: UsageCatalog) {
        func time(_ name: String) -> Int64? { json[name]?.string.flatMap { EventTime.parse($0) } }
        guard let id = json["incidentId"]?.string, let state = json["state"]?.string.flatMap(State.init(rawValue:)),
            let start = time("start"), let end = time("end"), let detectedAt = time("detectedAt"),
            let severity = json["severity"], let score = severity["score"]?.number,
            let pattern = json["pattern"]?.string.flatMap(Pattern.init(rawValue:)),
            let entities = json["entities"]?.array?.map({ Entity($0, catalog) }), !entities.contains(nil),
            let causes = json["causes"]?.array?.map({ Cause($0) }), !causes.contains(nil),
            let cost = json["cost"].flatMap({ CostImpact($0) }), let summary = json["summary"]?.string
        else { return nil }
        self.init(
            id: id,
            state: state,
            start: start,
            end: end,
            detectedAt: detectedAt,
            mergedFrom: json.texts("mergedFrom"),
            eventNames: json.texts("eventNames"),
            severity: Severity(score: score, reasons: severity.texts("reasons")),
            entities: entities.compactMap { $0 },
            pattern: pattern,
            principals: json.texts("principals"),
            sourceAddresses: json.texts("sourceAddresses"),
            causes: causes.compactMap { $0 },
            cost: cost,
            summary: summary,
            recommendations: json.texts("recommendations"),
            expectedChange: json["expectedChange"].flatMap { ExpectedChange($0) }
        )
    }
}

extension Incident.Entity {
    fileprivate init?(_ json: JSONValue, _ catalog: UsageCatalog) {
        guard let usage = json["usage"]?.string, let id = json["accountId"]?.string,
            let region = json["region"]?.string, let observed = json["observed"]?.number,
            let expected = json["expected"]?.number, let unit = json["unit"]?.string,
            let start = json["start"]?.string.flatMap({ EventTime.parse($0) }),
            let end = json["end"]?.string.flatMap({ EventTime.parse($0) })
        else { return nil }
        var account = AccountContext(id: id)
        account.alias = json["alias"]?.string
        account.type = json["type"]?.string
        account.ouPath = json["ouPath"]?.string
        account.contextMissing = json["contextMissing"]?.bool ?? false
        self.init(
            usage: usage,
            title: usage == SilenceWriter.usage ? SilenceWriter.title : catalog[usage]?.title ?? usage,
            account: account,
            region: region,
            observed: observed,
            expected: expected,
            unit: unit,
            grade: json["grade"]?.number ?? 0,
            confidence: json["confidence"]?.number ?? 0,
            channel: json["channel"]?.string ?? "",
            start: start,
            end: end,
            reason: json["reason"]?.string ?? ""
        )
    }
}

extension Cause {
    fileprivate init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, let word = json["confidence"]?.string,
            let confidence = Confidence(rawValue: word)
        else { return nil }
        self.init(
            id: id,
            title: json["title"]?.string ?? id,
            confidence: confidence,
            evidence: (json["evidence"]?.array ?? []).map { claim in
                Claim(text: claim["text"]?.string ?? "", eventIds: claim.texts("eventIds"))
            }
        )
    }
}

extension CostImpact {
    fileprivate init?(_ json: JSONValue) {
        guard let perDay = json["perDayUSD"], let basis = json["basis"]?.string else { return nil }
        self.init()
        self.perDay = Amount(
            low: perDay["low"]?.number ?? 0,
            expected: perDay["expected"]?.number ?? 0,
            high: perDay["high"]?.number ?? 0
        )
        accrued = json["accruedUSD"]?.number ?? 0
        stillRunning = json["stillRunning"]?.number.flatMap { Int(exactly: $0) } ?? 0
        started = json["started"]?.number.flatMap { Int(exactly: $0) } ?? 0
        self.basis = basis
        assumptions = json.texts("assumptions")
        unpriced = json.texts("unpriced")
    }
}

extension ExpectedChange {
    fileprivate init?(_ json: JSONValue) {
        guard let kind = json["kind"]?.string.flatMap(Kind.init(rawValue:)), let text = json["text"]?.string else {
            return nil
        }
        self.init(kind: kind, text: text)
    }
}

extension JSONValue {
    fileprivate func texts(_ name: String) -> [String] { (self[name]?.array ?? []).compactMap(\.string) }
}
