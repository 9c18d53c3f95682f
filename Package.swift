// swift-tools-version: 6.2
//
// Sanxiang 三向移送: the broker between agencies that hand case leads to each other.
// Targets stand in the order in which they may import each other, lowest first
// (docs/ARCHITECTURE.md draws it; Tests/HouseTests fails on an import upwards).

import PackageDescription

/// Release programs carry Swift's runtime in them: they run where no toolchain is, and an idle daemon
/// maps less. The libraries are those that Foundation's static form does not name by itself.
let staticRuntime: [LinkerSetting] = [
  .unsafeFlags(
    [
      "-static-stdlib", "-lCoreFoundation", "-l_FoundationICU", "-l_FoundationCShims",
      "-l_FoundationCollections", "-lstdc++",
    ], .when(platforms: [.linux], configuration: .release))
]

let package = Package(
  name: "sanxiang",
  products: [
    .executable(name: "sanxiangd", targets: ["sanxiangd"]),
    .executable(name: "sanxiang", targets: ["sanxiang"]),
    .executable(name: "sanxiang-bench", targets: ["sanxiang-bench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // YAML is a trait of swift-configuration that is off by default.
    .package(
      url: "https://github.com/apple/swift-configuration", from: "1.4.0",
      traits: ["YAML", "CommandLineArguments"]),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // MARK: C libraries. Each has exactly one importer.

    .systemLibrary(
      name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),

    // The allocator's settings (malloc.h), for the daemon alone.
    .systemLibrary(name: "CMalloc"),

    // MARK: Pure modules: no sockets, no files, no clock of their own.

    .target(name: "Cryptography", dependencies: ["COpenSSL"]),
    .target(name: "TransparencyLog", dependencies: ["Cryptography"]),
    .target(name: "RecordSchema"),
    .target(
      name: "RecordModel", dependencies: ["Cryptography", "TransparencyLog", "RecordSchema"]),
    .target(
      name: "Exchange",
      dependencies: [
        "Cryptography", "TransparencyLog", "RecordSchema", "RecordModel",
        .product(name: "Logging", package: "swift-log"),
      ]),
    .target(
      name: "Auditor",
      dependencies: ["Cryptography", "TransparencyLog", "RecordSchema", "RecordModel"]),

    // MARK: Edges: storage, sockets, HTTP.

    .target(
      name: "SQLiteStore",
      dependencies: [
        "Cryptography", "TransparencyLog", "RecordModel", "Exchange",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .target(
      name: "PeerLink",
      dependencies: [
        "Cryptography", "TransparencyLog", "RecordModel", "Exchange",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ]),
    .target(
      name: "NodeService",
      dependencies: [
        "Cryptography", "TransparencyLog", "RecordSchema", "RecordModel", "Exchange", "PeerLink",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    // HTTP between nodes and auditors: a node's logs to read, checkpoints to witness.
    .target(
      name: "AuditService",
      dependencies: [
        "Cryptography", "TransparencyLog", "RecordSchema", "RecordModel", "Exchange", "Auditor",
        "NodeClient",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    // What the command line and the benchmark share: the API's client over the Unix socket.
    .target(
      name: "NodeClient",
      dependencies: [
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ]),

    // MARK: Executables: read configuration, wire parts together, nothing else.

    .executableTarget(
      name: "sanxiangd",
      dependencies: [
        "CMalloc", "Cryptography", "TransparencyLog", "RecordModel", "Exchange", "SQLiteStore",
        "PeerLink", "NodeService", "NodeClient", "AuditService",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Configuration", package: "swift-configuration"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ], linkerSettings: staticRuntime),
    .executableTarget(
      name: "sanxiang",
      dependencies: [
        "Cryptography", "TransparencyLog", "RecordSchema", "RecordModel", "Auditor", "Exchange",
        "SQLiteStore", "NodeClient", "AuditService",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ], linkerSettings: staticRuntime),
    .executableTarget(
      name: "sanxiang-bench",
      dependencies: [
        "Cryptography", "TransparencyLog", "RecordSchema", "RecordModel", "Auditor", "Exchange",
        "SQLiteStore", "NodeClient",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], linkerSettings: staticRuntime),
    // For developers alone: writes what follows from schemas/ (`make schemas`).
    .executableTarget(
      name: "schema-codegen",
      dependencies: [
        "RecordSchema", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // MARK: Tests.

    .target(
      name: "SanxiangTesting",
      dependencies: [
        "Cryptography", "TransparencyLog", "RecordSchema", "RecordModel", "Exchange",
        .product(name: "Logging", package: "swift-log"),
      ]),
    .testTarget(name: "CryptographyTests", dependencies: ["Cryptography"]),
    .testTarget(name: "TransparencyLogTests", dependencies: ["Cryptography", "TransparencyLog"]),
    .testTarget(name: "RecordSchemaTests", dependencies: ["RecordSchema"]),
    .testTarget(
      name: "SchemaCodegenTests", dependencies: ["RecordSchema", "RecordModel", "schema-codegen"]),
    .testTarget(
      name: "RecordModelTests",
      dependencies: ["Cryptography", "TransparencyLog", "RecordSchema", "RecordModel"]),
    .testTarget(
      name: "ExchangeTests",
      dependencies: [
        "Cryptography", "TransparencyLog", "RecordSchema", "RecordModel", "Exchange",
        "SanxiangTesting",
      ]),
    .testTarget(
      name: "SQLiteStoreTests",
      dependencies: [
        "Cryptography", "RecordModel", "Exchange", "SQLiteStore", "SanxiangTesting",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .testTarget(
      name: "PeerLinkTests",
      dependencies: [
        "Cryptography", "TransparencyLog", "RecordModel", "Exchange", "PeerLink",
        "SanxiangTesting",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ]),
    .testTarget(
      name: "NodeServiceTests",
      dependencies: [
        "Cryptography", "TransparencyLog", "RecordSchema", "RecordModel", "Exchange",
        "NodeService", "NodeClient", "SanxiangTesting",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    .testTarget(
      name: "AuditServiceTests",
      dependencies: [
        "Cryptography", "TransparencyLog", "RecordSchema", "RecordModel", "Exchange", "Auditor",
        "NodeClient", "AuditService", "SQLiteStore", "SanxiangTesting", "sanxiang",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: [
        "Cryptography", "TransparencyLog", "RecordSchema", "RecordModel", "Auditor", "Exchange",
        "NodeClient", "SanxiangTesting", "sanxiang", "sanxiangd",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ]),
    .testTarget(
      name: "AuditorTests",
      dependencies: [
        "Cryptography", "TransparencyLog", "RecordSchema", "RecordModel", "Auditor", "Exchange",
        "SQLiteStore", "SanxiangTesting", "sanxiang",
      ]),
    .testTarget(
      name: "ExportTests",
      dependencies: [
        "Cryptography", "TransparencyLog", "RecordSchema", "RecordModel", "Auditor", "Exchange",
        "SQLiteStore", "SanxiangTesting", "sanxiang",
      ]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "Cryptography", "TransparencyLog", "RecordModel", "NodeClient", "Auditor", "SQLiteStore",
        "SanxiangTesting", "sanxiangd", "sanxiang",
      ]),
    .testTarget(name: "BenchTests", dependencies: ["RecordSchema", "sanxiang-bench"]),
    .testTarget(name: "HouseTests"),
  ],
  swiftLanguageModes: [.v6]
)

// One set of rules for every target of ours, strict everywhere.
for target in package.targets where target.type != .system {
  target.swiftSettings = [
    // A warning is a defect that nobody has looked at yet.
    .treatAllWarnings(as: .error),
    // An import is an implementation detail unless it says `public`; keeps the arrows honest.
    .enableUpcomingFeature("InternalImportsByDefault"),
    // A boxed protocol value costs; make it visible where one is used.
    .enableUpcomingFeature("ExistentialAny"),
    // A member is visible only where its module is imported by name.
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
}
