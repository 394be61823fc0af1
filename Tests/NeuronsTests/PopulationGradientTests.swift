import Compute
import Foundation
import QuantumCircuits
import Testing

@testable import Neurons

/// Expected values: `ReferenceNeuron.firingProbabilityGradient`, exact forward derivatives of the density matrix in
/// double precision, with the spikes held that the fast path drew.
struct PopulationGradientTests {
    /// ∂L/∂s, in ±1, `[sample][neuron][step][channel]`.
    static func errors(_ test: PopulationCase) -> [[[[Double]]]] {
        var random = RandomStream(seed: test.seed, purpose: .analysis).generator(sample: 99)
        return test.currents.map {
            $0.map { $0.map { $0.map { _ in Double(Float.random(in: -1...1, using: &random)) } } }
        }
    }

    /// Factors (A, B) of each row, as large as the errors.
    private static func factors(_ test: PopulationCase) -> [(Double, Double)] {
        var random = RandomStream(seed: test.seed, purpose: .analysis).generator(sample: 98)
        return (0..<test.rowCount).map { _ in
            (
                Double(Float.random(in: 0...1, using: &random)),
                Double(Float.random(in: 0...1, using: &random))
            )
        }
    }

    /// ∂s/∂p as the surrogate has it, straight from its definition.
    private static func slope(_ surrogate: SurrogateKind, _ firing: Double) -> Double {
        switch surrogate {
        case .straightThrough: 1
        case .bernoulliVariance: firing * (1 - firing)
        case .sigmoidDerivative: exp(-firing) / ((1 + exp(-firing)) * (1 + exp(-firing)))
        // Not a surrogate; ExactGradientTests of the local rule have it.
        case .recordedPattern: .nan
        }
    }

    struct Expected {
        var currents: [[[Double]]]
        var angles: [Double]
    }

    /// The chain rule: ∂L/∂p = ∂L/∂s · ∂s/∂p + A − B p, then the reference.
    static func expected<Engine>(
        _ run: PopulationRun<Engine>, neuron: Int, errors: [[[[Double]]]], factors: [(Double, Double)]?,
        surrogate: SurrogateKind
    ) throws -> Expected {
        let test = run.test
        let reference = try test.reference(neuron)
        var expected = Expected(
            currents: [], angles: [Double](repeating: 0, count: test.model.parameterCount))
        for sample in 0..<test.sampleCount {
            let (currents, spikes) = (
                test.currents[sample][neuron], run.spikes(sample: sample, neuron: neuron)
            )
            let firing = try reference.run(currents: currents, spikes: spikes).firingProbability
            let weights = firing.enumerated().map { step, channels in
                channels.enumerated().map { channel, value in
                    let (upper, lower) = factors?[sample * test.stepCount + step] ?? (0, 0)
                    return errors[sample][neuron][step][channel] * slope(surrogate, value) + upper - lower
                        * value
                }
            }
            let gradient = try reference.firingProbabilityGradient(
                weights: weights, currents: currents, spikes: spikes)
            expected.currents.append(gradient.currents)
            for (angle, value) in gradient.parameters.enumerated() { expected.angles[angle] += value }
        }
        return expected
    }

    /// The largest difference, relative to the largest entry of its kind (or to 1).
    static func worst<Engine>(
        _ gradient: PopulationRun<Engine>.Gradient, _ expected: [Int: Expected]
    ) -> Double {
        var worst = 0.0
        func compare(_ found: [Double], _ wanted: [Double]) {
            let scale = max(1, wanted.map(\.magnitude).max() ?? 0)
            for (value, target) in zip(found, wanted) {
                worst = value.isNaN ? .infinity : max(worst, abs(value - target) / scale)
            }
        }
        for (neuron, wanted) in expected {
            compare(gradient.angles[neuron], wanted.angles)
            compare(
                gradient.currents.flatMap { $0[neuron].flatMap { $0 } },
                wanted.currents.flatMap { $0.flatMap { $0 } })
        }
        return worst
    }

    /// The straight-through gradient without regulariser, and one of the other two with it.
    static func variants(_ test: PopulationCase) -> [(SurrogateKind, [(Double, Double)]?)] {
        [
            (.straightThrough, nil),
            (test.seed % 2 == 0 ? .bernoulliVariance : .sigmoidDerivative, factors(test)),
        ]
    }

    @Test(
        "the general adjoint agrees with the reference: 1e-10 in double, 1e-4 in single precision",
        arguments: PopulationCase.circuits(stepCount: 4).map {
            PopulationCase($0.model, name: $0.name, sampleCount: 2, stepCount: 4, seed: $0.seed)
        } + PopulationCase.otherShapes(sampleCount: 1, stepCount: 3))
    func general(test: PopulationCase) throws {
        let errors = Self.errors(test)
        let double = PopulationRun(test, try #require(GeneralEngine<Double>(test)))
        let single = PopulationRun(test, try #require(GeneralEngine<Float>(test))).forcing(double)
        for (surrogate, factors) in Self.variants(test) {
            let expected = [
                16: try Self.expected(
                    double, neuron: 16, errors: errors, factors: factors, surrogate: surrogate)
            ]
            let exact = double.gradient(errors: errors, regulariser: factors, surrogate: surrogate)
            // The kernels' σ′ is a series that leaves 1e-8, below single precision.
            let tolerance = surrogate == .sigmoidDerivative ? 1e-8 : 1e-10
            #expect(Self.worst(exact, expected) < tolerance, "\(surrogate)")
            let rounded = single.gradient(errors: errors, regulariser: factors, surrogate: surrogate)
            #expect(Self.worst(rounded, expected) < 1e-4, "\(surrogate)")
        }
    }

    @Test("a current of 0 or less gets no gradient", arguments: PopulationCase.kernels(neuronCount: 17))
    func undriven(test: PopulationCase) {
        let run = PopulationRun(test, SimulatorEngine(test))
        let gradient = run.gradient(errors: Self.errors(test), regulariser: Self.factors(test))
        for (found, current) in zip(
            gradient.currents.joined().joined().joined(), test.currents.joined().joined().joined())
        where current <= 0 { #expect(found == 0) }
    }

    /// Otherwise weights and angles that belong to no neuron would be trained, and would count in the norm by
    /// which gradients are clipped.
    @Test(
        "lanes past the last neuron get no gradient, with and without the regulariser",
        arguments: [1, 17, 63, 65, 100])
    func padding(neuronCount: Int) throws {
        var tests = PopulationCase.kernels(neuronCount: neuronCount)
        // Circuits that would fire in every lane, always and half of the time.
        let gates = [Gate(.x, qubits: [0]), Gate(.rx, 0, parameter: 0), Gate(.rxx, 0, 1, parameter: 1)]
        let circuit = try Circuit(ioQubits: 1, memoryQubits: 1, gates: gates)
        tests.append(
            PopulationCase(SQS(circuit), name: "always", neuronCount: neuronCount, stepCount: 5))
        let half = [
            Gate(.h, qubits: [0]), Gate(.ry, 0, parameter: 0), Gate(.cry, 0, 1, parameter: 1),
            Gate(.cry, 1, 0, parameter: 1),
        ]
        tests.append(
            PopulationCase(
                SQS(try Circuit(ioQubits: 1, memoryQubits: 1, gates: half)), name: "half",
                neuronCount: neuronCount, stepCount: 5))
        for test in tests {
            let run = PopulationRun(test, SimulatorEngine(test))
            let errors = Self.errors(test)
            #expect(run.gradient(errors: errors).padding == 0, "\(test.name)")
            #expect(
                run.gradient(errors: errors, regulariser: Self.factors(test)).padding == 0, "\(test.name)")
        }
    }
}
