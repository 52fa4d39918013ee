import AWSAccess
import UsageCore

/// What is known of a deployment before anything in it is looked at: its functions and what they are told.
package struct Deployment: Sendable {
    typealias Functions = [DeployedFunction: Result<Lambda.FunctionConfiguration, ServiceFailure>]

    let session: AWSSession
    /// What was asked of each function.
    let functions: Functions
    /// nil where it cannot be known.
    let settings: Settings?
    /// Why not.
    let settingsProblems: [String]
    /// Keys that the caller's environment says; the others are the functions' own.
    let ownKeys: [String]
    /// Name or ARN of the trail; nil to find it.
    let trail: String?
    /// The folder of packages, as `make package` writes them.
    let packages: String

    /// Seconds since 1970.
    var now: Int64 { EventTime.floorDivide(session.clock.now().milliseconds, 1000) }

    /// Asks for the functions and puts the settings together.
    ///
    /// - Parameters:
    ///   - session: Who looks.
    ///   - environment: What the caller's environment says goes before what the functions are told.
    ///   - trail: Name or ARN; nil to find it.
    ///   - packages: The folder of packages.
    ///   - deadline: When the last call must have ended.
    /// - Returns: What could be learned; what could not stands in it as a failure.
    package static func read(
        session: AWSSession,
        environment: [String: String],
        trail: String?,
        packages: String,
        deadline: ContinuousClock.Instant
    ) async -> Deployment {
        let lambda = Lambda(session: session)
        let functions = await withTaskGroup(of: (DeployedFunction, Functions.Value).self, returning: Functions.self) {
            group in
            for function in DeployedFunction.allCases {
                group.addTask {
                    do throws(ServiceFailure) {
                        return (
                            function,
                            .success(try await lambda.configuration(of: function.rawValue, deadline: deadline))
                        )
                    } catch {
                        return (function, .failure(error))
                    }
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        return Deployment(
            session: session,
            functions: functions,
            environment: environment,
            trail: trail,
            packages: packages
        )
    }

    init(
        session: AWSSession,
        functions: Functions,
        environment: [String: String],
        trail: String? = nil,
        packages: String = "dist"
    ) {
        self.session = session
        self.functions = functions
        self.trail = trail
        self.packages = packages
        var told: [String: String] = [:]
        for function in DeployedFunction.allCases {
            guard case .success(let configuration)? = functions[function] else { continue }
            // Templates write empty texts for what is left out; a file that a function reads is not here.
            told.merge(
                configuration.environment.filter { !$0.value.isEmpty && Self.isShared($0.key) }
            ) { first, _ in first }
        }
        let own = environment.filter { !$0.value.isEmpty && SettingsKey(rawValue: $0.key) != nil }
        ownKeys = own.keys.sorted()
        do throws(SettingsFailure) {
            settings = try Settings(environment: told.merging(own) { $1 })
            settingsProblems = []
        } catch {
            settings = nil
            settingsProblems = error.problems
        }
    }

    private static func isShared(_ key: String) -> Bool {
        SettingsKey(rawValue: key).map { $0 != .usageCatalog && $0 != .logLevel } ?? false
    }

    /// How a function is deployed; nil where that is not known.
    func configuration(_ function: DeployedFunction) -> Lambda.FunctionConfiguration? {
        try? functions[function]?.get()
    }

    /// The settings, or why a check cannot go on without them.
    func needSettings() throws(MissingSettings) -> Settings {
        guard let settings else { throw MissingSettings() }
        return settings
    }
}

/// A check needs settings, and there are none.
struct MissingSettings: Error, CustomStringConvertible {
    var description: String { "the settings are not known" }
}
