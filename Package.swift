// swift-tools-version: 6.2
import PackageDescription

// The instruction-set levels of the hot loops. Each is one target; all share the source of
// ComputeKernelsV2 through a symlink and differ only in the CPU they are compiled for.
#if arch(x86_64)
    let narrowSettings: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-march=x86-64-v2"])]
    let widerKernels: [Target] = [
        .target(
            name: "ComputeKernelsV3", dependencies: ["ComputeKernels"],
            swiftSettings: [.unsafeFlags(["-Xcc", "-march=x86-64-v3"]), .define("KERNELS_V3")]),
        .target(
            name: "ComputeKernelsV4", dependencies: ["ComputeKernels"],
            swiftSettings: [.unsafeFlags(["-Xcc", "-march=x86-64-v4"]), .define("KERNELS_V4")]),
    ]
#else
    let narrowSettings: [SwiftSetting] = []
    let widerKernels: [Target] = []
#endif
let widerKernelDependencies = widerKernels.map { Target.Dependency.target(name: $0.name) }

let hdf5 = Target.Dependency.target(name: "CHDF5", condition: .when(traits: ["HDF5"]))

let package = Package(
    name: "swift-sqsnn",
    products: [
        .library(name: "SQSNN", targets: ["SQSNN"]),
        .executable(name: "sqsnn", targets: ["sqsnn-cli"]),
    ],
    traits: [
        .default(enabledTraits: ["HDF5"]),
        .trait(name: "HDF5", description: "Data sets in HDF5 files (USPS); needs libhdf5."),
    ],
    targets: [
        // System libraries
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),

        // Foundations
        .target(name: "Diagnostics"),
        .target(name: "Digests", dependencies: ["CCrypto"]),
        .target(name: "ComputeKernels"),
        .target(
            name: "ComputeKernelsV2", dependencies: ["ComputeKernels"], swiftSettings: narrowSettings),
        .target(
            name: "Compute",
            dependencies: ["ComputeKernels", "ComputeKernelsV2"] + widerKernelDependencies),

        // The domain, bottom up
        .target(name: "QuantumCircuits", dependencies: ["Diagnostics"]),
        .target(name: "SpikeTrains", dependencies: ["Compute", "Diagnostics"]),
        .target(
            name: "SpikeDatasets",
            dependencies: ["CZlib", hdf5, "Digests", "Compute", "SpikeTrains", "Diagnostics"]),
        .target(
            name: "SpikingNeurons",
            dependencies: ["Compute", "QuantumCircuits", "SpikeTrains", "Diagnostics"]),
        .target(
            name: "Reservoirs", dependencies: ["SpikingNeurons", "Compute", "QuantumCircuits", "Diagnostics"]),
        .target(
            name: "QuantumHardware",
            dependencies: ["SpikingNeurons", "QuantumCircuits", "Compute", "Digests", "Diagnostics"]),
        .target(name: "SpikingNetworks", dependencies: ["SpikingNeurons"]),
        .target(
            name: "LocalLearning",
            dependencies: [
                "QuantumHardware", "SpikingNetworks", "SpikingNeurons", "SpikeTrains", "QuantumCircuits",
                "Compute",
            ]),
        .target(
            name: "SpikeLearning",
            dependencies: [
                "LocalLearning", "QuantumHardware", "SpikingNetworks", "SpikeDatasets", "Digests",
                "Diagnostics",
            ]),
        .target(
            name: "TemporalTasks",
            dependencies: [
                "SpikeLearning", "SpikingNetworks", "SpikingNeurons", "SpikeTrains", "QuantumCircuits",
                "Compute", "Diagnostics",
            ]),
        .target(
            name: "Reproduction",
            dependencies: [
                "SpikeLearning", "LocalLearning", "SpikeDatasets", "QuantumCircuits", "Diagnostics",
            ]),
        .target(name: "Reports", dependencies: ["Diagnostics"]),
        .target(
            name: "SQSNN",
            dependencies: [
                "Compute", "Diagnostics", "LocalLearning", "QuantumCircuits", "QuantumHardware", "Reservoirs",
                "SpikeDatasets", "SpikeLearning", "SpikeTrains", "SpikingNetworks", "SpikingNeurons",
            ]),

        // Speed
        .target(name: "CAllocator", path: "Benchmarks/Allocator"),
        .target(
            name: "Benchmarks",
            dependencies: ["SpikeLearning", "CAllocator", "Diagnostics"],
            path: "Benchmarks/Scenarios"),

        // The command line
        .target(name: "CommandParsing", dependencies: ["Diagnostics"]),
        .target(
            name: "Health",
            dependencies: [
                "SpikeLearning", "SpikeDatasets", "Reports", "Compute", "Digests", "CZlib", hdf5,
                "Diagnostics",
            ]),
        .executableTarget(
            name: "sqsnn-cli",
            dependencies: [
                "SQSNN", "LocalLearning", "TemporalTasks", "Reproduction", "CommandParsing", "Reports",
                "Health",
                "Benchmarks", "Diagnostics",
            ]),

        // Tests mirror Sources
        .target(
            name: "TestSupport", dependencies: ["Compute", "QuantumCircuits"], path: "Tests/TestSupport"),
        .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics", "TestSupport"]),
        .testTarget(name: "DigestsTests", dependencies: ["Digests"]),
        .testTarget(name: "ComputeTests", dependencies: ["Compute", "TestSupport"]),
        .testTarget(
            name: "QuantumCircuitsTests", dependencies: ["QuantumCircuits", "TestSupport"]),
        .testTarget(name: "SpikeTrainsTests", dependencies: ["SpikeTrains", "TestSupport"]),
        .testTarget(
            name: "SpikeDatasetsTests", dependencies: ["SpikeDatasets", hdf5, "TestSupport"]),
        .testTarget(
            name: "SpikingNeuronsTests", dependencies: ["SpikingNeurons", "QuantumCircuits", "TestSupport"]),
        .testTarget(
            name: "QuantumHardwareTests",
            dependencies: ["QuantumHardware", "SpikingNeurons", "QuantumCircuits", "Compute", "TestSupport"]),
        .testTarget(
            name: "ReservoirsTests", dependencies: ["Reservoirs", "SpikingNeurons", "QuantumCircuits"]),
        .testTarget(
            name: "SpikingNetworksTests",
            dependencies: ["SpikingNetworks", "SpikingNeurons", "SpikeTrains", "QuantumCircuits"]),
        .testTarget(
            name: "LocalLearningTests",
            dependencies: [
                "LocalLearning", "QuantumHardware", "SpikingNetworks", "SpikingNeurons", "SpikeTrains",
                "QuantumCircuits", "Compute", "TestSupport",
            ]),
        .testTarget(
            name: "SpikeLearningTests",
            dependencies: [
                "SpikeLearning", "SpikingNetworks", "SpikeDatasets", "QuantumCircuits", "TestSupport",
            ]),
        .testTarget(
            name: "TemporalTasksTests",
            dependencies: [
                "TemporalTasks", "SpikeLearning", "SpikingNetworks", "SpikingNeurons", "SpikeTrains",
                "QuantumCircuits", "Compute", "TestSupport",
            ]),
        .testTarget(name: "ReportsTests", dependencies: ["Reports", "Diagnostics", "TestSupport"]),
        .testTarget(name: "HealthTests", dependencies: ["Health"]),
        .testTarget(name: "BenchmarksTests", dependencies: ["Benchmarks"]),
        .testTarget(name: "CommandParsingTests", dependencies: ["CommandParsing", "TestSupport"]),
        .testTarget(
            name: "CommandLineTests",
            dependencies: ["sqsnn-cli", "LocalLearning", "Diagnostics", "TestSupport"]),
    ] + widerKernels,
    swiftLanguageModes: [.v6]
)
