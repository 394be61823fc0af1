import CommandParsing
import Figures
import Files
import Glibc
import NeuronAnalysis
import Neurons
import QuantumCircuits

/// `sqsnn neuron memory`: what does a neuron remember, how much of it, and for how long?
struct NeuronMemoryCommand: Command {
    static let description = CommandDescription(
        name: "memory", summary: "Measure what a neuron remembers, how much and for how long.",
        discussion: """
            For random angles and currents, all spike histories are enumerated with their exact probabilities. \
            'own spikes' is how far the probability of the last spike varies with the neuron's own past spikes, \
            'past currents' how far its average varies with the past currents, both at the same last current. Each \
            is the largest found; 0 means at most 1e-12, the rounding error.

            The second table has means over the random angles, each exact. 'input k' is the information, in bits, \
            that a spike has about a random input bit k steps before (the bit sets the current to one of --levels), its \
            own input being known; 'own k' what it tells about the neuron's spike k steps before beyond that spike's \
            input. 'time' is the \
            number of steps in which a disturbance of the memory fades to 1/e, from the slowest mode of the step's \
            mean map (median), whether or not spikes show it; 'age' the mean age of what a spike tells about past \
            inputs. 'entangling' is the entangling power, 'purity' that of the memory after the enumerated steps if \
            nobody looks at the spikes, 'Fisher' the Fisher information of the spike train about all angles together, \
            'quantum' the same of spikes and memory.
            """,
        examples: [
            Example("sqsnn neuron memory", "The whole catalogue."),
            Example(
                "sqsnn neuron memory exchange --memory-qubits 1,2,3 --draws 20",
                "One circuit with more and more memory."),
            Example(
                "sqsnn neuron memory exchange last-spike-feedback --figures .",
                "A circuit and the control without quantum memory, drawn."),
            Example(
                "sqsnn neuron memory exchange partial-swap --noise eagle --noise-scale 5",
                "How fast two circuits forget on a device, beside the same without noise."),
            Example(
                "sqsnn neuron memory layered-2 exchange --steps 6 --json", "Two circuits, for a program."),
        ])
    static let arguments: [ArgumentDescription] =
        [
            .option(
                name: "steps", value: "T", help: "Steps of the enumerated runs, 2 to 6.",
                default: "4; 6 for the second table"),
            .option(name: "draws", value: "COUNT", help: "Random angles and currents tried.", default: "200"),
            .option(
                name: "lags", value: "K", help: "Largest lag of the information curves.", default: "20"),
            .option(
                name: "levels", value: "Z0,Z1", help: "Currents of an input bit 0 and 1.", default: "0,0.5"),
            .option(
                name: "warm-up", value: "STEPS", help: "Steps before those that the information is about.",
                default: "100"),
            .option(
                name: "shots", value: "COUNT",
                help: "Repetitions of the last step that tell its firing probability (JSON, figure).",
                default: "100"),
            .option(name: "seed", value: "SEED", help: "Seed of the random numbers.", default: "0"),
        ] + NeuronSelection.options + [
            .option(
                name: "figures", value: "DIR", help: "Folder for figures, SVG and PNG.", default: "no figures"
            ),
            .flag(
                name: "json",
                help: "Print one JSON object: circuits with spreads, verdict, and a profile of all curves."),
            NeuronSelection.positional,
        ]

    private let analysis: MemoryAnalysis
    private let profiler: MemoryProfiler
    private let selection: NeuronSelection
    private let folder: String?
    private let isJSON: Bool

    init(_ arguments: ParsedArguments) throws {
        let stepCount = try arguments.integer("steps", in: MemoryAnalysis.stepCounts)
        let drawCount = try arguments.integer("draws", in: MemoryAnalysis.drawCounts) ?? 200
        let seed = UInt64(try arguments.integer("seed", in: 0...Int.max) ?? 0)
        analysis = try MemoryAnalysis(stepCount: stepCount ?? 4, drawCount: drawCount, seed: seed)
        var profiler = MemoryProfiler()
        profiler.stepCount = stepCount
        profiler.drawCount = drawCount
        profiler.seed = seed
        profiler.lagCount = try arguments.integer("lags", in: MemoryProfiler.lagCounts) ?? 20
        profiler.shots = try arguments.integer("shots", in: MemoryProfiler.shotCounts) ?? 100
        profiler.warmUp = try arguments.integer("warm-up", in: MemoryProfiler.warmUps) ?? 100
        let levels = try arguments.differentNumbers("levels", in: Circuit.currentRange) ?? [0, 0.5]
        guard levels.count == 2 else {
            throw UsageError.invalidValue(
                argument: "--levels", found: arguments.string("levels", default: ""),
                expected: "two currents with a comma between")
        }
        profiler.levels = (levels[0], levels[1])
        self.profiler = profiler
        selection = try NeuronSelection(arguments)
        folder = try arguments.folder("figures")
        isJSON = arguments.flag("json")
    }

    /// One neuron's answer: the fields of its report, and its profile beside them.
    private struct Result: Encodable {
        let label: String
        let report: MemoryReport
        /// Under the noise, if there is any; nil for a circuit with too many qubits.
        let profile: MemoryProfile?
        /// Nil where nothing else was asked for.
        let profileWithoutNoise: MemoryProfile?
        let noise: String?

        private enum CodingKeys: String, CodingKey {
            case profile, noise
            case profileWithoutNoise
        }

        func encode(to encoder: any Encoder) throws {
            try report.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encodeIfPresent(profile, forKey: .profile)
            try container.encodeIfPresent(profileWithoutNoise, forKey: .profileWithoutNoise)
            try container.encodeIfPresent(noise, forKey: .noise)
        }
    }

    func run(_ terminal: Terminal) async throws {
        try FigureFiles.prepare(folder)
        let results = try zip(selection.neurons, selection.labels).map { neuron, label in
            if terminal.isErrorInteractive { terminal.writeError("Measuring \(label) …") }
            let model = try selection.underNoise(neuron.model)
            let qubits = model.channelCount + model.memoryQubits
            let isProfiled = qubits <= SpikingInstrument.maximumQubitCount
            let angles = selection.angles
            let isNoisy = !model.isSame(as: neuron.model)
            return Result(
                label: label,
                report: try analysis.report(for: model, name: neuron.name, angles: angles),
                profile: isProfiled ? try profiler.profile(of: model, angles: angles) : nil,
                profileWithoutNoise: isProfiled && isNoisy
                    ? try profiler.profile(of: neuron.model, angles: angles) : nil,
                noise: isNoisy ? selection.noiseName : nil)
        }
        let profiles = results.flatMap { result in
            [(result.profileWithoutNoise, nil), (result.profile, result.noise)].compactMap {
                (profile, noise) in
                profile.map { MemoryFigures.Entry(name: result.label, noise: noise, profile: $0) }
            }
        }
        if isJSON {
            try terminal.writeJSON(["circuits": results])
        } else {
            write(results, profiles, to: terminal)
        }
        try FigureFiles.draw(MemoryFigures(entries: profiles).all, folder: folder, terminal)
    }

    private func write(_ results: [Result], _ profiles: [MemoryFigures.Entry], to terminal: Terminal) {
        Self.spreadLines(results).forEach(terminal.write)
        if !profiles.isEmpty {
            terminal.write("")
            TextTable.numberLines(Self.profileRows(profiles)).forEach(terminal.write)
        }
        for result in results where result.profile == nil {
            terminal.write(
                "\(result.label): no more than its spreads; the rest is for at most "
                    + "\(SpikingInstrument.maximumQubitCount) qubits")
        }
    }

    private static func spreadLines(_ results: [Result]) -> [String] {
        let width = max(results.map(\.label.count).max() ?? 0, 7)
        func line(_ name: String, _ ownSpikes: String, _ pastCurrents: String, _ verdict: String) -> String {
            name.padded(to: width) + "  "
                + ownSpikes.padded(to: 10) + "  "
                + pastCurrents.padded(to: 13) + "  " + verdict
        }
        return [line("circuit", "own spikes", "past currents", "verdict")]
            + results.map {
                line(
                    $0.label, spreadText($0.report.spreadOverOwnSpikes),
                    spreadText($0.report.spreadOverPastCurrents), $0.report.verdict)
            }
    }

    private static func profileRows(_ entries: [MemoryFigures.Entry]) -> [[String]] {
        let heading = [
            "circuit", "input 0", "1", "2", "5", "own 1", "2", "5", "time", "age", "entangling", "purity",
            "Fisher", "quantum",
        ]
        return [heading]
            + entries.map { entry in
                let profile = entry.profile
                func bits(_ curve: [Double], _ index: Int) -> String {
                    index < curve.count ? bitText(curve[index]) : "-"
                }
                func decimal(_ value: Double, _ digits: Int) -> String {
                    String(printf: "%.\(digits)f", value)
                }
                var row = [entry.name + (entry.noise.map { ", \($0)" } ?? "")]
                row += [0, 1, 2, 5].map { bits(profile.inputInformation.mean, $0) }
                row += [0, 1, 4].map { bits(profile.spikeInformation.mean, $0) }
                row.append(profile.memoryTime.map { decimal($0, 1) } ?? "inf")
                row.append(profile.meanInputAge.map { decimal($0, 1) } ?? "-")
                row.append(profile.entanglingPower.map { decimal($0.mean[0], 3) } ?? "-")
                row.append(profile.purity.mean.last.map { decimal($0, 3) } ?? "-")
                row.append(decimal(profile.fisher.mean.reduce(0, +), 2))
                row.append(decimal(profile.quantumFisher.mean.reduce(0, +), 2))
                return row
            }
    }

    private static func spreadText(_ spread: Double) -> String {
        spread <= MemoryAnalysis.rounding ? "0" : String(printf: "%.3g", spread)
    }

    private static func bitText(_ bits: Double) -> String {
        bits == 0 ? "0" : bits < 1e-4 ? String(printf: "%.0e", bits) : String(printf: "%.4f", bits)
    }
}
