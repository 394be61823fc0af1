import CommandParsing
import Compute
import EventRecordings
import FoundationEssentials
import SpikeDatasets

/// `sqsnn data simulate-dvs`: recordings of an event camera that there is not.
struct DataSimulateCommand: Command {
    static let description = CommandDescription(
        name: "simulate-dvs", summary: "Make recordings of images as an event camera would see them.",
        discussion: """
            The set-up of MNIST-DVS, simulated: each image moves slowly on a screen before a sensor of 128×128 pixels, whose \
            settings were chosen by the real recordings of digit 0. Train and Test hold recordings of the images to \
            learn from and of those to judge by; \(SimulatedRecordings.fileName) says how they were made. Ctrl-C stops, the same command \
            goes on. In the folder where they are put by themselves, 'sqsnn train --dataset \(SimulatedRecordings.dataset)' finds them.
            """,
        examples: [
            Example("sqsnn data simulate-dvs", "10,000 digits, 1.2 GB; some ten minutes of two cores."),
            Example(
                "sqsnn data simulate-dvs --dataset fashion-mnist --train 100 --test 20 --scale 16 --output clothes",
                "Articles of clothing, as large as the sensor."),
        ])

    static let arguments: [ArgumentDescription] = [
        .option(
            name: "dataset", value: "NAME", help: "Set of images.", default: "mnist",
            suggestions: DatasetCatalog.names),
        .option(
            name: "scale", value: DVSSetup.scales.map(String.init).joined(separator: "|"),
            help: "Size on the screen, as MNIST-DVS counts it.", default: "4"),
        .option(
            name: "train", value: "N", help: "Recordings to learn from.",
            default: "\(SimulatedRecordings.usualCounts.train)"),
        .option(
            name: "test", value: "N", help: "Recordings to judge by.",
            default: "\(SimulatedRecordings.usualCounts.test)"),
        .option(name: "seed", value: "S", help: "Seed of the camera and its noise.", default: "1"),
        .option(
            name: "setup", value: "FILE",
            help:
                "Camera and motion in JSON, in place of --scale: the setup in a \(SimulatedRecordings.fileName), or a base (scale4) and what differs.",
            default: "that of MNIST-DVS"),
        .option(
            name: "output", value: "DIR", help: "Folder of the recordings.",
            default: "\(SimulatedRecordings.dataset) in the user's data folder"),
    ]

    private let dataset: String
    private let counts: (train: Int, test: Int)
    private let seed: Int
    private let setup: DVSSetup
    private let output: String

    init(_ arguments: ParsedArguments) throws {
        dataset = try DatasetCatalog.entry(named: arguments.string("dataset", default: "mnist")).name
        counts = (
            try arguments.integer("train", in: 1...Int.max) ?? SimulatedRecordings.usualCounts.train,
            try arguments.integer("test", in: 1...Int.max) ?? SimulatedRecordings.usualCounts.test
        )
        seed = try arguments.integer("seed", in: 0...Int.max) ?? 1
        let scale = try arguments.integer("scale", in: 4...16) ?? 4
        guard DVSSetup.scales.contains(scale) else {
            throw UsageError.invalidValue(argument: "--scale", found: "\(scale)", expected: "4, 8 or 16")
        }
        if arguments.isGiven("scale"), arguments.isGiven("setup") {
            throw UsageError.contradiction("--scale beside --setup, which has a scale of its own")
        }
        setup = try arguments.string("setup").map { try DVSSetup(reading: $0) } ?? DVSSetup(scale: scale)
        output =
            try arguments.folder("output")
            ?? "\(DatasetSearchPath().userFolder)/\(SimulatedRecordings.dataset)"
    }

    func run(_ terminal: Terminal) async throws {
        let images = try await DatasetCatalog.loadImages(dataset)
        let simulation = try SimulatedRecordings(
            of: images, trainCount: counts.train, testCount: counts.test, seed: UInt64(seed),
            setup: setup)
        terminal.write("\(simulation.count) simulated recordings of \(dataset) → \(output)")
        let isWhole = try await Interrupt.whileListening {
            let bar = ProgressBar(
                "simulate", total: simulation.count, unit: "recordings", terminal: terminal)
            defer { bar.finish() }
            return try simulation.write(
                to: output, of: images,
                parallelism: Parallelism(threadCount: ProcessInfo.processInfo.activeProcessorCount),
                isInterrupted: { Interrupt.isRequested }, onProgress: { bar.advance() })
        }
        if !isWhole { terminal.write("Stopped. The same command goes on.") }
    }
}
