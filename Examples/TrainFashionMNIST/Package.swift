// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "TrainFashionMNIST",
    dependencies: [.package(name: "swift-sqsnn", path: "../..")],
    targets: [
        .executableTarget(
            name: "TrainFashionMNIST", dependencies: [.product(name: "SQSNN", package: "swift-sqsnn")])
    ],
    swiftLanguageModes: [.v6]
)
