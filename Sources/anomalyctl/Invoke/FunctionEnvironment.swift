import Pipeline

/// What a function sees of the shell that it is run from.
enum FunctionEnvironment {
    /// The parts of `shell` that a deployment would set: AWS's variables and this product's settings.
    ///
    /// Proxies, paths and the rest stay out, as Lambda has none of them; the loader's path is let in because the program was built
    /// for this machine.
    static func inherited(from shell: [String: String]) -> [String: String] {
        shell.filter { name, _ in
            name.hasPrefix("AWS_") || name == "LD_LIBRARY_PATH" || SettingsKey(rawValue: name) != nil
        }
    }

    /// Reads `--env K=V`, `words`; the last of a name counts.
    static func given(_ words: [String]) throws(UsageFailure) -> [String: String] {
        var environment: [String: String] = [:]
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let isName =
                !parts[0].isEmpty
                && parts[0].utf8.allSatisfy {
                    $0 == 0x5F || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                }
            guard parts.count == 2, isName, parts[0] != "AWS_LAMBDA_RUNTIME_API" else {
                throw .badValue(option: "--env", value: word, allowed: "NAME=VALUE, but for AWS_LAMBDA_RUNTIME_API")
            }
            environment[parts[0]] = parts[1]
        }
        return environment
    }
}
