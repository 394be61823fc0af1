import NeuronAnalysis
import Compute
import Foundation
import QuantumCircuits
import Neurons

/// A reservoir of independent neurons: nothing in it is trained, and only a linear read-out of it will be.
///
/// All neurons get the same input u_t in 0 … 1, each channel through a weight and a bias of its own: it embeds
/// q = bias + weight · u by the current z = (2/π) asin √q, so that the input-output qubit alone would fire with
/// probability q, linear in u. q runs from one random point of 0 … 1 (u = 0) to another (u = 1). A q of 0 applies no
/// rotation.
///
/// A feature is the firing probability of one channel at one step, averaged over the neuron's own spikes: what infinitely
/// many runs on the same input would show, by evolving the density matrix of the memory that nobody has looked at. Or, with
/// a number of shots, its estimate from so many runs, each with spikes and a memory of its own; one shot is the spike.
public struct Reservoir: Sendable {
    public static let neuronCounts = 1...10_000

    private let instruments: [SpikingInstrument]
    /// q at u = 0 and at u = 1, `[neuron][channel]`.
    private let ranges: [[(low: Double, high: Double)]]
    private let seed: UInt64

    /// - Parameters:
    ///   - model: what all neurons are.
    ///   - angles: those of every neuron; new random ones for each, uniform in (−π, π), where nil.
    ///   - seed: of angles, weights, biases and shots.
    /// - Throws: ``ReservoirError``; ``CircuitError`` for angles that do not fit; ``NeuronError`` for a circuit with too many
    ///   qubits.
    public init(_ model: any NeuronModel, neuronCount: Int, angles: [Double]? = nil, seed: UInt64) throws {
        guard Self.neuronCounts.contains(neuronCount) else {
            throw ReservoirError.outOfRange(
                name: "neurons", found: "\(neuronCount)",
                expected: "\(Self.neuronCounts.lowerBound) to \(Self.neuronCounts.upperBound)")
        }
        let stream = RandomStream(seed: seed, purpose: .analysis, population: StreamPopulation.reservoir)
        var instruments: [SpikingInstrument] = []
        var ranges: [[(low: Double, high: Double)]] = []
        for neuron in 0..<neuronCount {
            var random = stream.generator(sample: neuron)
            ranges.append(
                (0..<model.channelCount).map { _ in
                    (Double.random(in: 0...1, using: &random), Double.random(in: 0...1, using: &random))
                })
            let drawn = (0..<model.parameterCount).map { _ in Double.random(in: -.pi...(.pi), using: &random) }
            instruments.append(try SpikingInstrument(model, angles: angles ?? drawn))
        }
        self.instruments = instruments
        self.ranges = ranges
        self.seed = seed
    }

    /// Features of one step: the channels of all neurons.
    public var featureCount: Int { instruments.reduce(0) { $0 + $1.channelCount } }

    /// Runs the reservoir from the ground state.
    ///
    /// - Parameters:
    ///   - inputs: u, in 0 … 1, one for each step.
    ///   - shots: runs that the firing probabilities are estimated from; nil for exact ones.
    ///   - parallelism: neurons are shared out; without effect on the result.
    /// - Returns: one row for each step, one column for each feature.
    /// - Throws: ``ReservoirError/notFinite(neuron:)``.
    /// - Complexity: for each neuron and step 3^N 16^M_q products, and as many again for each shot and spike pattern.
    func features(_ inputs: [Double], shots: Int?, parallelism: Parallelism) throws(ReservoirError)
        -> RealMatrix
    {
        let columns = SharedColumns(count: instruments.count)
        parallelism.forEach(instruments.count) { neuron, _ in
            let embeddings = embeddings(of: inputs, neuron: neuron)
            if let shots {
                let stream = RandomStream(
                    seed: seed, purpose: .analysis, population: StreamPopulation.shots)
                columns.set(
                    neuron,
                    SampledRun(instruments[neuron]).firing(embeddings, shots: shots) {
                        stream.generator(sample: neuron, step: $0)
                    })
            } else {
                columns.set(neuron, AveragedRun(instruments[neuron]).firing(embeddings))
            }
        }
        let byNeuron = columns.values
        var features = RealMatrix(rowCount: inputs.count, columnCount: featureCount)
        var column = 0
        for (neuron, firing) in byNeuron.enumerated() {
            guard firing.allSatisfy(\.isFinite) else { throw .notFinite(neuron: neuron) }
            let channels = instruments[neuron].channelCount
            for channel in 0..<channels {
                for step in inputs.indices { features[step, column] = firing[step * channels + channel] }
                column += 1
            }
        }
        return features
    }

    /// The Pauli vectors of a neuron's input-output qubits, step after step.
    private func embeddings(of inputs: [Double], neuron: Int) -> [[Double]] {
        inputs.map { input in
            instruments[neuron].embedding(
                of: ranges[neuron].map { range in
                    let firing = range.low + (range.high - range.low) * input
                    return 2 / .pi * asin(min(max(firing, 0), 1).squareRoot())
                })
        }
    }
}

/// Which random numbers are for what; see ``RandomStream``.
enum StreamPopulation {
    static let reservoir = 2
    static let inputs = 3
    static let shots = 4
}
