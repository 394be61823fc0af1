// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "CProgram",
    dependencies: [.package(name: "swift-sqsnn", path: "../..")],
    targets: [
        .executableTarget(
            name: "CProgram", dependencies: [.product(name: "sqsnn-c", package: "swift-sqsnn")])
    ]
)
