// swift-tools-version: 6.2
import PackageDescription

// Fuzzing of every reader of files. Built by `Scripts/fuzz` alone: all modules need the sanitizers' flags.
let package = Package(
    name: "fuzzing",
    dependencies: [.package(name: "swift-sqsnn", path: "..")],
    targets: [
        .executableTarget(
            name: "fuzz-readers", dependencies: [.product(name: "SQSNN", package: "swift-sqsnn")], path: ".",
            exclude: ["Corpus", "Replay", "mutate.py"], sources: ["Readers", "EntryPoint"],
            // libFuzzer has its own `main`.
            swiftSettings: [.unsafeFlags(["-parse-as-library"])])
    ],
    swiftLanguageModes: [.v6]
)
