import Neurons
import Compute
import QuantumCircuits

/// Does a circuit remember? Measures, without sampling a single spike, how far the last spike of a run depends on
/// anything but the current at that step.
///
/// For random angles and random currents, all spike histories are enumerated with their exact probabilities:
///
/// - **own spikes**: the spread (largest less smallest) of p(s_T^n = 1 | s_1 … s_{T−1}) over the histories, all
///   currents being the same;
/// - **past currents**: the spread of E[s_T^n], averaged over the histories, over several pasts z_1 … z_{T−1}, the
///   last current being the same.
///
/// Each is the largest over all draws and channels, so a circuit can be shown to remember, and a zero means that
/// none of the draws found a trace of memory.
public struct MemoryAnalysis: Sendable {
    /// T: the steps of a run, 2 to 6.
    public let stepCount: Int
    /// Random angles tried.
    public let drawCount: Int
    /// The key of the random numbers; the same seed gives the same report.
    public let seed: UInt64

    public static let stepCounts = 2...6
    public static let drawCounts = 1...1_000_000
    /// Pasts compared at each draw.
    public static let pastCount = 8
    /// Histories less likely than this are left out of the first spread: dividing by a small probability would
    /// show rounding errors as memory.
    public static let smallestHistoryProbability = 1e-3
    /// A spread up to this is zero.
    public static let rounding = 1e-12
    /// Histories of the longest enumeration, 2^(N (T − 1)).
    static let maximumHistoryCount = 1 << 12

    /// - Throws: `NeuronError/analysis(problem:)` for numbers out of range.
    public init(stepCount: Int = 4, drawCount: Int = 200, seed: UInt64 = 0) throws {
        guard Self.stepCounts.contains(stepCount) else {
            throw NeuronError.analysis(
                problem: "found \(stepCount) steps, expected 2 to 6: histories are enumerated one by one")
        }
        guard Self.drawCounts.contains(drawCount) else {
            throw NeuronError.analysis(problem: "found \(drawCount) draws, expected 1 to 1000000")
        }
        self.stepCount = stepCount
        self.drawCount = drawCount
        self.seed = seed
    }

    /// Measures one circuit without noise, of any size.
    public func report(for circuit: Circuit) throws -> MemoryReport {
        try report(for: SQS(circuit), name: circuit.name)
    }

    /// Measures one neuron.
    ///
    /// Currents are uniform in (0, 1), so that the input turns by 0 to π.
    /// - Parameter angles: in radians; at each draw new ones, uniform in (−π, π), where nil.
    /// - Throws: `NeuronError/analysis(problem:)` if the histories are too many to enumerate; `CircuitError` for angles
    ///   that do not fit; `NeuronError/notFinite(_:)` rather than a report on numbers that are none.
    /// - Complexity: `drawCount × 8 × 2^(N T)` products of a map with a state of the memory: of a Kraus operator with a
    ///   vector for a circuit without noise, of a ``SpikingInstrument``'s otherwise.
    public func report(for model: any NeuronModel, name: String, angles: [Double]? = nil) throws
        -> MemoryReport
    {
        let channels = model.channelCount
        guard channels * (stepCount - 1) <= Self.maximumHistoryCount.trailingZeroBitCount else {
            throw NeuronError.analysis(
                problem:
                    "circuit '\(name)' has 2^\(channels * (stepCount - 1)) spike histories "
                    + "in \(stepCount) steps, expected at most \(Self.maximumHistoryCount); take fewer steps")
        }
        let stream = RandomStream(seed: seed, purpose: .analysis)
        var overSpikes = 0.0
        var overCurrents = 0.0
        for draw in 0..<drawCount {
            var random = stream.generator(sample: draw)
            let drawn = (0..<model.parameterCount).map { _ in Double.random(in: -.pi...(.pi), using: &random)
            }
            func currents() -> [Double] {
                (0..<channels).map { _ in Double.random(in: 0...1, using: &random) }
            }
            let last = currents()
            let pasts = (0..<Self.pastCount).map { _ in (1..<stepCount).map { _ in currents() } }
            let run = try LastSpikes.run(model, angles: angles ?? drawn)
            let runs = pasts.map { run($0 + [last]) }
            for channel in 0..<channels {
                let means = runs.map { $0.meanSpike(channel) }
                // A comparison with what is no number is false: it would pass for no spread at all.
                guard means.allSatisfy(\.isFinite) else {
                    throw NeuronError.notFinite("firing probability of circuit '\(name)'")
                }
                for run in runs {
                    overSpikes = max(overSpikes, Self.spread(of: run.conditionalProbabilities(channel)))
                }
                overCurrents = max(overCurrents, Self.spread(of: means))
            }
        }
        return MemoryReport(
            name: name, spreadOverOwnSpikes: overSpikes, spreadOverPastCurrents: overCurrents)
    }

    private static func spread(of values: [Double]) -> Double {
        guard let least = values.min(), let largest = values.max() else { return 0 }
        return largest - least
    }
}

/// The last spikes of one run after each of its spike histories, with exact probabilities.
private struct LastSpikes {
    /// p(history), and p(history and the channel fires at the last step), for each history.
    private let probabilities: [(history: Double, fires: [Double])]

    /// How a neuron runs: from currents `[step][channel]` to its last spikes.
    static func run(_ model: any NeuronModel, angles: [Double]) throws -> ([[Double]]) -> LastSpikes {
        if let neuron = model as? SQS, neuron.noise == nil {
            let instrument = try Instrument(circuit: neuron.stepCircuit, angles: angles)
            return { LastSpikes(instrument, currents: $0) }
        }
        let instrument = try SpikingInstrument(model, angles: angles)
        return { LastSpikes(SpikeHistories(instrument, currents: $0)) }
    }

    /// Without noise the memory stays pure, so a history is a vector: the product of its Kraus operators applied to
    /// |0…0⟩.
    private init(_ instrument: Instrument, currents: [[Double]]) {
        let kraus = currents.map { current in
            let rotations = current.map { ReferenceNeuron.rotation(of: $0) ?? 0 }
            return (0..<instrument.patternCount).map {
                instrument.krausOperator(spikes: $0, rotations: rotations)
            }
        }
        var ground = ComplexMatrix(rowCount: 1 << instrument.memoryQubits, columnCount: 1)
        ground[0, 0] = .one
        let histories = kraus.dropLast().reduce([ground]) { memories, operators in
            memories.flatMap { memory in operators.map { $0 * memory } }
        }
        let channels = instrument.ioQubits
        let final = kraus[kraus.count - 1]
        probabilities = histories.map { memory in
            let last = final.map { ($0 * memory).squaredNorm }
            let fires = (0..<channels).map { channel in
                last.indices.reduce(0) { sum, pattern in
                    Instrument.bit(of: channel, in: pattern, channels: channels) ? sum + last[pattern] : sum
                }
            }
            return (memory.squaredNorm, fires)
        }
    }

    private init(_ histories: SpikeHistories) {
        let before = histories.probabilities(steps: histories.states.count - 2)
        probabilities = before.enumerated().map { history, probability in
            let channels = 0..<histories.instrument.channelCount
            return (probability, channels.map { histories.firing(of: $0, after: history) })
        }
    }

    /// p(s_T^n = 1 | history) of every history that is likely enough.
    func conditionalProbabilities(_ channel: Int) -> [Double] {
        probabilities.filter { $0.history >= MemoryAnalysis.smallestHistoryProbability }
            .map { $0.fires[channel] / $0.history }
    }

    /// E[s_T^n].
    func meanSpike(_ channel: Int) -> Double {
        probabilities.reduce(0) { $0 + $1.fires[channel] }
    }
}
