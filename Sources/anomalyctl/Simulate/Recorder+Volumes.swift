extension Recorder {
    /// Creates a volume and returns its name.
    @discardableResult
    mutating func createVolume(
        gibibytes: Int,
        type: String = "gp3",
        tags: [UInt8],
        asText: Bool = false,
        by caller: Caller,
        at place: Place,
        time: Int,
        trace: Int? = nil
    ) -> UInt64 {
        let volume = random.next()
        let quote = asText ? "\"" : ""
        write(
            Self.createVolume,
            by: caller,
            at: place,
            time: time,
            trace: trace,
            request: { text in
                text.raw(#"{"size":"# + quote)
                text.number(gibibytes)
                text.raw(quote + #","zone":""# + place.regionName + #"a","volumeType":""# + type + #"","#)
                text.raw(#""encrypted":true,"tagSpecificationSet":{"items":[{"resourceType":"volume","tags":"#)
                text.raw(tags)
                text.raw("}]}}")
            },
            response: { text in
                text.resource(#"{"volumeId":"vol-"#, volume)
                text.raw(#"","size":"# + quote)
                text.number(gibibytes)
                text.raw(quote + #","zone":""# + place.regionName + #"a","status":"creating","createTime":"#)
                text.number(time * 1000)
                text.raw(#","volumeType":""# + type + #"","iops":3000,"encrypted":true,"tagSet":{"items":"#)
                text.raw(tags)
                text.raw(#"},"multiAttachEnabled":false,"throughput":125}"#)
            }
        )
        self.count(1, of: trace, at: time)
        return volume
    }

    mutating func deleteVolume(_ volume: UInt64, by caller: Caller, at place: Place, time: Int) {
        write(
            Self.deleteVolume,
            by: caller,
            at: place,
            time: time,
            request: {
                $0.resource(#"{"volumeId":"vol-"#, volume)
                $0.raw(#""}"#)
            },
            response: { $0.raw(#"{"_return":true}"#) }
        )
    }
}
