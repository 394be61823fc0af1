import Compute
import DeviceNoise
import LinearAlgebra
import NeuronAnalysis
import Neurons
import QuantumCircuits

/// A neuron at constant current, fitted to a spike train by maximum likelihood, from data alone.
///
/// Few of many random beginnings lead to the best fit (of `exchange` about one in sixty), and a few hundred intervals tell them apart: the
/// beginnings are scored on the first intervals, the best improved on them, the best of these on more, and one on all, by
/// quasi-Newton steps along numeric slopes. The steps on a tenth of the data keep it out of a trap: an interval that hardly ever comes makes
/// a wall where the model rules it out.
public struct CircuitFit: Sendable {
    /// The neuron's own numbers, and its current z as the last; what they are a model of.
    package struct Family: Sendable {
        package let parameterCount: Int
        /// - Parameter parameters: within ±π to begin with; the last stands for the current.
        package let likelihood: @Sendable (_ parameters: [Double], _ longest: Int) -> IntervalLikelihood?
    }

    /// What was found.
    public struct Fit: Sendable, Hashable {
        /// Angles, radians; the last is the rotation φ = π z of the current, 0 … 2π.
        public let parameters: [Double]
        /// Nats of all intervals.
        public let logLikelihood: Double
    }

    /// How hard a fit tries: random beginnings, and how many of them are improved on the first 300 intervals, on 1,000, on 10,000 and on all.
    public struct Effort: Sendable, Hashable, Codable {
        public var startCount: Int
        public var improvedCounts: [Int]

        public static let standard = Effort(startCount: 4000, improvedCounts: [200, 20, 4, 1])
        public static let smoke = Effort(startCount: 1000, improvedCounts: [50, 10, 2, 1])
    }

    private let family: Family
    private let intervals: [Int]
    private let longest: Int

    package init(_ family: Family, to intervals: [Int]) {
        self.family = family
        self.intervals = intervals
        longest = intervals.max() ?? 1
    }

    /// The best fit that was found.
    ///
    /// - Parameter hints: beginnings beside the random ones.
    package func best(_ effort: Effort, hints: [[Double]] = [], seed: UInt64) -> Fit {
        let candidates =
            hints
            + (0..<effort.startCount).map { number in
                var random = RandomStream(seed: seed, purpose: .analysis, population: 8)
                    .generator(sample: number)
                return (0..<family.parameterCount).map { _ in Double.random(in: -.pi...(.pi), using: &random)
                }
            }
        let stages = [(300, 20), (1000, 60), (10_000, 40), (intervals.count, 60)]
        var points = ranked(candidates, count: stages[0].0).prefix(effort.improvedCounts[0])
        var best = QuasiNewton.Minimum(point: candidates[0], value: .infinity)
        for (stage, (count, steps)) in stages.enumerated() {
            var method = QuasiNewton()
            method.iterationCount = steps
            let improved = points.prefix(effort.improvedCounts[stage]).map { point in
                method.minimise(from: point) { missed($0, count: count) }
            }.sorted { $0.value < $1.value }
            points = improved.map(\.point)[...]
            best = improved[0]
        }
        return Fit(
            parameters: Self.canonical(best.point), logLikelihood: -best.value * Double(intervals.count))
    }

    private func ranked(_ points: [[Double]], count: Int) -> [[Double]] {
        points.map { (point: $0, value: missed($0, count: count)) }.filter { $0.value.isFinite }
            .sorted { $0.value < $1.value }.map(\.point)
    }

    /// −log-likelihood an interval of the first intervals.
    private func missed(_ point: [Double], count: Int) -> Double {
        let part = intervals.prefix(count)
        guard let likelihood = family.likelihood(Self.canonical(point), longest) else { return .infinity }
        return -likelihood.logLikelihood(of: part) / Double(part.count)
    }

    /// The current's rotation within a turn.
    private static func canonical(_ point: [Double]) -> [Double] {
        var point = point
        let turn = point[point.count - 1].truncatingRemainder(dividingBy: 2 * .pi)
        point[point.count - 1] = turn < 0 ? turn + 2 * .pi : turn
        return point
    }
}

extension CircuitFit.Family {
    /// A neuron by its own parameters.
    package static func neuron(_ model: any NeuronModel) -> CircuitFit.Family {
        if let neuron = model as? SQS, let memory = neuron.memoryMap {
            return circuit(neuron.stepCircuit, memory)
        }
        return CircuitFit.Family(parameterCount: model.parameterCount + 1) { parameters, longest in
            guard
                let instrument = try? SpikingInstrument(model, angles: Array(parameters.dropLast()))
            else { return nil }
            return IntervalLikelihood(
                instrument, currents: [parameters[parameters.count - 1] / .pi], longest: longest)
        }
    }

    /// A circuit of one input-output and one memory qubit without noise, whose memory has a map of its own after each step: ten times as fast
    /// as by the instrument of a neuron, which may be noisy at every gate.
    private static func circuit(_ circuit: Circuit, _ memory: PauliTransferMatrix) -> CircuitFit.Family {
        let after = RealMatrix(rowCount: 4, columnCount: 4, elements: memory.entries)
        return CircuitFit.Family(parameterCount: circuit.parameterCount + 1) { parameters, longest in
            guard
                let instrument = try? Instrument(circuit: circuit, angles: Array(parameters.dropLast()))
            else { return nil }
            let steps = (0...1).map { spikes in
                let map = PauliTransferMatrix(
                    krausOperators: [
                        instrument.krausOperator(
                            spikes: spikes, rotations: [parameters[parameters.count - 1]])
                    ], qubitCount: 1)
                return after * RealMatrix(rowCount: 4, columnCount: 4, elements: map.entries)
            }
            return IntervalLikelihood(steps: steps, ground: [1, 0, 0, 1], longest: longest)
        }
    }
}

extension SQS {
    /// What happens to the one memory qubit after each step, where nothing else of the neuron is noisy; nil where something is, and for other
    /// numbers of qubits.
    fileprivate var memoryMap: PauliTransferMatrix? {
        guard stepCircuit.ioQubits == 1, stepCircuit.memoryQubits == 1 else { return nil }
        guard let noise else { return .identity(qubitCount: 1) }
        let isSilent =
            stepCircuit.gates.allSatisfy { noise.noise(after: $0).isIdentity }
            && noise.executed(stepCircuit) == stepCircuit && noise.noiseAfterEmbedding(channel: 0).isIdentity
            && noise.embeddingFactor(channel: 0) == 1 && noise.readout(channel: 0) == .exact
        return isSilent ? noise.noiseDuringMeasurement(qubit: 1, ioQubits: 1) : nil
    }
}

extension CircuitFit.Family {
    /// A neuron whose memory is dephased after each step, in the computational basis or in one of the plane of real circuits that is fitted
    /// too: its angle is the last but one of the parameters.
    package static func dephased(_ circuit: Circuit, strength: Double, findsBasis: Bool) -> CircuitFit.Family
    {
        CircuitFit.Family(parameterCount: circuit.parameterCount + (findsBasis ? 2 : 1)) {
            parameters, longest in
            var noise = NoiseParameters()
            noise.memoryDephasing = MemoryDephasing(
                strength: strength, polar: findsBasis ? parameters[circuit.parameterCount] : 0,
                azimuth: .pi / 2)
            guard let model = try? NoiseModel(noise) else { return nil }
            var angles = parameters
            if findsBasis { angles.remove(at: circuit.parameterCount) }
            return CircuitFit.Family.neuron(SQS(circuit, noise: model)).likelihood(angles, longest)
        }
    }
}
