extension Incident {
    /// The incident as one JSON object on one line: the document that is stored, sent and printed.
    package var json: String {
        var json = JSONText()
        write(to: &json)
        return json.text
    }

    package func write(to json: inout JSONText) {
        json.object { json in
            json.field("incidentId", id)
            json.field("state", state.rawValue)
            json.strings("usages", usages)
            json.strings("eventNames", eventNames)
            json.field("start", EventTime.text(start))
            json.field("end", EventTime.text(end))
            json.field("detectedAt", EventTime.text(detectedAt))
            json.strings("mergedFrom", mergedFrom)
            json.name("severity")
            json.object { json in
                json.field("level", severity.level.rawValue)
                json.field("score", severity.score, decimals: 1)
                json.strings("reasons", severity.reasons)
            }
            json.name("entities")
            json.array { json in for entity in entities { entity.write(to: &json) } }
            json.field("pattern", pattern.rawValue)
            json.strings("principals", principals)
            json.strings("sourceAddresses", sourceAddresses)
            json.name("causes")
            json.array { json in for cause in causes { cause.write(to: &json) } }
            json.name("cost")
            cost.write(to: &json)
            json.field("summary", summary)
            json.strings("recommendations", recommendations)
            json.name("expectedChange")
            if let expectedChange {
                json.object { json in
                    json.field("kind", expectedChange.kind.rawValue)
                    json.field("text", expectedChange.text)
                }
            } else {
                json.null()
            }
        }
    }
}

extension Incident.Entity {
    fileprivate func write(to json: inout JSONText) {
        json.object { json in
            json.field("usage", usage)
            json.field("accountId", account.id)
            if let alias = account.alias { json.field("alias", alias) }
            if let type = account.type { json.field("type", type) }
            if let ouPath = account.ouPath { json.field("ouPath", ouPath) }
            if account.contextMissing {
                json.name("contextMissing")
                json.bool(true)
            }
            json.field("region", region)
            json.field("observed", observed, decimals: 2)
            json.field("expected", expected, decimals: 2)
            json.field("unit", unit)
            json.field("grade", grade, decimals: 3)
            json.field("confidence", confidence, decimals: 2)
            json.field("channel", channel)
            json.field("reason", reason)
            json.field("start", EventTime.text(start))
            json.field("end", EventTime.text(end))
        }
    }
}

extension Cause {
    fileprivate func write(to json: inout JSONText) {
        json.object { json in
            json.field("id", id)
            json.field("title", title)
            json.field("confidence", confidence.rawValue)
            json.name("evidence")
            json.array { json in
                for claim in evidence {
                    json.object { json in
                        json.field("text", claim.text)
                        json.strings("eventIds", claim.eventIds)
                    }
                }
            }
        }
    }
}

extension CostImpact {
    fileprivate func write(to json: inout JSONText) {
        json.object { json in
            json.name("perDayUSD")
            json.amount(perDay)
            json.name("perMonthUSD")
            json.amount(perMonth)
            json.field("accruedUSD", accrued, decimals: 2)
            json.field("stillRunning", Double(stillRunning), decimals: 0)
            json.field("started", Double(started), decimals: 0)
            json.field("basis", basis)
            json.strings("assumptions", assumptions)
            json.strings("unpriced", unpriced)
        }
    }
}

extension JSONText {
    fileprivate mutating func field(_ name: String, _ value: String) {
        self.name(name)
        string(value)
    }

    fileprivate mutating func field(_ name: String, _ value: Double, decimals: Int) {
        self.name(name)
        number(value, decimals: decimals)
    }

    fileprivate mutating func strings(_ name: String, _ values: [String]) {
        self.name(name)
        array { json in for value in values { json.string(value) } }
    }

    fileprivate mutating func amount(_ amount: CostImpact.Amount) {
        object { json in
            json.field("low", amount.low, decimals: 2)
            json.field("expected", amount.expected, decimals: 2)
            json.field("high", amount.high, decimals: 2)
        }
    }
}
