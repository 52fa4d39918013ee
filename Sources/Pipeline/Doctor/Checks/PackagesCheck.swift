import AWSAccess
import UsageCore

/// How old the libraries are that the packages carry: those of the runtime, which AWS mends, are not used.
///
/// Without a network nobody can say whether there is a newer version; the day of a version stands in the package's manifest.
struct PackagesCheck: DeploymentCheck {
    let name = "packages"

    /// One function's package here, and what is deployed.
    struct Package {
        let function: DeployedFunction
        /// nil where there is no package here.
        var manifest: PackageManifest?
        /// Why there is none.
        var missing: String?
        /// Whether what is deployed is this very package; nil where either is not known.
        var isDeployed: Bool?
        /// When code or settings of the function were last changed, seconds since 1970: its code is not younger.
        var changedAt: Int64?
    }

    /// Half a year, in seconds.
    private static let oldest: Int64 = 183 * 86400

    func finding(_ deployment: Deployment, deadline: ContinuousClock.Instant) async throws -> Finding {
        let packages = try DeployedFunction.allCases.map { function -> Package in
            var package = Package(function: function)
            let deployed = deployment.configuration(function)
            package.changedAt = deployed?.lastModified.map { EventTime.floorDivide($0.milliseconds, 1000) }
            do {
                let bytes = try FileBytes.whole("\(deployment.packages)/\(function.program).zip", wanted: .package)
                package.manifest = PackageFile(bytes).entry("manifest.json").flatMap { PackageManifest($0) }
                if package.manifest == nil { package.missing = "its manifest cannot be read" }
                if let hash = deployed?.codeSHA256, !hash.isEmpty {
                    package.isDeployed = Base64.encode(try Digest.sha256(bytes)) == hash
                }
            } catch let failure as InputFailure {
                package.missing = "\(failure)"
            }
            return package
        }
        return Self.judge(packages, folder: deployment.packages, now: deployment.now)
    }

    static func judge(_ packages: [Package], folder: String, now: Int64) -> Finding {
        var details: [String] = []
        var problems: [Finding.Problem] = []
        var unseen: [String] = []
        for package in packages {
            let name = package.function.program
            if let manifest = package.manifest, package.isDeployed != false {
                let libraries = manifest.libraries.map { "\($0.name) \($0.version)" }.joined(separator: ", ")
                details.append("\(name) \(manifest.version) (\(manifest.commit.prefix(12))): \(libraries)")
                problems += manifest.libraries.compactMap { age($0, name, now: now) }
            } else if let changedAt = package.changedAt, now - changedAt > oldest {
                let day = EventTime.text(changedAt).prefix(10)
                let what =
                    "\(package.function.rawValue) was last changed on \(day): what it carries is older than half a year"
                problems.append(.init(.warning, what, fix: fix))
            } else {
                unseen.append(package.manifest == nil ? name : "\(name) (another build is deployed)")
            }
        }
        if !unseen.isEmpty {
            problems.append(
                .init(
                    .unknown,
                    "which libraries are in \(unseen.joined(separator: ", "))",
                    fix:
                        "name the folder with the packages that were deployed with --packages (\(folder) was looked at)"
                )
            )
        }
        let seen = details.count
        return Finding("\(seen) of \(packages.count) manifests read", details: details, problems: problems)
    }

    private static let fix = "update the machine that builds, then make package and make deploy"

    private static func age(_ library: PackageManifest.Library, _ package: String, now: Int64) -> Finding.Problem? {
        let what = "\(library.name) \(library.version) in \(package)"
        guard let day = library.day else {
            return .init(.unknown, "the age of \(what): the manifest does not say it", fix: "make package again")
        }
        guard now - day > oldest else { return nil }
        let date = EventTime.text(day).prefix(10)
        return .init(.warning, "\(what) is of \(date), more than half a year old; there may be a newer one", fix: fix)
    }
}
