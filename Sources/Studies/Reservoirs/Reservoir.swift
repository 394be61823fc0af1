import Compute
import Glibc
import LinearAlgebra
import NeuronAnalysis
import Neurons
import QuantumCircuits

/// A reservoir of independent neurons: nothing in it is trained, and only a linear read-out of it will be.
///
/// All neurons get the same inputs u_t in 0 … 1, each channel through weights and a bias of its own: it embeds
///
///     q = low + (high − low) (½ + Σ_d a_d (u_d − ½))
///
/// by the current z = (2/π) asin √q, so that the input-output qubit alone would fire with probability q, linear in u; q is kept
/// within 0 … 1. low and high are random points of an interval around ½, the whole of 0 … 1 unless ``ReservoirSettings/range``
/// says less. Of several inputs a has a random direction and the length ``ReservoirSettings/gain``; of one it is that length. A
/// q of 0 applies no rotation.
///
/// A feature is the firing probability of one channel at one step, averaged over the neuron's own spikes: what infinitely
/// many runs on the same input would show, by evolving the density matrix of the memory that nobody has looked at. Or, with
/// a number of shots, its estimate from so many runs, each with spikes and a memory of its own; one shot is the spike.
public struct Reservoir: Sendable {
    public static let neuronCounts = 1...10_000

    /// What a channel makes of the inputs of a step.
    private struct ChannelInput {
        let low: Double
        let high: Double
        let weights: [Double]

        func current(_ inputs: RealMatrix, step: Int) -> Double {
            let place = weights.indices.reduce(0.5) { $0 + weights[$1] * (inputs[step, $1] - 0.5) }
            let firing = low + (high - low) * place
            return 2 / .pi * asin(min(max(firing, 0), 1).squareRoot())
        }
    }

    /// Numbers that come in at each step.
    public let inputCount: Int
    private let instruments: [SpikingInstrument]
    /// `[neuron][channel]`
    private let inputs: [[ChannelInput]]
    private let seed: UInt64

    /// - Parameters:
    ///   - model: what all neurons are: any whose step is an instrument.
    ///   - inputCount: numbers of a step.
    ///   - angles: the parameters of every neuron; new random ones for each where nil, by
    ///     ``ReservoirSettings/spread``.
    ///   - seed: of angles, weights, biases and shots.
    /// - Throws: ``ReservoirError``; `CircuitError` for angles that do not fit; `NeuronError` for a circuit with too many
    ///   qubits, and for a model that draws no spikes.
    public init(
        _ model: any NeuronModel, neuronCount: Int, inputCount: Int = 1, angles: [Double]? = nil,
        settings: ReservoirSettings = ReservoirSettings(), seed: UInt64
    ) throws {
        guard Self.neuronCounts.contains(neuronCount) else {
            throw ReservoirError.outOfRange(
                name: "neurons", found: "\(neuronCount)",
                expected: "\(Self.neuronCounts.lowerBound) to \(Self.neuronCounts.upperBound)")
        }
        let stream = RandomStream(seed: seed, purpose: .analysis, population: StreamPopulation.reservoir)
        var instruments: [SpikingInstrument] = []
        var inputs: [[ChannelInput]] = []
        for neuron in 0..<neuronCount {
            var random = stream.generator(sample: neuron)
            func end() -> Double {
                (1 - settings.range) / 2 + settings.range * Double.random(in: 0...1, using: &random)
            }
            let ends = (0..<model.channelCount).map { _ in (low: end(), high: end()) }
            let drawn = model.parameterGroups.flatMap { group in
                (0..<group.count).map { _ in group.drawn(spread: settings.spread, using: &random) }
            }
            inputs.append(
                ends.map { low, high in
                    ChannelInput(
                        low: low, high: high,
                        weights: Self.weights(inputCount, length: settings.gain, using: &random))
                })
            instruments.append(try SpikingInstrument(model, angles: angles ?? drawn))
        }
        self.inputCount = inputCount
        self.instruments = instruments
        self.inputs = inputs
        self.seed = seed
    }

    /// A vector of a random direction; of one input the length itself, since low and high have a direction.
    private static func weights(
        _ count: Int, length: Double, using random: inout RandomWalk
    ) -> [Double] {
        if count == 1 { return [length] }
        let vector = (0..<count).map { _ in Double.standardNormal(using: &random) }
        let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return vector.map { length * $0 / norm }
    }

    /// Features of one step: the channels of all neurons.
    public var featureCount: Int { instruments.reduce(0) { $0 + $1.channelCount } }
    var neuronCount: Int { instruments.count }

    func channelCount(of neuron: Int) -> Int { instruments[neuron].channelCount }

    /// The neurons in the ground state.
    ///
    /// - Parameter shots: runs that the firing probabilities are estimated from; nil for exact ones.
    func run(shots: Int?) -> ReservoirRun {
        ReservoirRun(
            self,
            instruments.map { instrument -> any NeuronRun in
                shots.map { SampledRun(instrument, shots: $0) } ?? AveragedRun(instrument)
            })
    }

    /// The random numbers of a neuron's shots.
    ///
    /// - Parameter series: which of several, below 65,536.
    func random(neuron: Int, series: Int) -> (Int) -> RandomWalk {
        let stream = RandomStream(
            seed: seed, purpose: .analysis, population: StreamPopulation.shots, epoch: series)
        return { stream.generator(sample: neuron, step: $0) }
    }

    /// The Pauli vectors of a neuron's input-output qubits, step after step.
    func embeddings(of series: RealMatrix, neuron: Int) -> [[Double]] {
        (0..<series.rowCount).map { step in
            instruments[neuron].embedding(of: inputs[neuron].map { $0.current(series, step: step) })
        }
    }

    /// Runs the reservoir from the ground state.
    ///
    /// - Parameters:
    ///   - inputs: u, in 0 … 1, one for each step.
    ///   - shots: runs that the firing probabilities are estimated from; nil for exact ones.
    /// - Returns, throws and complexity: as ``ReservoirRun/features(_:parallelism:)``.
    func features(_ inputs: [Double], shots: Int?, parallelism: Parallelism) throws(ReservoirError)
        -> RealMatrix
    {
        var run = run(shots: shots)
        return try run.features(
            RealMatrix(rowCount: inputs.count, columnCount: 1, elements: inputs), parallelism: parallelism)
    }
}

extension ParameterGroup {
    /// One of its numbers: an angle anywhere in ±spread · π; of what is no angle by the group's own law, whose deviation is
    /// multiplied.
    func drawn(spread: Double, using random: inout RandomWalk) -> Double {
        if unit == "rad" { return spread * Double.random(in: -.pi...(.pi), using: &random) }
        let value =
            switch initial {
            case .normal(let mean, let deviation):
                mean + spread * deviation * Double.standardNormal(using: &random)
            case .constant(let value): value
            }
        return bounds.map { min(max(value, Double($0.lowerBound)), Double($0.upperBound)) } ?? value
    }
}

/// Which random numbers are for what; see ``RandomStream``.
enum StreamPopulation {
    static let reservoir = 2
    static let inputs = 3
    static let shots = 4
}
