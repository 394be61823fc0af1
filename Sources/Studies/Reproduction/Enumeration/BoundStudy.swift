import Compute
import Glibc
import Neurons
import QuantumCircuits
import Studies

/// The paper's likelihood bound and the estimates of its gradient, (14) to (25), on random networks that are small enough to sum over all
/// histories of their hidden neurons: nothing is drawn, so that nothing is left to chance.
public struct BoundStudy: Sendable {
    private let circuit: Circuit
    private let networkCount: Int

    /// - Throws: `StudyError.severalChannels` for a circuit with more than one input-output qubit.
    public init(circuit: Circuit, networkCount: Int = 8) throws {
        guard circuit.ioQubits == 1 else {
            throw StudyError.severalChannels(circuit: circuit.name, count: circuit.ioQubits)
        }
        self.circuit = circuit
        self.networkCount = networkCount
    }

    public struct Report: Sendable, Codable {
        public let circuit: String
        public let networks: Int
        /// Of each delay from the hidden neurons to the output, 0 and 1.
        public let delays: [OfDelay]
        public let shifts: [OfShift]
    }

    /// Least and most over the networks. Gradients are of L.
    public struct OfDelay: Sendable, Codable {
        /// Steps.
        public let delay: Int
        /// L less the log-loss (14).
        public let bound: Extent
        /// The first line of (15) less the log-loss.
        public let firstLine: Extent
        public let output, sameStep, returnToGo: Estimate
    }

    public struct Extent: Sendable, Codable {
        public let least, most: Double

        /// Whether nothing is below 0 but by rounding.
        var isAbove: Bool { least > -BoundStudy.resolution }
        var largest: Double { max(-least, most) }
    }

    /// What an estimate comes to where it is not left to chance. Largest magnitudes over networks and parameters.
    public struct Estimate: Sendable, Codable {
        public let gradient, expectation, error: Double

        /// What is missed, as a part of the gradient; nil where there is none.
        var missed: Double? { gradient < BoundStudy.resolution ? nil : error / gradient }
        /// Whether nothing is missed.
        var isExact: Bool { error <= BoundStudy.resolution * gradient }
    }

    /// What (25) with shifts of ± π/2 comes to of the derivative of log p(s^T) by an angle.
    public struct OfShift: Sendable, Codable {
        public let angles: String
        public let steps: Int
        public let estimate: Estimate
        /// Whether (25) is made for such angles: of plain rotations, used once.
        let isPlain: Bool
    }

    /// - Throws: `NeuronError` for probabilities of 0, which random circuits do not have.
    public func report() throws -> Report {
        Report(
            circuit: circuit.name, networks: networkCount,
            delays: try (0...1).map { try ofDelay($0) },
            shifts: try [
                ofShift("of plain rotations", steps: 1) { !$0.isControlled },
                ofShift("of controlled rotations", steps: 1) { $0.isControlled },
                ofShift("all", steps: 3) { _ in true },
            ].compactMap(\.self))
    }

    private func ofDelay(_ delay: Int) throws -> OfDelay {
        var (bounds, firstLines): ([Double], [Double]) = ([], [])
        var (output, sameStep, returnToGo) = (Misses(), Misses(), Misses())
        for seed in 1...UInt64(networkCount) {
            let network = EnumeratedNetwork(SQS(circuit), delay: delay, seed: seed)
            let (sums, gradient) = (try network.sums(), try network.gradient())
            bounds.append(sums.bound - sums.logLoss)
            firstLines.append(sums.firstLine - sums.logLoss)
            output.add(sums.ofOutput, of: gradient.output)
            sameStep.add(sums.sameStep, of: gradient.hidden)
            returnToGo.add(sums.returnToGo, of: gradient.hidden)
        }
        return OfDelay(
            delay: delay, bound: Extent(bounds), firstLine: Extent(firstLines), output: output.estimate,
            sameStep: sameStep.estimate, returnToGo: returnToGo.estimate)
    }

    /// nil where the circuit has no such angles.
    private func ofShift(_ name: String, steps: Int, _ isLookedAt: (GateKind) -> Bool) throws -> OfShift? {
        let uses = circuit.separatingAngles().uses
        let angles = Set(uses.map(\.parameter)).filter { angle in
            uses.allSatisfy { $0.parameter != angle || isLookedAt($0.kind) }
        }
        guard !angles.isEmpty else { return nil }
        var misses = Misses()
        for seed in 1...UInt64(networkCount) {
            let shifted = ShiftedRun(circuit, steps: steps, seed: seed)
            for angle in angles {
                misses.add([try shifted.twoTerm(angle)], of: [try shifted.derivative(angle)])
            }
        }
        return OfShift(
            angles: name, steps: steps, estimate: misses.estimate,
            isPlain: steps == 1 && !uses.contains { angles.contains($0.parameter) && $0.kind.isControlled })
    }

    /// Largest magnitudes so far.
    private struct Misses {
        private(set) var estimate = Estimate(gradient: 0, expectation: 0, error: 0)

        mutating func add(_ expectation: [Double], of gradient: [Double]) {
            func largest(_ before: Double, _ values: [Double]) -> Double {
                values.map(abs).reduce(before, max)
            }
            estimate = Estimate(
                gradient: largest(estimate.gradient, gradient),
                expectation: largest(estimate.expectation, expectation),
                error: largest(estimate.error, zip(expectation, gradient).map { $0 - $1 }))
        }
    }
}

/// One neuron on random currents and spikes.
private struct ShiftedRun {
    private let model: SQS
    private let angles: [Double]
    private let currents: [[Double]]
    private let spikes: [[Int]]

    init(_ circuit: Circuit, steps: Int, seed: UInt64) {
        model = SQS(circuit)
        var random = RandomStream(seed: seed, purpose: .analysis).generator(sample: 1)
        angles = (0..<circuit.parameterCount).map { _ in 0.7 + 0.9 * Double.standardNormal(using: &random) }
        currents = (0..<steps).map { _ in [Double.random(in: 0.2...0.8, using: &random)] }
        spikes = (0..<steps).map { _ in [Int.random(in: 0...1, using: &random)] }
    }

    /// Σ_t (p₊ − p₋)/2p, the angle being shifted wherever it is used.
    func twoTerm(_ angle: Int) throws -> Double {
        func probabilities(shift: Double) throws -> [Double] {
            var angles = angles
            angles[angle] += shift
            return try ReferenceNeuron(model, parameters: angles).run(currents: currents, spikes: spikes)
                .stepProbability
        }
        let (plus, minus) = (try probabilities(shift: .pi / 2), try probabilities(shift: -.pi / 2))
        let own = try probabilities(shift: 0)
        return own.indices.reduce(0) { $0 + (plus[$1] - minus[$1]) / (2 * own[$1]) }
    }

    /// ∂ log p(s^T)
    func derivative(_ angle: Int) throws -> Double {
        try ReferenceNeuron(model, parameters: angles)
            .logLikelihoodGradient(currents: currents, spikes: spikes).parameters[angle]
    }
}

extension BoundStudy.Extent {
    init(_ values: [Double]) {
        least = values.min() ?? .nan
        most = values.max() ?? .nan
    }
}
