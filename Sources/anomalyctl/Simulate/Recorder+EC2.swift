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
        to text: inout RecordText
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
        text.raw(
            #"","stateReason":{"code":"pending","message":"pending"},"architecture":"x86_64","rootDeviceType":"ebs","#
        )
        text.raw(
            #""blockDeviceMapping":{},"virtualizationType":"hvm","hypervisor":"xen","clientToken":""# + launch.token
        )
        text.identifier(token)
        text.raw("\"")
        if launch.spot { text.raw(#","instanceLifecycle":"spot""#) }
        if !launch.tags.isEmpty {
            text.raw(#","tagSet":{"items":"#)
            text.raw(launch.tags)
            text.raw("}")
        }
        if let role = launch.role {
            text.raw(
                #","iamInstanceProfile":{"arn":"arn:aws:iam::"# + place.accountID + ":instance-profile/" + role + #""}"#
            )
        }
        text.resource(#","groupSet":{"items":[{"groupId":"sg-"#, place.resource(ResourceKind.securityGroup))
        text.raw(#"","groupName":"nodes"}]},"sourceDestCheck":true,"ebsOptimized":false}"#)
    }

    /// Ends instances in one call.
    mutating func terminate(_ instances: [UInt64], by caller: Caller, at place: Place, time: Int, trace: Int? = nil) {
        change(
            Self.terminateInstances,
            instances,
            by: caller,
            at: place,
            time: time,
            code: 32,
            state: "shutting-down",
            trace: trace
        )
    }

    /// Stops instances in one call.
    mutating func stop(_ instances: [UInt64], by caller: Caller, at place: Place, time: Int) {
        change(
            Call("ec2", "StopInstances"),
            instances,
            by: caller,
            at: place,
            time: time,
            code: 64,
            state: "stopping",
            trace: nil
        )
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
}
