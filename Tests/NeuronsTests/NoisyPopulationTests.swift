import DeviceNoise
import Compute
import QuantumCircuits
import Testing

@testable import Neurons

/// Expected values: the reference neuron, which applies the Kraus operators of each noise to density matrices, with the
/// spikes forced that the kernels drew. The kernels have transfer matrices in the Pauli basis instead.
struct NoisyPopulationTests {
    @Test(
        "noisy neurons agree with the reference: 1e-12 in double, 2e-5 in single precision",
        arguments: NoisyCase.cases([(1, 0), (1, 1), (1, 2), (2, 1)], stepCount: 5)
            + NoisyCase.cases([(2, 2), (3, 1), (1, 3)], sampleCount: 1, stepCount: 2, gateCount: 6))
    func forward(test: PopulationCase) throws {
        let double = PopulationRun(test, try #require(NoisyEngine<Double>(test)))
        #expect(try PopulationForwardTests.worst(double) < 1e-12)
        // Single precision leaves out patterns less likely than 2^-16.
        let single = PopulationRun(test, SimulatorEngine(test))
        #expect(try PopulationForwardTests.worst(single) < 2e-5)
    }

    @Test(
        "gradients of noisy neurons agree with the reference's: 1e-10 in double, 1e-4 in single precision",
        arguments: NoisyCase.cases([(1, 1), (1, 2), (2, 1)], sampleCount: 1, stepCount: 4, gateCount: 8)
            + NoisyCase.cases([(1, 0), (3, 1)], sampleCount: 1, stepCount: 2, gateCount: 5))
    func gradient(test: PopulationCase) throws {
        let errors = PopulationGradientTests.errors(test)
        let double = PopulationRun(test, try #require(NoisyEngine<Double>(test)))
        let single = PopulationRun(test, SimulatorEngine(test)).forcing(double)
        for (surrogate, factors) in PopulationGradientTests.variants(test) {
            let expected = [
                16: try PopulationGradientTests.expected(
                    double, neuron: 16, errors: errors, factors: factors, surrogate: surrogate)
            ]
            let exact = double.gradient(errors: errors, regulariser: factors, surrogate: surrogate)
            let tolerance = surrogate == .sigmoidDerivative ? 1e-8 : 1e-10
            #expect(PopulationGradientTests.worst(exact, expected) < tolerance, "\(surrogate)")
            let rounded = single.gradient(errors: errors, regulariser: factors, surrogate: surrogate)
            #expect(PopulationGradientTests.worst(rounded, expected) < 1e-4, "\(surrogate)")
        }
    }

    @Test("the maps of every neuron keep the trace: over all patterns, 1 goes to 1 and nothing else does")
    func trace() throws {
        for test in NoisyCase.kernels(neuronCount: 3) {
            let engine = try #require(NoisyEngine<Double>(test))
            let layout = engine.instrument.layout
            for column in 0..<layout.columnCount {
                let sum = (0..<layout.patternCount).reduce(0) { sum, pattern in
                    let row = pattern * layout.memoryCount
                    return sum + engine.maps[(row * layout.columnCount + column) * 8 + 1]
                }
                #expect(abs(sum - (column == 0 ? 1 : 0)) < 1e-13, "\(test.name), column \(column)")
            }
        }
    }

    /// Without noise a density matrix stays pure, and its kernels must find what those of state vectors find.
    @Test("a noisy neuron without noise is the noise-free one: same probabilities, same spikes")
    func noiseless() throws {
        for circuit in [
            try Ansatz.exchange.circuit(), try Ansatz.partialSwap.circuit(ioQubits: 1, memoryQubits: 2),
            try Ansatz.twoWay.circuit(ioQubits: 2, memoryQubits: 2),
        ] {
            let noisy = PopulationCase(
                SQS(circuit, noise: NoiseModel.none), name: circuit.name, neuronCount: 70, stepCount: 6)
            let pure = PopulationCase(
                SQS(circuit), name: circuit.name, neuronCount: 70, stepCount: 6)
            let (left, right) = (
                PopulationRun(noisy, SimulatorEngine(noisy)),
                PopulationRun(pure, SimulatorEngine(pure))
            )
            var differing = 0
            for sample in 0..<noisy.sampleCount {
                for neuron in 0..<noisy.neuronCount {
                    guard
                        left.spikes(sample: sample, neuron: neuron)
                            == right.spikes(sample: sample, neuron: neuron)
                    else {
                        differing += 1
                        continue
                    }
                    for (found, expected) in zip(
                        left.firing(sample: sample, neuron: neuron).joined(),
                        right.firing(sample: sample, neuron: neuron).joined())
                    { #expect(abs(found - expected) < 1e-4, "\(circuit.name)") }
                }
            }
            // A random number may fall between two probabilities that differ by rounding.
            #expect(differing <= 1, "\(circuit.name): of 210 histories")
        }
    }

    @Test("only noise that makes X of an embedded qubit needs its fourth form")
    func forms() throws {
        let circuit = try Ansatz.exchange.circuit()
        let device = try NoiseModel(NoisyCase.device)
        #expect(NoisyLayout(circuit, device).formsPerChannel == 3)
        #expect(NoisyLayout(circuit, try NoiseModel(NoisyCase.everything)).formsPerChannel == 4)
    }
}

extension NoisyPopulationTests {
    /// 2 spikes · 3 forms · 16^5 numbers of 4 bytes are 24 MiB a neuron; 200 neurons take four tiles of 64.
    @Test("a population whose maps take too much memory is refused with the number")
    func memory() throws {
        let noise = try NoiseModel(NoisyCase.device)
        let small = SQS(try Ansatz.exchange.circuit(ioQubits: 1, memoryQubits: 2), noise: noise)
        #expect(small.noisyBytes(neuronCount: 200) == 4 * 64 * 2 * 3 * 256 * 4)
        try small.checkNoise(neuronCount: 200)
        let large = SQS(try Ansatz.exchange.circuit(ioQubits: 1, memoryQubits: 5), noise: noise)
        let error = #expect(throws: NoisyNeuronError.self) { try large.checkNoise(neuronCount: 200) }
        #expect(error?.description.contains("200 neurons take 6144 MiB, expected at most 4096 MiB") == true)
    }
}
