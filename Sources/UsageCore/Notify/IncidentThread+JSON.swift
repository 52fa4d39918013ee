extension IncidentThread {
    func write(to json: inout JSONText) {
        func write(_ told: Told, _ json: inout JSONText) {
            json.object { json in
                json.name("state")
                json.string(told.state.rawValue)
                json.name("level")
                json.string(told.level.rawValue)
                json.name("dollars")
                json.number(told.dollars, decimals: 2)
                json.name("at")
                json.string(EventTime.text(told.at))
            }
        }
        json.object { json in
            json.name("told")
            json.object { json in
                for (channel, told) in told.sorted(by: { $0.key < $1.key }) {
                    json.name(channel)
                    write(told, &json)
                }
            }
            if let claim {
                json.name("claim")
                json.object { json in
                    json.name("by")
                    json.string(claim.by)
                    json.name("until")
                    json.string(EventTime.text(claim.until))
                }
            }
            if let mergedInto {
                json.name("mergedInto")
                json.string(mergedInto)
            }
        }
    }

    /// Reads a thread; what is missing or of another kind was not told.
    init(_ json: JSONValue?) {
        func read(_ json: JSONValue?) -> Told? {
            guard let json, let state = json["state"]?.string.flatMap(Incident.State.init(rawValue:)),
                let level = json["level"]?.string.flatMap(Severity.Level.init(rawValue:)),
                let dollars = json["dollars"]?.number,
                let at = json["at"]?.string.flatMap({ EventTime.parse($0) })
            else { return nil }
            return Told(state: state, level: level, dollars: dollars, at: at)
        }
        self.init()
        for member in json?["told"]?.members ?? [] { told[member.name] = read(member.value) }
        if let by = json?["claim"]?["by"]?.string,
            let until = json?["claim"]?["until"]?.string.flatMap({ EventTime.parse($0) })
        {
            claim = Claim(by: by, until: until)
        }
        mergedInto = json?["mergedInto"]?.string
    }
}
