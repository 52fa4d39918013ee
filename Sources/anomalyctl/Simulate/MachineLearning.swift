/// Training jobs and endpoints of a research account.
struct MachineLearning: Workload {
    private let place: Place
    private let cycle: Cycle
    private let caller: Caller
    private var random: SplitMix64
    private var endpoints: [(name: String, until: Int)] = []

    init(in account: AccountPlan) {
        place = account.home
        cycle = .office(account.utcOffset)
        random = SplitMix64(seed: account.seed, part: "learning")
        caller = .role(
            "AmazonSageMaker-ExecutionRole",
            path: "service-role/",
            session: "SageMaker",
            in: place,
            address: "10.4.8.12",
            tool:
                "Boto3/1.35.20 md/Botocore#1.35.20 ua/2.0 os/linux#5.10 lang/python#3.10.14 AWS-SageMaker-Python-SDK/2.232.1"
        )
    }

    mutating func run(_ tick: Tick, into recorder: inout Recorder) {
        for endpoint in endpoints where endpoint.until < tick.end {
            recorder.plain(
                Call("sagemaker", "DeleteEndpoint"),
                by: caller,
                at: place,
                time: tick.moment(&random),
                request: #"{"endpointName":"\#(endpoint.name)"}"#
            )
        }
        endpoints.removeAll { $0.until < tick.end }
        let load = cycle.load(tick.start)
        if random.chance(load * 0.03) { train(tick.moment(&random), &recorder) }
        if random.chance(load * 0.005) {
            let time = tick.moment(&random)
            let name = "trial-\(String(random.next() % 0xff_ffff, radix: 16))"
            Self.endpoint(name, type: "ml.m5.xlarge", by: caller, at: place, time: time, into: &recorder, trace: nil)
            endpoints.append((name, time + 3600 * (2 + random.below(6))))
        }
    }

    private mutating func train(_ time: Int, _ recorder: inout Recorder) {
        let name = "train-\(String(random.next() % 0xff_ffff, radix: 16))"
        let type = random.pick(["ml.m5.2xlarge", "ml.c5.4xlarge", "ml.g4dn.xlarge"])
        let arn = "arn:aws:sagemaker:\(place.regionName):\(place.accountID):"
        recorder.plain(
            Call("sagemaker", "CreateTrainingJob"),
            by: caller,
            at: place,
            time: time,
            request:
                #"{"trainingJobName":"\#(name)","resourceConfig":{"instanceType":"\#(type)","instanceCount":\#(1 + random.below(2)),"volumeSizeInGB":50},"stoppingCondition":{"maxRuntimeInSeconds":7200}}"#,
            response: #"{"trainingJobArn":"\#(arn)training-job/\#(name)"}"#
        )
    }

    /// An endpoint with its configuration.
    static func endpoint(
        _ name: String,
        type: String,
        by caller: Caller,
        at place: Place,
        time: Int,
        into recorder: inout Recorder,
        trace: Int?
    ) {
        let arn = "arn:aws:sagemaker:\(place.regionName):\(place.accountID):"
        recorder.plain(
            Call("sagemaker", "CreateEndpointConfig"),
            by: caller,
            at: place,
            time: time,
            request:
                #"{"endpointConfigName":"\#(name)","productionVariants":[{"variantName":"all","modelName":"\#(name)","initialInstanceCount":1,"instanceType":"\#(type)"}]}"#,
            response: #"{"endpointConfigArn":"\#(arn)endpoint-config/\#(name)"}"#
        )
        recorder.plain(
            Call("sagemaker", "CreateEndpoint"),
            by: caller,
            at: place,
            time: time + 4,
            request: #"{"endpointName":"\#(name)","endpointConfigName":"\#(name)"}"#,
            response: #"{"endpointArn":"\#(arn)endpoint/\#(name)"}"#,
            trace: trace
        )
        recorder.count(1, of: trace, at: time, type: type, region: place.region)
    }
}
