/// What is launched, as far as a record tells.
struct Launch: Sendable {
    var type: String
    /// Whether the request names the type; a launch template may hold it instead.
    var namesType = true
    /// The tags as JSON, an array of `{"key":..,"value":..}`.
    var tags: [UInt8] = []
    var template: UInt64?
    var spot = false
    var requester: String?
    var keyName: String?
    var role: String?
    /// The number within the place of the image and subnet.
    var variant = 0
    var token = ""
    /// Some tools send numbers as text, and the record keeps that.
    var numbersAsText = false

    static func tags(_ pairs: KeyValuePairs<String, String>) -> [UInt8] {
        var text = JSONText()
        text.raw("[")
        for (index, pair) in pairs.enumerated() {
            if index > 0 { text.raw(",") }
            text.raw(#"{"key":"#)
            text.quoted(pair.key)
            text.raw(#","value":"#)
            text.quoted(pair.value)
            text.raw("}")
        }
        text.raw("]")
        return text.bytes
    }
}

extension Recorder {
    static let runInstances = Call("ec2", "RunInstances")
    static let terminateInstances = Call("ec2", "TerminateInstances")
    static let createVolume = Call("ec2", "CreateVolume")
    static let deleteVolume = Call("ec2", "DeleteVolume")

    /// Launches `count` instances in one call and returns their names; a refused call launches none.
    @inline(never)
    @discardableResult
    mutating func launch(
        _ launch: Launch,
        count: Int,
        by caller: Caller,
        at place: Place,
        time: Int,
        refused: Refusal? = nil,
        trace: Int? = nil
    ) -> [UInt64] {
        let instances = (0..<(refused == nil ? count : 0)).map { _ in random.next() }
        let reservation = random.next()
        let token = EventID(&random)
        let zone = ["a", "b", "c"][reservation % 3 == 0 ? 2 : Int(reservation % 2)]
        let numberQuote = launch.numbersAsText ? "\"" : ""
        write(
            Self.runInstances,
            by: caller,
            at: place,
            time: time,
            refused: refused,
            trace: trace,
            request: { text in
                text.raw(#"{"instancesSet":{"items":[{"#)
                if launch.template == nil {
                    text.resource(#""imageId":"ami-"#, place.resource(ResourceKind.image, launch.variant))
                    text.raw(#"","#)
                }
                text.raw(#""minCount":"# + numberQuote)
                text.number(count)
                text.raw(numberQuote + #","maxCount":"# + numberQuote)
                text.number(count)
                text.raw(numberQuote)
                if let key = launch.keyName { text.raw(#","keyName":""# + key + "\"") }
                text.raw(#"}]},"#)
                if launch.namesType { text.raw(#""instanceType":""# + launch.type + #"","#) }
                text.raw(#""blockDeviceMapping":{},"#)
                if launch.template == nil {
                    text.resource(#""subnetId":"subnet-"#, place.resource(ResourceKind.subnet, launch.variant))
                    text.raw(#"","#)
                } else {
                    text.raw(#""availabilityZone":""# + place.regionName + zone + #"","#)
                }
                text.raw(#""monitoring":{"enabled":false},"disableApiTermination":false,"disableApiStop":false,"#)
                if refused?.code == Refusal.dryRun.code { text.raw(#""dryRun":true,"#) }
                if launch.spot { text.raw(#""instanceMarketOptions":{"marketType":"spot"},"#) }
                text.raw(#""clientToken":""# + launch.token)
                text.identifier(token)
                text.raw("\"")
                if !launch.tags.isEmpty {
                    text.raw(#","tagSpecificationSet":{"items":[{"resourceType":"instance","tags":"#)
                    text.raw(launch.tags)
                    text.raw("}]}")
                }
                if let template = launch.template {
                    text.resource(#","launchTemplate":{"launchTemplateId":"lt-"#, template)
                    text.raw(#"","version":"7"}"#)
                }
                text.raw("}")
            },
            response: { text in
                text.raw(#"{"requestId":""#)
                text.identifier(token)
                text.resource(#"","reservationId":"r-"#, reservation)
                text.raw(#"","ownerId":""# + place.accountID + #"","groupSet":{},"instancesSet":{"items":["#)
                for (index, instance) in instances.enumerated() {
                    if index > 0 { text.raw(",") }
                    Self.describe(instance, index, launch, place, zone, token, time, to: &text)
                }
                text.raw("]}")
                if let requester = launch.requester { text.raw(#","requesterId":""# + requester + "\"") }
                text.raw("}")
            }
        )
        if refused == nil { self.count(count, of: trace, at: time, type: launch.type, region: place.region) }
        return instances
    }

    private static func describe(
        _ instance: UInt64,
        _ index: Int,
        _ launch: Launch,
        _ place: Place,
        _ zone: String,
        _ token: EventID,
        _ time: Int,
        to text: inout JSONText
    ) {
        let low = Int(truncatingIfNeeded: instance & 0xffff)
        text.resource(#"{"instanceId":"i-"#, instance)
        text.resource(#"","imageId":"ami-"#, place.resource(ResourceKind.image, launch.variant))
        text.raw(#"","instanceState":{"code":0,"name":"pending"},"privateDnsName":"ip-10-4-"#)
        text.number(low >> 8)
        text.raw("-")
        text.number(low & 255)
        text.raw(#".ec2.internal","amiLaunchIndex":"#)
        text.number(index)
        text.raw(#","productCodes":{},"instanceType":""# + launch.type + #"","launchTime":"#)
        text.number(time * 1000)
        text.raw(#","placement":{"availabilityZone":""# + place.regionName + zone)
        text.raw(#"","tenancy":"default"},"monitoring":{"state":"disabled"},"subnetId":"subnet-"#)
        text.resource("", place.resource(ResourceKind.subnet, launch.variant))
        text.resource(#"","vpcId":"vpc-"#, place.resource(ResourceKind.network))
        text.raw(#"","privateIpAddress":"10.4."#)
        text.number(low >> 8)
        text.raw(".")
        text.number(low & 255)
        text.raw(#"","stateReason":{"code":"pending","message":"pending"},"architecture":"x86_64","rootDeviceType":"ebs","#)
        text.raw(#""blockDeviceMapping":{},"virtualizationType":"hvm","hypervisor":"xen","clientToken":""# + launch.token)
        text.identifier(token)
        text.raw("\"")
        if launch.spot { text.raw(#","instanceLifecycle":"spot""#) }
        if !launch.tags.isEmpty {
            text.raw(#","tagSet":{"items":"#)
            text.raw(launch.tags)
            text.raw("}")
        }
        if let role = launch.role {
            text.raw(#","iamInstanceProfile":{"arn":"arn:aws:iam::"# + place.accountID + ":instance-profile/" + role + #""}"#)
        }
        text.resource(#","groupSet":{"items":[{"groupId":"sg-"#, place.resource(ResourceKind.securityGroup))
        text.raw(#"","groupName":"nodes"}]},"sourceDestCheck":true,"ebsOptimized":false}"#)
    }

    /// Ends instances in one call.
    mutating func terminate(_ instances: [UInt64], by caller: Caller, at place: Place, time: Int, trace: Int? = nil) {
        change(Self.terminateInstances, instances, by: caller, at: place, time: time, code: 32, state: "shutting-down", trace: trace)
    }

    /// Stops instances in one call.
    mutating func stop(_ instances: [UInt64], by caller: Caller, at place: Place, time: Int) {
        change(Call("ec2", "StopInstances"), instances, by: caller, at: place, time: time, code: 64, state: "stopping", trace: nil)
    }

    private mutating func change(
        _ call: Call,
        _ instances: [UInt64],
        by caller: Caller,
        at place: Place,
        time: Int,
        code: Int,
        state: String,
        trace: Int?
    ) {
        guard !instances.isEmpty else { return }
        write(
            call,
            by: caller,
            at: place,
            time: time,
            trace: trace,
            request: { text in
                text.raw(#"{"instancesSet":{"items":["#)
                for (index, instance) in instances.enumerated() {
                    text.resource(index > 0 ? #",{"instanceId":"i-"# : #"{"instanceId":"i-"#, instance)
                    text.raw("\"}")
                }
                text.raw("]}}")
            },
            response: { text in
                text.raw(#"{"instancesSet":{"items":["#)
                for (index, instance) in instances.enumerated() {
                    text.resource(index > 0 ? #",{"instanceId":"i-"# : #"{"instanceId":"i-"#, instance)
                    text.raw(#"","currentState":{"code":"#)
                    text.number(code)
                    text.raw(#","name":""# + state + #""},"previousState":{"code":16,"name":"running"}}"#)
                }
                text.raw("]}}")
            }
        )
    }

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

    /// A call whose parameters are of no further interest.
    @inline(never)
    @discardableResult
    mutating func plain(
        _ call: Call,
        by caller: Caller,
        at place: Place,
        time: Int,
        request: String = "null",
        response: String = "null",
        refused: Refusal? = nil,
        trace: Int? = nil
    ) -> EventID {
        write(
            call,
            by: caller,
            at: place,
            time: time,
            refused: refused,
            trace: trace,
            request: { $0.raw(request) },
            response: { $0.raw(response) }
        )
    }
}
