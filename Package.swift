// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

// A Lambda function, linked to a fixed address: one that may lie anywhere begins with 29,000 relocations, most of a millisecond.
func function(_ name: String) -> Target {
    .executableTarget(
        name: name,
        dependencies: ["Pipeline"],
        swiftSettings: settings,
        linkerSettings: [.unsafeFlags(["-Xlinker", "-no-pie"], .when(configuration: .release))]
    )
}

let package = Package(
    name: "usage-anomalies",
    products: [
        .executable(name: "MultiAccountLogs", targets: ["MultiAccountLogs"]),
        .executable(name: "anomalyctl", targets: ["anomalyctl"]),
        .executable(name: "CrossAccountAnomalyProcessor", targets: ["CrossAccountAnomalyProcessor"]),
        .executable(name: "QBusinessConnector", targets: ["QBusinessConnector"]),
    ],
    targets: [
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CBytes"),
        .systemLibrary(name: "CMemory"),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),

        .target(
            name: "UsageCore",
            dependencies: ["CBytes", "CZlib"],
            resources: [.embedInCode("Catalog/usage-catalog.json")],
            swiftSettings: settings
        ),
        .target(name: "AWSAccess", dependencies: ["CCurl", "CCrypto", "CMemory"], swiftSettings: settings),
        .target(name: "Pipeline", dependencies: ["UsageCore", "AWSAccess"], swiftSettings: settings),
        .target(name: "LocalStore", dependencies: ["Pipeline", "UsageCore", "CSQLite"], swiftSettings: settings),
        function("MultiAccountLogs"),
        function("CrossAccountAnomalyProcessor"),
        function("QBusinessConnector"),
        .executableTarget(
            name: "anomalyctl",
            dependencies: ["Pipeline", "LocalStore", "UsageCore", "CZlib"],
            swiftSettings: settings
        ),

        // A function for the tests of what runs functions.
        .executableTarget(
            name: "probe-function",
            dependencies: ["Pipeline", "AWSAccess"],
            path: "Tests/ProbeFunction",
            swiftSettings: settings
        ),
        // What benchmarks of the ingest path run, as it is shipped and alone in its process.
        .executableTarget(
            name: "ingest-bench",
            dependencies: ["UsageCore", "CMemory"],
            path: "Tests/IngestBench",
            swiftSettings: settings
        ),
        .target(
            name: "TestSupport",
            dependencies: ["AWSAccess"],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        .testTarget(
            name: "UsageCoreTests",
            dependencies: ["UsageCore", "TestSupport", "CZlib"],
            swiftSettings: settings
        ),
        .testTarget(name: "AWSAccessTests", dependencies: ["AWSAccess", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "PipelineTests",
            dependencies: ["Pipeline", "AWSAccess", "UsageCore", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "LocalStoreTests",
            dependencies: ["LocalStore", "Pipeline", "UsageCore", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "Pipeline", "AWSAccess", "LocalStore", "UsageCore", "TestSupport", "anomalyctl", "QBusinessConnector",
            ],
            exclude: ["requirements.txt"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "anomalyctlTests",
            dependencies: [
                "anomalyctl", "LocalStore", "Pipeline", "UsageCore", "AWSAccess", "TestSupport", "CZlib",
                "probe-function", "MultiAccountLogs", "CrossAccountAnomalyProcessor", "QBusinessConnector",
            ],
            exclude: ["Invoke/one-poll.c"],
            swiftSettings: settings
        ),
    ],
    swiftLanguageModes: [.v6]
)
