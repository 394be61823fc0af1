// swift-tools-version: 6.2
import PackageDescription

// Six floors, each a folder of Sources; a module uses those above it on this page. docs/architecture.md draws it.

/// A module in a folder of its own, `Sources/<floor>/<name>`.
func module(
    _ name: String, _ floor: String, _ dependencies: [Target.Dependency] = [], _ settings: [SwiftSetting] = []
) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/\(floor)/\(name)", swiftSettings: settings)
}

func system(_ name: String, pkgConfig: String, _ package: String) -> Target {
    .systemLibrary(
        name: name, path: "Sources/Foundations/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}

/// The tests of a module, `Tests/<name>Tests`.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies)
}

// The hot loops, once for each level of instructions: one source, KernelsForAVX2 and KernelsForAVX512 are links to it.
#if arch(x86_64)
    func level(_ name: String) -> [SwiftSetting] { [.unsafeFlags(["-Xcc", "-march=\(name)"])] }
    let baseline = level("x86-64-v2")
    let wider = [
        module(
            "KernelsForAVX2", "Foundations", ["KernelTasks"], level("x86-64-v3") + [.define("KERNELS_V3")]),
        module(
            "KernelsForAVX512", "Foundations", ["KernelTasks"], level("x86-64-v4") + [.define("KERNELS_V4")]),
    ]
#else
    let baseline: [SwiftSetting] = []
    let wider: [Target] = []
#endif

// All calls of HDF5, in C, for a process of their own. Without the trait it is empty.
let hdf5 = Target.target(
    name: "CHDF5Child",
    dependencies: [.target(name: "CHDF5", condition: .when(traits: ["HDF5"]))],
    path: "Sources/Foundations/CHDF5Child",
    cSettings: [.define("HDF5", .when(traits: ["HDF5"]))])

let packets = ["CLZ4", "CZstd"].map {
    Target.Dependency.target(name: $0, condition: .when(traits: ["AEDAT4"]))
}

let downloads: [Target.Dependency] = [.target(name: "CCurl", condition: .when(traits: ["Downloads"]))]

let mpi: [Target.Dependency] = [.target(name: "CMPI", condition: .when(traits: ["MPI"]))]

let foundations: [Target] =
    [
        system("CZlib", pkgConfig: "zlib", "zlib1g-dev"),
        system("CCrypto", pkgConfig: "libcrypto", "libssl-dev"),
        system("CCurl", pkgConfig: "libcurl", "libcurl4-openssl-dev"),
        system("CSQLite", pkgConfig: "sqlite3", "libsqlite3-dev"),
        system("CLZ4", pkgConfig: "liblz4", "liblz4-dev"),
        system("CZstd", pkgConfig: "libzstd", "libzstd-dev"),
        system("CHDF5", pkgConfig: "hdf5", "libhdf5-dev"),
        system("CMPI", pkgConfig: "mpi-c", "libopenmpi-dev"),
        system("CLAPACK", pkgConfig: "lapacke", "liblapacke-dev"),
        system("COpenBLAS", pkgConfig: "openblas", "libopenblas-dev"),
        module("Files", "Foundations", ["CCrypto", "CZlib"]),
        hdf5,
        module("HDF5Files", "Foundations", ["Files", "CHDF5Child"]),
        module("KernelTasks", "Foundations"),
        module("LinearAlgebra", "Foundations", ["CLAPACK", "COpenBLAS", "KernelTasks"]),
        module("Ranks", "Foundations", ["KernelTasks", "Files"] + mpi),
        module("Kernels", "Foundations", ["KernelTasks"], baseline),
    ] + wider + [
        module(
            "Compute", "Foundations",
            ["KernelTasks", "Kernels", "Files"] + wider.map { .target(name: $0.name) })
    ]

let quantum = [
    module("QuantumCircuits", "Quantum", ["LinearAlgebra", "Files"]),
    module("DeviceNoise", "Quantum", ["QuantumCircuits", "Files"]),
    module("ErrorMitigation", "Quantum", ["DeviceNoise", "QuantumCircuits", "LinearAlgebra", "Files"]),
]

let spiking = [
    module("SpikeTrains", "Spiking", ["Compute", "Files"]),
    module("EventRecordings", "Spiking", ["SpikeTrains", "Compute", "HDF5Files", "Files"] + packets),
    module(
        "SpikeDatasets", "Spiking",
        ["EventRecordings", "SpikeTrains", "Compute", "HDF5Files", "Files"] + downloads),
    module("Neurons", "Spiking", ["SpikeTrains", "DeviceNoise", "QuantumCircuits", "Compute", "Files"]),
    module(
        "Networks", "Spiking",
        ["Neurons", "SpikeTrains", "DeviceNoise", "QuantumCircuits", "Compute", "Files"]),
    module("QuantumBackends", "Spiking", ["Neurons", "DeviceNoise", "QuantumCircuits", "Compute", "Files"]),
]

let learning = [
    module(
        "Learning", "Learning",
        ["Networks", "Neurons", "SpikeDatasets", "SpikeTrains", "Ranks", "Compute", "Files"]),
    module(
        "LocalLearning", "Learning",
        [
            "Learning", "Networks", "Neurons", "SpikeTrains", "QuantumBackends", "ErrorMitigation",
            "DeviceNoise", "QuantumCircuits", "Compute", "Files",
        ]),
    module(
        "Baselines", "Learning",
        [
            "Learning", "Networks", "Neurons", "SpikeDatasets", "SpikeTrains", "QuantumCircuits",
            "LinearAlgebra",
            "Compute", "Files",
        ]),
    module(
        "Runs", "Learning",
        [
            "Baselines", "LocalLearning", "Learning", "Networks", "Neurons", "SpikeDatasets",
            "EventRecordings", "SpikeTrains", "QuantumBackends", "DeviceNoise", "QuantumCircuits", "Ranks",
            "Compute", "Files",
        ]),
]

let studies = [
    module("Figures", "Studies", ["EventRecordings", "Compute", "Files"]),
    module(
        "NeuronAnalysis", "Studies",
        ["Neurons", "ErrorMitigation", "DeviceNoise", "QuantumCircuits", "LinearAlgebra", "Compute", "Files"]),
    module(
        "Reservoirs", "Studies",
        [
            "NeuronAnalysis", "Neurons", "DeviceNoise", "QuantumCircuits", "SpikeTrains", "LinearAlgebra",
            "Compute", "Files",
        ]),
    module("Campaigns", "Studies", ["Compute", "Files", "CSQLite"]),
    module("Reports", "Studies", ["Figures", "Campaigns", "Files"]),
    module(
        "SpikeTrainFits", "Studies",
        [
            "Learning", "NeuronAnalysis", "Networks", "Neurons", "SpikeTrains", "DeviceNoise",
            "QuantumCircuits", "LinearAlgebra", "Compute", "Files",
        ]),
    module(
        "Studies", "Studies",
        [
            "SpikeTrainFits", "Campaigns", "Runs", "Learning", "NeuronAnalysis", "Networks", "Neurons",
            "SpikeDatasets", "SpikeTrains", "DeviceNoise", "QuantumCircuits", "Compute", "Files",
        ]),
    module(
        "Reproduction", "Studies",
        [
            "Studies", "Campaigns", "Runs", "Learning", "LocalLearning", "Reservoirs", "NeuronAnalysis",
            "Neurons",
            "SpikeDatasets", "DeviceNoise", "QuantumCircuits", "Compute", "Files",
        ]),
]

let library: [Target.Dependency] = [
    "Runs", "Baselines", "Learning", "LocalLearning", "Networks", "Neurons", "SpikeDatasets",
    "EventRecordings", "SpikeTrains", "NeuronAnalysis",
    "SpikeTrainFits", "Reservoirs", "QuantumBackends", "ErrorMitigation", "DeviceNoise", "QuantumCircuits",
    "Compute",
    "HDF5Files", "Files",
]

let interfaces: [Target] = [
    module("SQSNN", "Interfaces", library),
    module("CommandParsing", "Interfaces", ["Files"]),
    module(
        "Health", "Interfaces",
        [
            "Runs", "Learning", "SpikeDatasets", "EventRecordings", "QuantumBackends", "Figures", "Reports",
            "LinearAlgebra", "Ranks", "Compute",
            "HDF5Files", "Files",
            "CZlib", "CSQLite",
        ]),
    module(
        "TrainingOptions", "Interfaces",
        [
            "CommandParsing", "Runs", "Baselines", "Learning", "LocalLearning", "Networks", "Neurons",
            "SpikeDatasets", "EventRecordings", "QuantumBackends", "DeviceNoise", "QuantumCircuits", "Files",
        ]),
    .target(name: "CSQSNN", path: "Sources/Interfaces/CSQSNN"),
    module(
        "CInterface", "Interfaces",
        [
            "CSQSNN", "TrainingOptions", "CommandParsing", "Campaigns", "Reservoirs", "NeuronAnalysis",
            "Runs", "Learning",
            "Networks",
            "Neurons", "SpikeDatasets", "SpikeTrains",
            "QuantumCircuits", "Compute", "Files",
        ]),
    .executableTarget(
        name: "sqsnn-cli",
        dependencies: [
            "SQSNN", "Campaigns", "Studies", "Reproduction", "Figures", "Reports", "Health", "Benchmarks",
            "CommandParsing", "TrainingOptions", "Ranks",
        ]
            + library, path: "Sources/Interfaces/sqsnn-cli"),
]

let speed: [Target] = [
    .target(name: "CAllocator", path: "Benchmarks/Allocator"),
    .target(
        name: "Benchmarks",
        dependencies: [
            "Baselines", "LocalLearning", "Learning", "Networks", "Neurons", "SpikeDatasets",
            "EventRecordings",
            "SpikeTrains", "DeviceNoise", "QuantumCircuits", "Compute", "CAllocator", "Files",
        ] + packets, path: "Benchmarks/Scenarios"),
]

let testing: [Target] = [
    .target(
        name: "TestSupport", dependencies: ["Ranks", "Compute", "KernelTasks", "QuantumCircuits", "Files"],
        path: "Tests/TestSupport"),
    tests("Files", ["TestSupport"]),
    tests("LinearAlgebra", []),
    tests("Compute", ["TestSupport"]),
    tests("QuantumCircuits", ["Compute", "Files", "TestSupport"]),
    tests("DeviceNoise", ["QuantumCircuits", "Files", "TestSupport"]),
    tests("ErrorMitigation", ["DeviceNoise", "QuantumCircuits", "Files", "TestSupport"]),
    tests(
        "QuantumBackends", ["Neurons", "DeviceNoise", "QuantumCircuits", "Compute", "Files", "TestSupport"]),
    tests("SpikeTrains", ["Compute", "Files", "TestSupport"]),
    tests("HDF5Files", ["Files", "TestSupport"]),
    tests("EventRecordings", ["HDF5Files", "Compute", "Files", "TestSupport"]),
    tests(
        "SpikeDatasets", ["EventRecordings", "SpikeTrains", "HDF5Files", "Compute", "Files", "TestSupport"]),
    tests(
        "Neurons",
        [
            "DeviceNoise", "QuantumCircuits", "SpikeTrains", "Compute", "Files", "TestSupport",
        ]),
    tests(
        "Networks",
        ["Neurons", "SpikeTrains", "DeviceNoise", "QuantumCircuits", "Compute", "Files", "TestSupport"]),
    tests(
        "LocalLearning",
        [
            "Learning", "QuantumBackends", "ErrorMitigation", "DeviceNoise", "Networks", "Neurons",
            "SpikeTrains",
            "QuantumCircuits", "Compute", "Files", "TestSupport",
        ]),
    tests(
        "Learning",
        [
            "Networks", "Neurons", "SpikeDatasets", "SpikeTrains", "QuantumCircuits", "Compute", "Files",
            "TestSupport",
        ]),
    tests(
        "Baselines",
        ["Learning", "Neurons", "SpikeDatasets", "QuantumCircuits", "Compute", "Files", "TestSupport"]),
    tests(
        "Runs",
        [
            "Baselines", "LocalLearning", "Learning", "Networks", "Neurons", "SpikeDatasets",
            "EventRecordings",
            "SpikeTrains", "DeviceNoise", "QuantumCircuits", "QuantumBackends", "Compute", "Files",
            "TestSupport",
        ]),
    tests(
        "NeuronAnalysis",
        [
            "Neurons", "ErrorMitigation", "DeviceNoise", "QuantumCircuits", "Compute", "Files", "TestSupport",
        ]),
    tests("Figures", ["EventRecordings", "Files", "TestSupport"]),
    tests(
        "Reservoirs",
        ["NeuronAnalysis", "Neurons", "DeviceNoise", "QuantumCircuits", "LinearAlgebra", "Compute", "Files"]),
    tests("Campaigns", ["Compute", "Files", "TestSupport"]),
    tests("Reports", ["Figures", "Campaigns", "Files", "TestSupport"]),
    tests(
        "SpikeTrainFits",
        [
            "NeuronAnalysis", "Neurons", "SpikeTrains", "DeviceNoise", "QuantumCircuits", "LinearAlgebra",
            "Compute", "Files", "TestSupport",
        ]),
    tests(
        "Studies",
        [
            "SpikeTrainFits", "Campaigns", "Runs", "Learning", "Networks", "Neurons", "SpikeDatasets",
            "SpikeTrains", "QuantumCircuits", "Compute", "Files", "TestSupport",
        ]),
    tests("Reproduction", ["Studies", "Learning", "QuantumCircuits", "Files", "TestSupport"]),
    tests(
        "Health", ["Runs", "Learning", "Neurons", "SpikeDatasets", "QuantumCircuits", "Files", "TestSupport"]),
    tests(
        "Benchmarks",
        [
            "LocalLearning", "Networks", "Neurons", "EventRecordings", "QuantumCircuits", "Compute",
            "TestSupport",
        ]),
    tests("CommandParsing", ["Files", "TestSupport"]),
    .testTarget(
        name: "CommandLineTests",
        dependencies: [
            "sqsnn-cli", "Runs", "LocalLearning", "QuantumCircuits", "Ranks", "Files", "TestSupport",
        ]),
    // The corpus of the package Fuzzing, which this one cannot depend on.
    .testTarget(
        name: "FuzzingTests", dependencies: ["SQSNN"] + library, path: "Fuzzing",
        exclude: ["Corpus", "EntryPoint", "Package.swift", "mutate.py"], sources: ["Readers", "Replay"]),
]

let package = Package(
    name: "swift-sqsnn",
    products: [
        .library(name: "SQSNN", targets: ["SQSNN"]),
        .library(name: "sqsnn-c", type: .dynamic, targets: ["CInterface", "CSQSNN"]),
        .executable(name: "sqsnn", targets: ["sqsnn-cli"]),
    ],
    traits: [
        .default(enabledTraits: ["HDF5", "AEDAT4", "Downloads"]),
        .trait(name: "HDF5", description: "HDF5 files: USPS, SHD, SSC, recordings of events; needs libhdf5."),
        .trait(name: "MPI", description: "Training by several processes; needs Open MPI or MPICH."),
        .trait(name: "Downloads", description: "Fetching data sets; needs libcurl."),
        .trait(
            name: "AEDAT4", description: "Compressed event recordings (AEDAT 4); needs liblz4 and libzstd."),
    ],
    targets: foundations + quantum + spiking + learning + studies + interfaces + speed + testing,
    swiftLanguageModes: [.v6]
)
