import Glibc
import UsageCore

/// A function that is run on this machine: its program and what Lambda would tell it.
struct HostedFunction {
    /// The program.
    let path: String
    /// Without the address of the Runtime API.
    let environment: [String: String]
    let arn: String
    /// For each invocation.
    let timeout: Duration

    /// - Parameters:
    ///   - path: Of the program; the function is called as the program is, and as templates call it where it is one of ours.
    ///   - given: From `--env`; stronger than everything else.
    ///   - inherited: What the function may see of this program's own environment.
    ///   - timeout: Seconds for each invocation.
    ///   - memory: MiB, as the function is told.
    ///   - now: Seconds since 1970.
    init(
        path: String,
        given: [String: String],
        inherited: [String: String],
        timeout: Double,
        memory: Int,
        now: Int64
    ) {
        self.path = path
        self.timeout = .seconds(timeout)
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let program = path.split(separator: "/").last.map(String.init) ?? path
        let name = FunctionFinder.names.contains(program) ? program + "Function" : program
        let region =
            [given, inherited].lazy
            .flatMap { [$0["AWS_REGION"], $0["AWS_DEFAULT_REGION"]] }
            .compactMap { $0 }
            .first { !$0.isEmpty } ?? "us-east-1"
        let day = EventTime.text(now).prefix(10).split(separator: "-").joined(separator: "/")
        // The names, places and forms that Lambda documents under "Defined runtime environment variables".
        let own = [
            "_HANDLER": "bootstrap", "_X_AMZN_TRACE_ID": "", "AWS_DEFAULT_REGION": region, "AWS_REGION": region,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "\(memory)", "AWS_LAMBDA_FUNCTION_NAME": name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST", "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/\(name)",
            "AWS_LAMBDA_LOG_STREAM_NAME": "\(day)/[$LATEST]\(Self.hexadecimal(32))",
            "LAMBDA_RUNTIME_DIR": "/var/runtime",
            "LAMBDA_TASK_ROOT": folder, "LANG": "en_US.UTF-8", "PATH": "/usr/local/bin:/usr/bin/:/bin:/opt/bin",
            "TZ": ":UTC",
        ]
        environment = own.merging(inherited) { $1 }.merging(given) { $1 }
        let partition = region.hasPrefix("cn-") ? "aws-cn" : region.hasPrefix("us-gov-") ? "aws-us-gov" : "aws"
        arn = "arn:\(partition):lambda:\(region):012345678912:function:\(name)"
    }

    /// An event as it is handed over now.
    func invocation(_ requestId: String, _ event: [UInt8]) -> Invocation {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let milliseconds = Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
        let epoch = String(now.tv_sec, radix: 16)
        return Invocation(
            requestId: requestId,
            event: event,
            deadline: milliseconds + Int64(timeout / .milliseconds(1)),
            functionArn: arn,
            traceId: "Root=1-\(epoch)-\(Self.hexadecimal(24));Parent=\(Self.hexadecimal(16));Sampled=0"
        )
    }

    /// A UUID of version 4, as Lambda makes them.
    static func requestId() -> String {
        let digits = Array(hexadecimal(32))
        let variant = ["8", "9", "a", "b"][Int.random(in: 0..<4)]
        return [
            String(digits[0..<8]), String(digits[8..<12]), "4" + String(digits[13..<16]),
            variant + String(digits[17..<20]), String(digits[20..<32]),
        ].joined(separator: "-")
    }

    private static func hexadecimal(_ count: Int) -> String {
        String((0..<count).map { _ in "0123456789abcdef".randomElement() ?? "0" })
    }
}
