import Pipeline
import Synchronization
import UsageCore

/// A store of incidents for tests of what reads them.
final class IncidentsInMemory: IncidentStore {
    private let kept = Mutex<[String: StoredIncident]>([:])

    func incidents(endingSince since: Int64) -> [KeptIncident] {
        kept.withLock { kept in
            kept.values.filter { $0.state == "open" || $0.end >= since }.map {
                KeptIncident(incident: $0, version: "1")
            }
        }
    }

    func keep(_ incident: StoredIncident, replacing replaced: KeptIncident?) -> KeptIncident? {
        kept.withLock { $0[incident.incidentID] = incident }
        return KeptIncident(incident: incident, version: "1")
    }

    func put(_ incident: StoredIncident) { _ = keep(incident, replacing: nil) }

    func remove(_ id: String) { kept.withLock { _ = $0.removeValue(forKey: id) } }
}

extension StoredIncident {
    /// An incident of one account, with a document as the product writes it.
    static func example(
        _ id: String,
        state: String = "open",
        end: Int64,
        updatedAt: Int64,
        alias: String = "prod-main",
        accounts: [String] = ["111122223333"],
        mergedFrom: [String] = [],
        cost: String = "1247.4"
    ) -> StoredIncident {
        func list(_ texts: [String]) -> String {
            var json = JSONText()
            json.array { json in for text in texts { json.string(text) } }
            return json.text
        }
        var name = JSONText()
        name.string(alias)
        let (from, to) = (EventTime.text(end - 600), EventTime.text(end))
        let entities = accounts.map { account in
            #"""
            {"usage":"ec2-run-instances","accountId":"\#(account)","alias":\#(name.text),"type":"production",
            "ouPath":"Root/Workloads","region":"eu-west-1","observed":47,"expected":3,"unit":"instances","grade":0.9,
            "confidence":1,"channel":"count","reason":"47 in 10 minutes","start":"\#(from)","end":"\#(to)"}
            """#
        }.joined(separator: ",")
        let document = #"""
            {"incidentId":"\#(id)","state":"\#(state)","usages":["ec2-run-instances"],"eventNames":["RunInstances"],
            "start":"\#(from)","end":"\#(to)","detectedAt":"\#(from)","mergedFrom":\#(list(mergedFrom)),
            "severity":{"level":"HIGH","score":7.1,"reasons":["$1,247 a day"]},"entities":[\#(entities)],
            "pattern":"single-account","principals":["arn:aws:iam::111122223333:role/ci"],"sourceAddresses":["192.0.2.7"],
            "causes":[{"id":"terraform","title":"Terraform","confidence":"HIGH","evidence":[{"text":"user agent","eventIds":["e-1"]}]}],
            "cost":{"perDayUSD":{"low":1,"expected":\#(cost),"high":2000},"perMonthUSD":{"low":30,"expected":37422,"high":60000},
            "accruedUSD":10,"stillRunning":47,"started":47,"basis":"list price","assumptions":[],"unpriced":[]},
            "summary":"EC2 RunInstances: 47 instances.","recommendations":["Stop them."],"expectedChange":null}
            """#
        return StoredIncident(
            incidentID: id,
            state: state,
            start: end - 600,
            end: end,
            severity: "HIGH",
            document: document,
            updatedAt: updatedAt
        )
    }
}
