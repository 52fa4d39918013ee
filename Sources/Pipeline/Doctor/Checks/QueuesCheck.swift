import AWSAccess
import UsageCore

/// What lies in the queues: dead letters, events that functions failed on, trail files that wait.
struct QueuesCheck: DeploymentCheck {
    let name = "queues"

    /// One queue, and what it is for.
    struct Queue: Equatable {
        enum Kind: Equatable { case deadLetters, failedEvents, input }
        let kind: Kind
        let name: String
        let depth: SQS.Depth
    }

    /// Messages of a queue that Lambda reads, above which it has fallen behind: it reads thousands a minute.
    private static let longestInput = 1000

    func finding(_ deployment: Deployment, deadline: ContinuousClock.Instant) async throws -> Finding {
        let settings = try deployment.needSettings()
        let sqs = SQS(session: deployment.session)
        let lambda = Lambda(session: deployment.session)
        var wanted: [(kind: Queue.Kind, place: String)] = []
        var failures: [ServiceFailure] = []
        if let url = settings.deadLetterQueueURL { wanted.append((.deadLetters, url)) }
        for function in DeployedFunction.allCases where deployment.configuration(function) != nil {
            do throws(ServiceFailure) {
                if let arn = try await lambda.failureDestination(of: function.rawValue, deadline: deadline),
                    arn.contains(":sqs:"), !wanted.contains(where: { $0.place == arn })
                {
                    wanted.append((.failedEvents, arn))
                }
                guard function == .logs else { continue }
                for source in try await lambda.eventSources(of: function.rawValue, deadline: deadline)
                where source.arn.contains(":sqs:") { wanted.append((.input, source.arn)) }
            } catch {
                failures.append(error)
            }
        }
        var queues: [Queue] = []
        for (kind, place) in wanted {
            do throws(ServiceFailure) {
                let url = place.hasPrefix("arn:") ? try await sqs.queueURL(ofArn: place, deadline: deadline) : place
                let name = String(place.split(whereSeparator: { ":/".contains($0) }).last ?? "")
                let depth = try await sqs.depth(queueURL: url, deadline: deadline)
                queues.append(Queue(kind: kind, name: name, depth: depth))
            } catch {
                failures.append(error)
            }
        }
        return Self.judge(queues, failures: failures)
    }

    static func judge(_ queues: [Queue], failures: [ServiceFailure] = []) -> Finding {
        var problems: [Finding.Problem] = []
        for queue in queues {
            let count = queue.depth.waiting + queue.depth.inFlight
            let messages = Counted.text(count, "messages")
            switch queue.kind {
            case .deadLetters where count > 0:
                let fix =
                    "anomalyctl redrive --dry-run shows the reasons; anomalyctl redrive puts back what can be stored now"
                problems.append(
                    .init(.warning, "\(messages) of records that no store took lie in \(queue.name)", fix: fix)
                )
            case .failedEvents where count > 0:
                let fix = "look at each message's reason and at the function's log; schedules come again by themselves"
                problems.append(
                    .init(.warning, "\(messages) of events that a function failed on lie in \(queue.name)", fix: fix)
                )
            case .input where queue.depth.waiting > longestInput:
                let fix =
                    "look at the errors and throttles of \(DeployedFunction.logs.rawValue); give it more concurrency"
                problems.append(.init(.warning, "\(messages) wait in \(queue.name): the function is behind", fix: fix))
            default: break
            }
        }
        if !queues.contains(where: { $0.kind == .deadLetters }), failures.isEmpty {
            problems.append(
                .init(
                    .warning,
                    "there is no dead-letter queue: a record that no store takes makes the whole batch fail",
                    fix: "set DEAD_LETTER_QUEUE_URL for \(DeployedFunction.logs.rawValue)"
                )
            )
        }
        problems += failures.map { failure in
            failure.kind == .notFound
                ? .init(
                    .broken,
                    "a queue is not there: \(failure)",
                    fix: "deploy again, or set DEAD_LETTER_QUEUE_URL anew"
                )
                : .init(.unknown, "\(failure)", fix: failure.fix)
        }
        return Finding(
            "\(Counted.text(queues.count, "queues"))",
            details: queues.map { "\($0.name): \($0.depth.waiting) waiting, \($0.depth.inFlight) in work" },
            problems: problems
        )
    }
}
