/// What a pipeline changes, by the tool it uses.
extension Deployments {
    /// Terraform: many reads, then what the plan changes.
    mutating func terraform(_ caller: Caller, _ place: Place, _ begin: Int, _ recorder: inout Recorder) {
        var time = begin
        recorder.plain(.read("sts", "GetCallerIdentity"), by: caller, at: place, time: time)
        let reads = [
            "DescribeVpcs", "DescribeSubnets", "DescribeSecurityGroups", "DescribeRouteTables", "DescribeInstances",
            "DescribeImages",
        ]
        for _ in 0..<random.within(8...30) {
            time += random.below(3)
            recorder.plain(
                .read("ec2", random.pick(reads)),
                by: caller,
                at: place,
                time: time,
                request: #"{"filterSet":{}}"#
            )
        }
        if random.chance(0.3) {
            let launch = Launch(
                type: random.pick(["m6i.large", "c6i.large", "t3.medium"]),
                tags: Launch.tags(["Name": "\(account.alias)-worker", "managed-by": "terraform"]),
                role: "worker",
                numbersAsText: true
            )
            let count = 1 + random.below(2)
            let new = recorder.launch(launch, count: count, by: caller, at: place, time: time + 12)
            // What is replaced is ended once its successor runs.
            let old = (0..<new.count).map { _ in random.next() }
            recorder.terminate(old, by: caller, at: place, time: time + 140)
        }
        if random.chance(0.2) {
            recorder.createVolume(
                gibibytes: 100,
                tags: Launch.tags(["managed-by": "terraform"]),
                asText: true,
                by: caller,
                at: place,
                time: time + 20
            )
        }
        if random.chance(0.25) {
            let name = "\(account.alias)-role-\(random.below(100))"
            recorder.plain(
                Call("iam", "CreateRole"),
                by: caller,
                at: place,
                time: time + 25,
                request:
                    #"{"roleName":"\#(name)","path":"/","assumeRolePolicyDocument":"{\"Version\":\"2012-10-17\"}"}"#,
                response:
                    #"{"role":{"roleName":"\#(name)","arn":"arn:aws:iam::\#(account.id):role/\#(name)","path":"/"}}"#
            )
        }
        if random.chance(0.1) {
            recorder.plain(
                Call("ec2", "CreateNatGateway"),
                by: caller,
                at: place,
                time: time + 31,
                request: #"{"CreateNatGatewayRequest":{"ConnectivityType":"public"}}"#,
                response: #"{"CreateNatGatewayResponse":{"natGateway":{"state":"pending"}}}"#
            )
        }
    }

    /// CloudFormation: the stack is updated, its service makes the calls.
    mutating func stack(
        _ number: Int,
        _ address: String,
        _ place: Place,
        _ begin: Int,
        _ recorder: inout Recorder
    ) {
        let caller = Self.caller(in: account, run: number, tool: Self.commandLine, address: address)
        let service = "cloudformation.amazonaws.com"
        let forwarded = Self.caller(in: account, run: number, tool: service, address: service, invokedBy: service)
        let name = "\(account.alias)-\(random.pick(["web", "queue", "search", "cache"]))"
        recorder.plain(
            Call("cloudformation", random.chance(0.15) ? "CreateStack" : "UpdateStack"),
            by: caller,
            at: place,
            time: begin,
            request:
                #"{"stackName":"\#(name)","capabilities":["CAPABILITY_IAM"],"templateURL":"https://example-templates.s3.amazonaws.com/\#(name).yaml"}"#,
            response: #"{"stackId":"arn:aws:cloudformation:\#(place.regionName):\#(account.id):stack/\#(name)/5a"}"#
        )
        var time = begin + 6
        for _ in 0..<random.within(3...12) {
            time += random.below(12)
            recorder.plain(
                .read("ec2", "DescribeSecurityGroups"),
                by: forwarded,
                at: place,
                time: time,
                request: #"{"filterSet":{}}"#
            )
        }
        if random.chance(0.3) {
            let launch = Launch(
                type: "t3.large",
                tags: Launch.tags(["aws:cloudformation:stack-name": name, "Name": name])
            )
            let ids = recorder.launch(launch, count: 1, by: forwarded, at: place, time: time + 4)
            if random.chance(0.7) { recorder.terminate(ids, by: forwarded, at: place, time: time + 9000) }
        }
        recorder.plain(
            Call("lambda", "UpdateFunctionConfiguration20150331v2"),
            by: forwarded,
            at: place,
            time: time + 5,
            request: #"{"functionName":"\#(name)","memorySize":512}"#,
            response: #"{"functionName":"\#(name)","memorySize":512,"state":"Active"}"#
        )
    }

    /// New code for functions.
    mutating func functions(_ caller: Caller, _ place: Place, _ begin: Int, _ recorder: inout Recorder) {
        var time = begin
        for name in Invocations.names.prefix(1 + random.below(4)) {
            time += 4 + random.below(20)
            recorder.plain(
                Call("lambda", "UpdateFunctionCode20150331v2"),
                by: caller,
                at: place,
                time: time,
                request:
                    #"{"functionName":"\#(account.alias)-\#(name)","s3Bucket":"example-artifacts","s3Key":"\#(name).zip","publish":true,"dryRun":false}"#,
                response:
                    #"{"functionName":"\#(account.alias)-\#(name)","runtime":"provided.al2023","codeSize":5124881,"version":"\#(random.below(400))"}"#
            )
        }
    }

    /// A new task definition, a migration task, the service rolled on.
    mutating func containers(_ caller: Caller, _ place: Place, _ begin: Int, _ recorder: inout Recorder) {
        recorder.plain(
            Call("ecs", "RegisterTaskDefinition"),
            by: caller,
            at: place,
            time: begin,
            request: #"{"family":"\#(account.alias)-api","networkMode":"awsvpc","cpu":"512","memory":"1024"}"#
        )
        recorder.plain(
            Call("ecs", "RunTask"),
            by: caller,
            at: place,
            time: begin + 9,
            request:
                #"{"cluster":"main","taskDefinition":"\#(account.alias)-migrate","launchType":"FARGATE","count":1}"#,
            response:
                #"{"failures":[],"tasks":[{"taskArn":"arn:aws:ecs:\#(place.regionName):\#(account.id):task/main/5e","lastStatus":"PROVISIONING"}]}"#
        )
        recorder.plain(
            Call("ecs", "UpdateService"),
            by: caller,
            at: place,
            time: begin + 60 + random.below(90),
            request: #"{"cluster":"main","service":"api","taskDefinition":"\#(account.alias)-api"}"#
        )
    }
}
