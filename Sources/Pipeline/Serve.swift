import AWSAccess
import Glibc

/// Runs a function: reads the environment once, sets the handler up, and serves events until Lambda ends the process.
///
/// - Parameters:
///   - environment: What the function is told; this process's unless told otherwise.
///   - required: Settings that the function cannot do without.
///   - make: Builds the handler from settings and ports when the first event has come, so that the process is ready before the
///     catalog is read; every setting that is missing or cannot be used is reported as the error of the initialization.
/// - Returns: The status to exit with.
package func serve(
    environment: [String: String] = processEnvironment(),
    requiring required: [SettingsKey] = [],
    _ make: @escaping (Settings, Ports) throws -> any InvocationHandler
) async -> Int32 {
    let log = Log(level: (try? Log.Level(environment: environment)) ?? .info)
    return await RuntimeLoop(environment: environment, log: log).run {
        var problems: [String] = []
        var settings: Settings?
        var ports: Ports?
        do throws(SettingsFailure) {
            settings = try Settings(environment: environment, requiring: required)
        } catch {
            problems += error.problems
        }
        do throws(AccessFailure) {
            ports = try Ports(environment: environment, log: log)
        } catch {
            problems.append("\(error)")
        }
        guard let settings, let ports else { throw SettingsFailure(problems: problems) }
        return DeferredHandler { try make(settings, ports) }
    }
}

/// The environment of this process; of a name that stands twice the first counts, as getenv has it.
package func processEnvironment() -> [String: String] {
    var environment: [String: String] = [:]
    var place = environ
    while let entry = place.pointee {
        let text = String(cString: entry)
        if let mark = text.firstIndex(of: "=") {
            let name = String(text[..<mark])
            if environment[name] == nil { environment[name] = String(text[text.index(after: mark)...]) }
        }
        place += 1
    }
    return environment
}
