import Compute
import QuantumCircuits
import Testing

@testable import Neurons

/// The spikes that a fast path drew are forced on the reference neuron (scalar density matrices in double
/// precision), whose firing probabilities are the expected values.
struct PopulationForwardTests {
    private static let neurons = [0, 15, 16]

    /// The largest difference of a firing probability from the reference.
    static func worst<Engine>(_ run: PopulationRun<Engine>) throws -> Double {
        var worst = 0.0
        for neuron in neurons {
            let reference = try run.test.reference(neuron)
            for sample in 0..<run.test.sampleCount {
                let response = try reference.run(
                    currents: run.test.currents[sample][neuron],
                    spikes: run.spikes(sample: sample, neuron: neuron))
                let found = run.firing(sample: sample, neuron: neuron).flatMap { $0 }
                for (value, expected) in zip(found, response.firingProbability.flatMap { $0 }) {
                    // Nothing is worse than NaN.
                    if value.isNaN { return .infinity }
                    worst = max(worst, abs(value - expected))
                }
            }
        }
        return worst
    }

    @Test(
        "the general path agrees with the reference: 1e-12 in double, 1e-5 in single precision",
        arguments: PopulationCase.circuits(stepCount: 7) + PopulationCase.otherShapes(stepCount: 4))
    func general(test: PopulationCase) throws {
        let double = PopulationRun(test, try #require(GeneralEngine<Double>(test)))
        #expect(try Self.worst(double) < 1e-12)
        let single = PopulationRun(test, try #require(GeneralEngine<Float>(test)))
        #expect(try Self.worst(single) < 1e-5)
    }

    @Test("the memoryless model agrees with the reference in double precision to 1e-12")
    func memorylessDouble() throws {
        for test in PopulationCase.controls(stepCount: 6) where test.forgets {
            let run = PopulationRun(test, try #require(GeneralEngine<Double>(test)))
            #expect(try Self.worst(run) < 1e-12, "\(test.name)")
        }
    }

    /// Spikes follow from "random number below probability", so the two paths may differ only where these are
    /// within rounding of each other; from there on the histories differ and are not compared.
    @Test(
        "the real-gauge paths draw the same spikes as the general path from the same random words",
        arguments: PopulationCase.circuits(stepCount: 7).filter { $0.isReal && $0.channelCount == 1 }.map {
            PopulationCase($0.model, name: $0.name, neuronCount: 100, sampleCount: 10, stepCount: 7)
        })
    func realGaugeAgainstGeneral(test: PopulationCase) throws {
        let fast = PopulationRun(test, SimulatorEngine(test))
        let general = PopulationRun(test, try #require(GeneralEngine<Float>(test)))
        var differing = 0
        for sample in 0..<test.sampleCount {
            for neuron in 0..<test.neuronCount {
                let (left, right) = (
                    fast.spikes(sample: sample, neuron: neuron),
                    general.spikes(sample: sample, neuron: neuron)
                )
                let leftFiring = fast.firing(sample: sample, neuron: neuron)
                let rightFiring = general.firing(sample: sample, neuron: neuron)
                for step in 0..<test.stepCount {
                    #expect(abs(leftFiring[step][0] - rightFiring[step][0]) < 1e-5)
                    guard left[step] != right[step] else { continue }
                    let random = Self.uniform(test, sample: sample, step: step, neuron: neuron)
                    #expect(abs(leftFiring[step][0] - random) < 1e-5)
                    differing += 1
                    break
                }
            }
        }
        #expect(differing <= 2, "of 7,000 spikes")
    }

    /// The random number that the design's addressing gives a neuron: word `lane / 16` of the block with element
    /// `16 · tile + lane % 16`, its upper 23 bits.
    private static func uniform(_ test: PopulationCase, sample: Int, step: Int, neuron: Int) -> Double {
        let (tile, lane) = (neuron / tileWidth, neuron % tileWidth)
        let words = PopulationRun<SimulatorEngine>.stream(test).words(
            sample: PopulationRun<SimulatorEngine>.identity(ofSample: sample), step: step,
            element: 16 * tile + lane % 16)
        return Double(words[lane / 16] >> 9) * 0x1p-23
    }

    @Test(
        "a neuron fires exactly where its random number is below its firing probability",
        arguments: PopulationCase.kernels(neuronCount: 70).filter { $0.channelCount == 1 })
    func sampling(test: PopulationCase) {
        let run = PopulationRun(test, SimulatorEngine(test))
        for sample in 0..<test.sampleCount {
            for neuron in 0..<test.neuronCount {
                let (spikes, firing) = (
                    run.spikes(sample: sample, neuron: neuron), run.firing(sample: sample, neuron: neuron)
                )
                for step in 0..<test.stepCount {
                    let random = Self.uniform(test, sample: sample, step: step, neuron: neuron)
                    #expect(spikes[step] == [random < firing[step][0] ? 1 : 0])
                }
            }
        }
    }

    /// Nine samples are two blocks of the general kernels and one more; five are one block and one more.
    @Test(
        "a sample's result does not depend on the samples beside it",
        arguments: PopulationCase.kernels(neuronCount: 33, sampleCount: 9))
    func blocks(test: PopulationCase) {
        let many = PopulationRun(test, SimulatorEngine(test))
        let manyGradient = many.gradient(errors: test.currents)
        for count in [1, 5, 8] {
            let few = test.first(count)
            let run = PopulationRun(few, SimulatorEngine(few))
            let gradient = run.gradient(errors: few.currents)
            for sample in 0..<count {
                #expect(gradient.currents[sample] == manyGradient.currents[sample], "of \(count)")
                for neuron in 0..<test.neuronCount {
                    #expect(
                        run.firing(sample: sample, neuron: neuron)
                            == many.firing(
                                sample: sample, neuron: neuron))
                    #expect(
                        run.spikes(sample: sample, neuron: neuron)
                            == many.spikes(
                                sample: sample, neuron: neuron))
                }
            }
        }
    }

    @Test(
        "lanes past the last neuron never spike, whatever the number of neurons",
        arguments: [1, 15, 16, 17, 63, 64, 65, 100])
    func padding(neuronCount: Int) {
        for test in PopulationCase.kernels(neuronCount: neuronCount, stepCount: 4) {
            let run = PopulationRun(test, SimulatorEngine(test))
            for sample in 0..<test.sampleCount {
                for neuron in neuronCount..<test.tileCount * tileWidth {
                    let silent = [[Int]](repeating: [Int](repeating: 0, count: test.channelCount), count: 4)
                    #expect(run.spikes(sample: sample, neuron: neuron) == silent, "\(test.name)")
                }
            }
        }
    }

    /// RX(π) flips the qubit whatever the current, so that a lane at any angles would fire.
    @Test("lanes past the last neuron stay silent under a circuit that always fires")
    func paddingOfFixedGates() throws {
        let gates = [Gate(.x, qubits: [0]), Gate(.rx, 1, parameter: 0)]
        for kind in [GateKind.x, .rx] {
            let first = kind == .x ? gates[0] : Gate(.rx, qubits: [0], angle: .fixed(.pi))
            let circuit = try Circuit(ioQubits: 1, memoryQubits: 1, gates: [first, gates[1]])
            #expect(circuit.isRealGauge == (kind == .rx))
            let test = PopulationCase(SQS(circuit), name: "always", neuronCount: 21, stepCount: 3)
            let run = PopulationRun(test, SimulatorEngine(test))
            for neuron in 21..<64 {
                #expect(run.spikes(sample: 0, neuron: neuron) == [[0], [0], [0]])
            }
        }
    }

    @Test(
        "the sums for the regulariser are those of the neurons that exist", arguments: [1, 17, 64, 100])
    func rowSums(neuronCount: Int) {
        for test in PopulationCase.kernels(neuronCount: neuronCount, stepCount: 4) {
            let run = PopulationRun(test, SimulatorEngine(test))
            for tile in 0..<test.tileCount {
                for row in 0..<test.rowCount {
                    var (firing, squares) = (0.0, 0.0)
                    for neuron in tile * tileWidth..<min((tile + 1) * tileWidth, neuronCount) {
                        for value in run.firing(sample: row / 4, neuron: neuron)[row % 4] {
                            firing += value
                            squares += value * value
                        }
                    }
                    let sums = run.sums(tile: tile, row: row)
                    #expect(abs(sums.firing - firing) < 1e-5 * max(1, firing), "\(test.name)")
                    #expect(abs(sums.squares - squares) < 1e-5 * max(1, squares), "\(test.name)")
                }
            }
        }
    }
}
