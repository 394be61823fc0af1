import Compute
import Glibc
import Neurons
import QuantumCircuits

/// What the memory of a neuron does, at given angles or on average over random ones: how much it tells at which lag, how
/// fast it forgets, how mixed and how entangled it is, and which angles the spikes show.
///
/// Every number is exact for its angles and currents; the statistics are over the draws.
public struct MemoryProfile: Codable, Hashable, Sendable {
    /// M_q.
    public let memoryQubits: Int
    /// Random angles, or random currents where the angles are given.
    public let drawCount: Int
    /// I(x_{t−k}; s_t | x_t) in bits, k = 0 ... K; see ``FunctionalMemory``.
    public let inputInformation: SampleStatistics
    /// I(s_{t−k}; s_t | x_{t−k}, x_t) in bits, k = 1 ... K.
    public let spikeInformation: SampleStatistics
    /// Repetitions of the last step behind ``firingInformation``.
    public let shots: Int
    /// I(s_{T−k}; c) in bits, k = 1 ... T − 1, c the spikes among so many repetitions of the last step: what the firing
    /// probability tells about the neuron's own spikes.
    public let firingInformation: SampleStatistics
    /// |λ₂|, the median over the draws; see ``FunctionalMemory/slowestMode``.
    public let slowestMode: Double
    /// −1/ln |λ₂| in steps: after how many the memory of a disturbance has faded to 1/e. Nil for |λ₂| = 1: it never fades.
    public let memoryTime: Double?
    /// Σ_k k I_k / Σ_k I_k over the lags k = 1 ... K of the mean input information: how old, on average, what a spike tells
    /// about past inputs is. Nil where it tells nothing.
    public let meanInputAge: Double?
    /// Of the circuit without noise; nil for a neuron without quantum memory. See `QuantumCircuits/Circuit`.
    public let entanglingPower: SampleStatistics?
    /// tr σ² after 0 ... T steps if nobody looks at the spikes.
    public let purity: SampleStatistics
    /// The mean over histories of the purity of the memory of one who knows the spikes: 1 without noise.
    public let conditionalPurity: SampleStatistics
    /// Of the spike train, for each angle; see ``AngleSensitivity``.
    public let fisher: SampleStatistics
    /// Of the spike train and the memory at its end.
    public let quantumFisher: SampleStatistics

    enum CodingKeys: String, CodingKey {
        case memoryQubits
        case drawCount = "draws"
        case inputInformation
        case spikeInformation
        case shots
        case firingInformation
        case slowestMode
        case memoryTime
        case meanInputAge
        case entanglingPower
        case purity
        case conditionalPurity
        case fisher
        case quantumFisher
    }

    /// Whether everything is a number.
    fileprivate var isFinite: Bool {
        let curves = [
            inputInformation, spikeInformation, firingInformation, purity, conditionalPurity, fisher,
            quantumFisher,
        ]
        return slowestMode.isFinite && (memoryTime?.isFinite ?? true) && (meanInputAge?.isFinite ?? true)
            && (curves + [entanglingPower].compactMap(\.self)).allSatisfy { $0.mean.allSatisfy(\.isFinite) }
    }
}

/// How a ``MemoryProfile`` is measured.
public struct MemoryProfiler: Sendable {
    /// K: the largest lag of the information curves.
    public var lagCount = 20
    /// Steps before the first of the two steps that an information is about.
    public var warmUp = 100
    /// The currents of an input bit 0 and 1. At 0 and ½ a bit 1 turns the input-output qubit by π/2. At 0 and 1 the qubit
    /// itself is the bit; but then both have sin φ = 0, and circuits that listen to that alone hear nothing.
    public var levels = (zero: 0.0, one: 0.5)
    /// T, the steps of the runs that are enumerated; nil takes the most up to 6 with at most 2¹² histories.
    public var stepCount: Int?
    /// Repetitions of the last step that tell its firing probability.
    public var shots = 100
    public var drawCount = 200
    public var seed: UInt64 = 0

    public static let lagCounts = 1...1000
    public static let warmUps = 0...1_000_000
    public static let shotCounts = 1...10_000
    /// Numbers of the derivatives by all angles that are held at once: 1 GiB.
    static let largestDerivative = 1 << 27

    public init() {}

    /// Everything about one draw.
    private struct Draw {
        let memory: FunctionalMemory
        let firing: [Double]
        let entanglingPower: Double?
        let purity: [Double]
        let conditionalPurity: [Double]
        let sensitivity: AngleSensitivity
    }

    /// Measures one neuron.
    ///
    /// - Parameter angles: in radians; random ones, uniform in (−π, π), where nil. The currents of the enumerated runs are
    ///   uniform in (0, 1) and new at each draw in any case.
    /// - Throws: `CircuitError` for angles that do not fit; `NeuronError/analysis(problem:)` for a circuit with too many
    ///   qubits, histories or angles, or levels out of `Circuit.currentRange`; `NeuronError/notFinite(_:)` rather than a
    ///   profile of numbers that are none.
    /// - Complexity: one ``SpikingInstrument`` for each draw and angle; 2^(N T) states and their derivatives.
    public func profile(of model: any NeuronModel, angles: [Double]? = nil) throws -> MemoryProfile {
        let stepCount = try enumeratedSteps(of: model)
        try checkAngleCount(of: model, stepCount: stepCount)
        guard [levels.zero, levels.one].allSatisfy(Circuit.currentRange.contains) else {
            throw NeuronError.analysis(
                problem: "found the levels \(levels.zero) and \(levels.one), expected currents from "
                    + "-\(Int(Circuit.currentRange.upperBound)) to \(Int(Circuit.currentRange.upperBound))")
        }
        let stream = RandomStream(seed: seed, purpose: .analysis, population: 1)
        let draws = try (0..<drawCount).map { draw in
            var random = stream.generator(sample: draw)
            let drawn = (0..<model.parameterCount).map { _ in Double.random(in: -.pi...(.pi), using: &random)
            }
            let currents = (0..<stepCount).map { _ in
                (0..<model.channelCount).map { _ in Double.random(in: 0...1, using: &random) }
            }
            return try measure(model, angles: angles ?? drawn, currents: currents)
        }
        let slowest = draws.map(\.memory.slowestMode).sorted()
        let median = slowest[slowest.count / 2]
        // 1 to rounding is a memory that keeps something for ever.
        let isLasting = median >= 1 - 1e-12
        let inputs = SampleStatistics(draws.map(\.memory.inputs))
        let profile = MemoryProfile(
            memoryQubits: model.memoryQubits, drawCount: drawCount, inputInformation: inputs,
            spikeInformation: SampleStatistics(draws.map(\.memory.ownSpikes)), shots: shots,
            firingInformation: SampleStatistics(draws.map(\.firing)), slowestMode: median,
            memoryTime: isLasting ? nil : -1 / log(median),
            meanInputAge: Self.meanAge(inputs.mean),
            entanglingPower: model.circuit == nil
                ? nil : SampleStatistics(draws.compactMap(\.entanglingPower).map { [$0] }),
            purity: SampleStatistics(draws.map(\.purity)),
            conditionalPurity: SampleStatistics(draws.map(\.conditionalPurity)),
            fisher: SampleStatistics(draws.map(\.sensitivity.fisher)),
            quantumFisher: SampleStatistics(draws.map(\.sensitivity.quantumFisher)))
        guard profile.isFinite else { throw NeuronError.notFinite("profile of the memory") }
        return profile
    }

    private func measure(_ model: any NeuronModel, angles: [Double], currents: [[Double]]) throws -> Draw {
        let instrument = try SpikingInstrument(model, angles: angles)
        let histories = SpikeHistories(
            instrument, currents: currents,
            derivatives: try SpikingInstrument.derivatives(of: model, angles: angles))
        return Draw(
            memory: FunctionalMemory(instrument, levels: levels, lagCount: lagCount, warmUp: warmUp),
            firing: FiringMemory.information(histories, shots: shots),
            entanglingPower: try model.circuit?.entanglingPower(angles: angles),
            purity: (0...currents.count).map {
                instrument.purity(of: histories.unconditionedState(steps: $0))
            },
            conditionalPurity: histories.states.map { states in
                states.reduce(0) { $1[0] > 0 ? $0 + $1[0] * instrument.purity(of: $1) : $0 }
            },
            sensitivity: AngleSensitivity(histories))
    }

    private func enumeratedSteps(of model: any NeuronModel) throws -> Int {
        let digits = MemoryAnalysis.maximumHistoryCount.trailingZeroBitCount
        let most = digits / model.channelCount
        guard let stepCount else { return min(MemoryAnalysis.stepCounts.upperBound, most) }
        guard MemoryAnalysis.stepCounts.contains(stepCount), stepCount <= most else {
            throw NeuronError.analysis(
                problem:
                    "a neuron of \(model.channelCount) channels has 2^\(model.channelCount * stepCount) spike histories in "
                    + "\(stepCount) steps, expected at most 2^\(digits); take fewer steps")
        }
        return stepCount
    }

    /// Derivatives are held of the maps of a step and of every history, by every angle.
    private func checkAngleCount(of model: any NeuronModel, stepCount: Int) throws {
        let memory = 1 << (2 * model.memoryQubits)
        let maps = 1 << (3 * model.channelCount) * memory * memory
        let histories = 1 << (model.channelCount * stepCount) * memory
        let most = Self.largestDerivative / max(maps, histories)
        guard model.parameterCount <= most else {
            throw NeuronError.analysis(
                problem:
                    "found \(model.parameterCount) angles, expected at most \(most) for the profile of a neuron of "
                    + "\(model.channelCount) channels and \(model.memoryQubits) memory qubits over \(stepCount) steps; "
                    + "take fewer angles, memory qubits or steps")
        }
    }

    private static func meanAge(_ information: [Double]) -> Double? {
        let past = information.enumerated().dropFirst()
        let total = past.reduce(0) { $0 + $1.element }
        guard total > 0 else { return nil }
        return past.reduce(0) { $0 + Double($1.offset) * $1.element } / total
    }
}
