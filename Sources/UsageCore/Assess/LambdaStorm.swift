/// Recognises a function that is called in a loop or retried without end.
enum LambdaStorm {
    static func cause(_ incident: IncidentCase) -> Cause? {
        for part in incident.parts where incident.usage(part).cost == .lambdaRequests {
            guard let culprit = part.culprits.functions.first, culprit.share >= 0.5 else { continue }
            let evidence = part.evidence
            let records = evidence.records.filter { $0.facts.attributes["functionName"]?.first == culprit.name }
            let quantity = evidence.traits[.functionName]?[culprit.name]?.quantity ?? 0
            let function = Hostile.shown(shortName(culprit.name), limit: 80)
            var claims = [
                Cause.Claim(
                    text:
                        "\(function) has \(Decimal.grouped(quantity)) of \(Counted.text(evidence.quantity, "invocations")); "
                        + "\(Decimal.text(culprit.excess * 100, decimals: 0)) % of its own are beyond its ordinary rate",
                    eventIds: CauseFinding.ids(records)
                )
            ]
            var confidence = Cause.Confidence.medium
            let own = records.filter { $0.caller.session == shortName(culprit.name) }
            if !own.isEmpty {
                confidence = .high
                claims.append(
                    .init(
                        text: "\(function) invokes itself: the caller's session bears its name",
                        eventIds: CauseFinding.ids(own)
                    )
                )
            }
            let failed = records.filter { $0.errorCode != nil }
            if failed.count * 5 >= records.count, let code = failed.first?.errorCode {
                confidence = .high
                claims.append(
                    .init(
                        text:
                            "\(failed.count) of \(Counted.text(records.count, "sampled calls")) failed with \(Hostile.shown(code, limit: 60))",
                        eventIds: CauseFinding.ids(failed)
                    )
                )
            }
            // One claim for each kind of change: an id must show what its sentence says.
            let changes = Dictionary(grouping: changes(before: part, in: incident), by: \.eventName)
            for (name, samples) in changes.sorted(by: { $0.key < $1.key }) {
                confidence = .high
                claims.append(
                    .init(
                        text: "\(Hostile.shown(name, limit: 60)) shortly before or during the rise",
                        eventIds: samples.prefix(Cause.shownIds).map(\.eventId)
                    )
                )
            }
            if culprit.excess >= 0.9 { confidence = max(confidence, .high) }
            return Cause(
                id: "lambda-retry-storm",
                title: "A loop or retry storm of \(function)",
                confidence: confidence,
                evidence: claims
            )
        }
        return nil
    }

    /// The name of a function behind an ARN.
    static func shortName(_ function: String) -> String {
        guard let mark = function.firstRange(of: ":function:") else { return function }
        return String(function[mark.upperBound...].prefix { $0 != ":" })
    }

    private static func changes(before part: IncidentCase.Part, in incident: IncidentCase) -> [CaseFile.Sample] {
        let words = ["UpdateFunction", "EventSourceMapping", "PutBucketNotification", "AddPermission", "PutRule"]
        let time = part.anomaly.start - EvidencePlan.siblingReach..<part.anomaly.alarm.upperBound + 1
        return incident.caseFile.siblings
            .filter { $0.key.account == part.anomaly.account && $0.key.kind == .change }
            .flatMap {
                $0.value.calls(in: time) { name in words.contains { name.hasPrefix($0) } }.samples
            }
            .sorted(by: CaseFile.Sample.precedes)
    }
}
