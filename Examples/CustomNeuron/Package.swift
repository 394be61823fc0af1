// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "CustomNeuron",
    dependencies: [.package(name: "swift-sqsnn", path: "../..")],
    targets: [
        .executableTarget(
            name: "CustomNeuron", dependencies: [.product(name: "SQSNN", package: "swift-sqsnn")])
    ],
    swiftLanguageModes: [.v6]
)
