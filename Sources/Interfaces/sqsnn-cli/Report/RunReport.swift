import CommandParsing
import Figures
import Files
import Learning
import Networks
import Reports
import Runs
import SpikeDatasets

/// What `sqsnn report` tells of a run.
struct RunReport {
    private let run: TrainingRun
    private let summary: RunSummary

    /// Samples that mistakes are looked for among, and mistakes that are shown.
    private static let (looked, shown) = (500, 12)
    /// Samples that synaptic operations are counted over.
    private static let counted = 1000

    /// What the run told at its end; measured anew where it has not come there.
    init(_ run: TrainingRun) throws {
        self.run = run
        let written = try? JSONDocument.decode(
            RunSummary.self, from: InputFile.read(run.folder.summaryPath), .oldNames)
        if let written, written.weightsDigest == run.model.weightsDigest {
            summary = written
        } else {
            summary = try run.evaluate(repetitions: RunText.evaluationCount)
        }
    }

    /// One run, or several with a comparison.
    static func page(_ reports: [RunReport]) throws -> ReportPage {
        guard let first = reports.first else {
            return ReportPage(title: "No runs", summary: "", sections: [])
        }
        guard reports.count > 1 else {
            return ReportPage(
                title: "\(first.title), seed \(first.summary.seed)",
                summary: RunText.result(first.summary) + first.state,
                sections: try first.sections(""))
        }
        return ReportPage(
            title: "\(reports.count) runs",
            summary: Set(reports.map(\.title)).sorted().joined(separator: ", "),
            sections: [comparison(reports)]
                + (try reports.flatMap { try $0.sections("\($0.run.folder.path): ") }))
    }

    private var title: String { "\(run.configuration.modelTitle) on \(run.configuration.dataset)" }

    private var state: String {
        run.isComplete
            ? "" : "; \(run.trainer.progress.epoch) of \(run.configuration.recipe.epochCount) epochs so far"
    }

    private var accuracy: RunSummary.Accuracy? { summary.validationAccuracy ?? summary.testAccuracy }

    private static func comparison(_ reports: [RunReport]) -> ReportPage.Section {
        let rows = reports.map { report in
            [
                report.run.folder.path, report.title, "\(report.summary.seed)",
                report.accuracy.map(RunText.percent) ?? "", grouped(report.summary.parameters),
                String(printf: "%.1f", report.summary.spikesPerStep),
                String(printf: "%.1f", report.summary.secondsPerEpoch),
            ]
        }
        let longest = reports.map(\.run.metrics.count).max() ?? 0
        return ReportPage.Section(
            "Comparison",
            [
                .table(
                    ReportTable(
                        "Accuracy is mean ± deviation over single-shot passes",
                        headings: [
                            "run", "what", "seed", "accuracy (%)", "parameters", "spikes a step",
                            "s an epoch",
                        ],
                        rows: rows)),
                .chart(
                    ReportChart(
                        "Accuracy after each epoch, one pass", xLabel: "epoch", yLabel: "accuracy (%)",
                        x: (0..<longest).map { Double($0 + 1) },
                        curves: reports.map { report in
                            let values = report.run.metrics.map(\.measuredPercent)
                            return ReportChart.Curve(
                                report.run.folder.path,
                                (0..<longest).map { $0 < values.count ? values[$0] : nil })
                        })),
            ])
    }

    private func sections(_ prefix: String) throws -> [ReportPage.Section] {
        [
            .init(prefix + "Result", [.table(result)]),
            .init(prefix + "Training", curves),
            .init(prefix + "Classes", [.matrix(confusion)] + (try mistakes())),
            .init(prefix + "Spikes and memory", try activity()),
            .init(prefix + "What it costs", try costs()),
            .init(prefix + "Configuration", try configuration()),
        ]
    }

    private var result: ReportTable {
        let part = summary.validationAccuracy == nil ? "Test" : "Validation"
        var rows = [
            [
                "\(part) accuracy",
                (accuracy.map(RunText.percent) ?? "none")
                    + " % (mean ± deviation over \(accuracy?.passes ?? 0) single-shot passes)",
            ],
            ["Model", run.configuration.modelTitle],
            ["Data set", run.configuration.dataset],
            ["Trainable parameters", grouped(summary.parameters)],
            ["Epochs", "\(summary.epochs) of \(run.configuration.recipe.epochCount)"],
            [
                "Time",
                String(printf: "%.1f s an epoch, ", summary.secondsPerEpoch)
                    + "\(summary.threads) threads, \(summary.instructionSet)",
            ],
            ["Digest of the weights", summary.weightsDigest],
            ["Folder", run.folder.path],
        ]
        if let noise = summary.noise { rows.insert(["Noise", noise], at: 2) }
        return ReportTable("What the run came to", rows: rows)
    }

    private var curves: [ReportBlock] {
        let epochs = run.metrics
        let x = epochs.map { Double($0.epoch) }
        let part = run.configuration.measured.rawValue
        var charts = [
            ReportChart(
                "Accuracy", xLabel: "epoch", yLabel: "accuracy (%)", x: x,
                curves: [
                    .init("training, one pass", epochs.map { 100 * $0.trainAccuracy }),
                    .init("\(part), one pass", epochs.map(\.measuredPercent)),
                ]),
            ReportChart(
                "Loss", xLabel: "epoch", yLabel: "loss", x: x, curves: [.init("loss", epochs.map(\.loss))]),
        ]
        let names = RunFigures.layerNames(run)
        if !names.isEmpty {
            charts.append(
                ReportChart(
                    "Spikes", xLabel: "epoch", yLabel: "spikes a step", x: x,
                    curves: names.enumerated().map { layer, name in
                        .init(name, epochs.map { $0.layerSpikesPerStep[layer] })
                    }))
        }
        return epochs.isEmpty ? [.text("No epoch is done.")] : charts.map { .chart($0) }
    }

    private var confusion: ReportMatrix {
        ReportMatrix(
            "Samples of each class (rows) taken for each class (columns), over all passes",
            classNames: run.measuredSamples.classNames, counts: summary.confusion)
    }

    /// Of the first samples those that the first pass gets wrong.
    private func mistakes() throws -> [ReportBlock] {
        guard let trainer = run.trainer as? Trainer else { return [] }
        let data = run.measuredSamples.prefix(Self.looked)
        let predictions = try trainer.activity(on: data).predictions
        let wrong = data.labels.indices.filter { Int(data.labels[$0]) != predictions[$0] }
        let pictures = try wrong.prefix(Self.shown).map { sample in
            let (name, read) = (
                data.classNames[Int(data.labels[sample])], data.classNames[predictions[sample]]
            )
            let image = try RunFigures.image(of: data, sample)
            return ReportPicture(
                Self.png(image), .png, alternative: "Sample \(sample), \(name), read as \(read)",
                caption: "\(sample): \(name), read as \(read)", isPixelated: true)
        }
        return [
            .text(
                "\(wrong.count) of the first \(data.count) samples are read wrongly in one pass; the first of them:"
            ),
            .pictures(pictures),
        ]
    }

    /// Bright on dark, as the data have it.
    private static func png(_ image: RasterFigure.Image) -> [UInt8] {
        var picture = PNGPicture(
            width: image.width, height: image.height,
            palette: (0...255).map { level in
                let grey = UInt8(level); return (grey, grey, grey)
            })
        picture.append(image.intensities.map { UInt8((255 * min(max($0, 0), 1)).rounded()) })
        return picture.bytes
    }

    private func activity() throws -> [ReportBlock] {
        guard let trainer = run.trainer as? Trainer else { return [.text("The model has no spikes.")] }
        let names = run.measuredSamples.classNames
        let (found, label) = try run.activity(sample: 0, recording: [.probabilities, .memory])
        let title = "sample 0: \(names[label]), read as \(names[found.prediction])"
        let input = trainer.network.graph.input.name
        let traces = ActivityFigure(title: title, input: input, found.input, found.activity)
        return [
            .pictures([
                ReportPicture(
                    try RunFigures.rasterFigure(run).picture(.png), .png,
                    alternative: "Spikes of every population for the first samples, against the steps",
                    caption: "Spikes of the first samples, of each neuron a row"),
                ReportPicture(
                    try traces.picture(.png), .png,
                    alternative:
                        "Input, spikes, probabilities and memory of each population against the steps",
                    caption: "Over the steps of \(title): spikes, how probable they were, and the memory"),
            ])
        ]
    }

    private func costs() throws -> [ReportBlock] {
        let cost = try run.trainer.inferenceCost(on: run.measuredSamples.prefix(Self.counted))
        let inferences = Double(max(cost.operations.inferences, 1))
        func each(_ count: Int) -> String { grouped(Int((Double(count) / inferences).rounded())) }
        var rows = [
            ["Steps", "\(cost.stepCount)"],
            ["Neurons", grouped(cost.neuronCount)],
            ["Shots", cost.shots.map(grouped) ?? "none: exact, on a simulator only"],
            ["Synaptic operations, all synapses at all steps", each(cost.operations.dense)],
            ["Synaptic operations, those that spikes cause", each(cost.operations.effectiveACs)],
            ["Multiplications, of inputs that are numbers", each(cost.operations.effectiveMACs)],
        ]
        for (name, spikes) in zip(RunFigures.layerNames(run), summary.layerSpikesPerStep) {
            rows.append(["Spikes a step, \(name)", String(printf: "%.2f", spikes)])
        }
        var blocks: [ReportBlock] = [
            .table(
                ReportTable(
                    "An inference, mean over \(cost.operations.inferences) samples, counted as NeuroBench does",
                    rows: rows))
        ]
        if let ledger = summary.ledger {
            blocks.append(
                .table(
                    ReportTable(
                        "Circuits and shots of the whole training",
                        headings: ["purpose", "circuits", "shots"],
                        rows: RunText.purposes(ledger).map {
                            [$0, grouped($1.circuits), grouped($1.shots)]
                        })))
        }
        return blocks
    }

    private func configuration() throws -> [ReportBlock] {
        let configuration = run.configuration
        let text = String(decoding: try InputFile.read(run.folder.configurationPath), as: UTF8.self)
        let digests = configuration.datasetDigests.sorted { $0.key < $1.key }.map { [$0.key, $0.value] }
        return [
            .text("\(RunText.heading(run)). Made by sqsnn \(configuration.version)."),
            .table(ReportTable("Data", headings: ["file", "SHA-256"], rows: digests)),
            .details("run.json", [.code(text)]),
        ]
    }
}
