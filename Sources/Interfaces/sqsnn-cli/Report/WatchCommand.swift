import CommandParsing
import Figures
import Files
import FoundationEssentials
import Glibc
import Learning
import Reports
import Runs

/// `sqsnn watch`: how a training goes.
struct WatchCommand: Command {
    static let description = CommandDescription(
        name: "watch", summary: "Follow a training: curves in the terminal, TensorBoard files.",
        discussion: """
            Draws accuracy, loss and spikes of the epochs that are done, and again after each, until the run is complete or Ctrl-C. Nothing of the run \
            is touched; it may train in another process, or be over. Where standard output is no terminal, one line an epoch. \
            --tensorboard keeps an event file there that TensorBoard reads.
            """,
        examples: [
            Example("sqsnn watch runs/fashion-mnist-sqs-1", "Curves, until it is over."),
            Example(
                "sqsnn watch runs/fashion-mnist-sqs-1 --once --tensorboard logs/sqs",
                "What there is, for tensorboard --logdir logs."),
        ])
    static let arguments: [ArgumentDescription] = [
        .positional(name: "run", help: "Folder of the run."),
        .flag(name: "once", help: "Show what there is, and end."),
        .option(
            name: "interval", value: "SECONDS", help: "Time between two looks, 0.1 to 3600.", default: "1"),
        .option(
            name: "tensorboard", value: "DIR", help: "Folder of the event file.", default: "none"),
    ]

    private let folder: RunFolder
    private let isOnce: Bool
    private let interval: Double
    private let events: String?

    init(_ arguments: ParsedArguments) throws {
        folder = RunFolder(path: try arguments.positional("run"))
        isOnce = arguments.flag("once")
        interval = try arguments.number("interval", in: 0.1...3600) ?? 1
        events = try arguments.folder("tensorboard")
    }

    func run(_ terminal: Terminal) async throws {
        let configuration = try folder.configuration()
        let begun = try beginning()
        try await Interrupt.whileListening {
            var shown = 0
            var isFirst = true
            while true {
                let epochs = try folder.epochsSoFar()
                if isFirst || epochs.count > shown {
                    show(epochs, after: shown, configuration, terminal)
                    try write(epochs, begun)
                    (shown, isFirst) = (epochs.count, false)
                }
                if isOnce || shown >= configuration.recipe.epochCount { return }
                // In pieces, so that Ctrl-C is heeded.
                let end = Date().addingTimeInterval(interval)
                while Date() < end {
                    if Interrupt.isRequested { return }
                    try await Task.sleep(for: .seconds(min(0.1, interval)))
                }
            }
        }
    }

    private func show(
        _ epochs: [EpochMetrics], after shown: Int, _ configuration: RunConfiguration, _ terminal: Terminal
    ) {
        guard terminal.isInteractive else {
            for epoch in epochs.dropFirst(shown) {
                terminal.write(RunText.line(epoch, of: configuration.recipe.epochCount))
            }
            return
        }
        let part = configuration.measured.rawValue
        let curves = [
            TerminalCurve(
                name: "\(part) accuracy (%)",
                values: epochs.map { $0.measuredPercent ?? .nan }),
            TerminalCurve(name: "training accuracy (%)", values: epochs.map { 100 * $0.trainAccuracy }),
            TerminalCurve(name: "loss", values: epochs.map(\.loss)),
            TerminalCurve(name: "spikes a step", values: epochs.map(\.spikesPerStep)),
        ]
        terminal.show(
            [
                "\(folder.path): \(configuration.modelTitle) on \(configuration.dataset), "
                    + "epoch \(epochs.count) of \(configuration.recipe.epochCount)"
            ] + curves.flatMap { $0.lines(width: terminal.width, height: 4) })
    }

    /// When the run began, seconds since 1970: its configuration is written then.
    private func beginning() throws -> Double {
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.configurationPath)
        return (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
    }

    /// The event file of all epochs, made anew: its name is the same, and it is whole whenever TensorBoard looks.
    private func write(_ epochs: [EpochMetrics], _ begun: Double) throws {
        guard let events else { return }
        var file = TensorBoardEvents(time: begun)
        var time = begun
        for epoch in epochs {
            time += epoch.seconds
            var scalars = [
                ("loss", epoch.loss), ("accuracy/train", epoch.trainAccuracy),
                ("spikes_per_step", epoch.spikesPerStep), ("seconds", epoch.seconds),
            ]
            if let accuracy = epoch.testAccuracy { scalars.append(("accuracy/test", accuracy)) }
            if let accuracy = epoch.validationAccuracy { scalars.append(("accuracy/validation", accuracy)) }
            file.add(step: epoch.epoch, time: time, scalars)
        }
        try Folder.make(events)
        try AtomicFile.write(file.bytes, to: "\(events)/\(TensorBoardEvents.fileName(time: begun))")
    }
}
