import DeviceNoise
import Foundation
import QuantumCircuits
import TestSupport
import Testing

@testable import NeuronAnalysis
import Neurons

struct FunctionalMemoryTests {
    /// RX(π) three ways is a swap.
    static let delayLine = Result {
        try Circuit(
            name: "delay", ioQubits: 1, memoryQubits: 1,
            gates: [[0, 1], [1, 0], [0, 1]].map { Gate(.crx, qubits: $0, angle: .fixed(.pi)) })
    }

    private static func memory(
        _ model: any NeuronModel, angles: [Double], levels: (zero: Double, one: Double) = (0, 1), lags: Int = 4,
        warmUp: Int = 10
    ) throws -> FunctionalMemory {
        FunctionalMemory(
            try SpikingInstrument(model, angles: angles), levels: levels, lagCount: lags, warmUp: warmUp)
    }

    /// Everything by definition: the spike is the bit of one step before, and of no other.
    @Test("a delay line tells the whole bit of one step before, and nothing else")
    func delay() throws {
        let found = try Self.memory(SQS(try Self.delayLine.get()), angles: [])
        for (lag, bits) in [0, 1, 0, 0, 0].enumerated() {
            #expect(abs(found.inputs[lag] - Double(bits)) < 1e-12, "lag \(lag)")
        }
        #expect(found.ownSpikes.allSatisfy { $0 < 1e-12 })
        // A nilpotent map: 0 up to the root of the rounding error.
        #expect(found.slowestMode < 1e-6)
    }

    /// From fact 1 and 2 of the design: the average memory of both circuits never sees the input.
    @Test("one controlled rotation keeps no past input, whichever way it points", arguments: [0, 1, 2])
    func inputBlind(seed: UInt64) throws {
        for ansatz in [Ansatz.inputControlled, .memoryControlled] {
            let circuit = try ansatz.circuit()
            let angles = (0..<3).map { 0.7 + 1.3 * Double($0) + Double(seed) }
            let found = try Self.memory(SQS(circuit), angles: angles, levels: (0.2, 0.7))
            #expect(found.inputs[0] > 1e-3)
            #expect(found.inputs.dropFirst().allSatisfy { $0 == 0 }, "\(ansatz.name) \(found.inputs)")
            let isInert = ansatz.name == "input-controlled"
            #expect(found.ownSpikes.allSatisfy { isInert ? $0 == 0 : $0 > 1e-6 }, "\(found.ownSpikes)")
        }
    }

    /// Sums over all input bits and spikes of four steps with the reference neuron's probabilities.
    @Test("both informations are those of the whole joint distribution", arguments: [1, 2])
    func enumeration(memoryQubits: Int) throws {
        let circuit = try Ansatz.exchange.circuit(memoryQubits: memoryQubits)
        let angles = (0..<circuit.parameterCount).map { 0.4 + 0.9 * Double($0) }
        let levels = (zero: -0.1, one: 0.6)
        let lags = 3
        let neuron = try ReferenceNeuron(SQS(circuit), parameters: angles)
        // [lag][x_t][x_{t−k}][s_{t−k}][s_t]; the warm-up moves the first step with the lag.
        let pair = [[0.0, 0.0], [0.0, 0.0]]
        var joint = [[[[[Double]]]]](repeating: [[pair, pair], [pair, pair]], count: lags + 1)
        func bits(_ number: Int) -> [Int] { (0...lags).map { number >> (lags - $0) & 1 } }
        for inputs in 0..<1 << (lags + 1) {
            let bitsIn = bits(inputs)
            let currents = bitsIn.map { [$0 == 1 ? levels.one : levels.zero] }
            for spikes in 0..<1 << (lags + 1) {
                let forced = bits(spikes)
                guard
                    let response = try? neuron.run(currents: currents, spikes: forced.map { [$0] })
                else { continue }
                let probability = response.stepProbability.reduce(1, *) / Double(1 << (lags + 1))
                for lag in 1...lags {
                    let step = lags - lag
                    joint[lag][bitsIn[lags]][bitsIn[step]][forced[step]][forced[lags]] += probability
                }
            }
        }
        func entropy(_ values: [Double]) -> Double {
            values.reduce(0) { $1 > 0 ? $0 - $1 * log2($1) : $0 }
        }
        for lag in 1...lags {
            let found = try Self.memory(
                SQS(circuit), angles: angles, levels: levels, lags: lag, warmUp: lags - lag)
            // Each of the two present inputs has probability ½.
            var (inputs, all) = (0.0, 0.0)
            for present in joint[lag] {
                let table = present.map { $0.map { $0.map { 2 * $0 } } }
                let last = (0...1).map { s in table.reduce(0) { $0 + $1[0][s] + $1[1][s] } }
                let inputAndLast = table.flatMap { bySpike in (0...1).map { bySpike[0][$0] + bySpike[1][$0] }
                }
                inputs += 0.5 * (1 + entropy(last) - entropy(inputAndLast))
                let inputAndSpike = table.flatMap { $0.map { $0[0] + $0[1] } }
                let whole = entropy(table.flatMap { $0.flatMap { $0 } })
                all += 0.5 * (entropy(inputAndSpike) + entropy(last) - whole)
            }
            #expect(abs(found.inputs[lag] - inputs) < 1e-12)
            #expect(abs(found.ownSpikes[lag - 1] - (all - inputs)) < 1e-12)
            #expect(found.inputs[lag] > 1e-9 && found.ownSpikes[lag - 1] > 1e-9, "\(found)")
        }
    }

    /// RXX(a) RYY(a) with an input qubit in |0⟩ or |1⟩ multiplies the coherence of the memory by cos a and its ⟨Z⟩ by
    /// cos² a.
    @Test("a partial swap forgets by cos a a step", arguments: [0.3, 1.0, 1.5])
    func slowestMode(angle: Double) throws {
        let circuit = try Ansatz.partialSwap.circuit()
        let found = try Self.memory(SQS(circuit), angles: [angle, angle, 0, 0])
        #expect(abs(found.slowestMode - cos(angle)) < 1e-12)
        // Bits reach the memory through ⟨Z⟩: E[s_t] = sin² a · cos²ᵏ⁻² a · … fades by cos⁴ a in the information, once small.
        guard angle == 1.5 else { return }
        #expect(abs(found.inputs[4] / found.inputs[3] / pow(cos(angle), 4) - 1) < 0.01)
    }

    @Test("the last spike fed back at π with no other angle is kept for ever, its inputs are added to it")
    func runningParity() throws {
        // p(s = 1) = sin²((φ + π s')/2): at φ = 0 or π the new spike is the exclusive or of bit and last spike.
        let found = try Self.memory(LastSpikeFeedback(), angles: [.pi, 0, 0])
        #expect(found.slowestMode < 1e-12)  // averaged over the bits, parity is lost at once
        let silent = try Self.memory(LastSpikeFeedback(), angles: [.pi, 0, 0], levels: (0, 0), warmUp: 0)
        #expect(abs(silent.slowestMode - 1) < 1e-12)
    }

    @Test("mutual information in bits, of dependences that are full, absent and tiny")
    func mutualInformation() {
        #expect(abs(MutualInformation.ofJoint([[0.5, 0], [0, 0.5]]) - 1) < 1e-15)
        #expect(MutualInformation.ofJoint([[0.12, 0.28], [0.18, 0.42]]) == 0)
        // ε²/(2 ln 2) for probabilities ¼ (1 ± ε), to the next order ε⁴.
        let excess = 1e-9
        let tiny = MutualInformation.ofJoint([
            [0.25 * (1 + excess), 0.25 * (1 - excess)], [0.25 * (1 - excess), 0.25 * (1 + excess)],
        ])
        #expect(abs(tiny / (excess * excess / (2 * log(2))) - 1) < 1e-5)
        #expect(
            abs(
                MutualInformation.conditional([
                    [[0.25, 0], [0, 0.25]], [[0.125, 0.125], [0.125, 0.125]],
                ]) - 0.5)
                < 1e-15)
    }

    @Test("the firing probability of many repetitions tells more than one spike, up to the spike's entropy")
    func firingInformation() throws {
        let circuit = try Ansatz.exchange.circuit()
        let instrument = try SpikingInstrument(SQS(circuit), angles: [1.1, -2, 0.6, 0.9, 2.2])
        let histories = SpikeHistories(instrument, currents: [[0.4], [0.7], [0.2]])
        let curves = [1, 2, 10, 1000].map { FiringMemory.information(histories, shots: $0) }
        for lag in 0..<2 {
            for (fewer, more) in zip(curves, curves.dropFirst()) { #expect(fewer[lag] < more[lag]) }
            // The spike of step 2 − lag by itself.
            let fires = histories.states[2 - lag].enumerated().reduce(0) {
                $1.offset & 1 == 1 ? $0 + $1.element[0] : $0
            }
            let entropy = -fires * log2(fires) - (1 - fires) * log2(1 - fires)
            #expect(curves[3][lag] < entropy && curves[3][lag] > 3 * curves[0][lag])
            // One repetition is the last spike itself.
            var joint = [[0.0, 0.0], [0.0, 0.0]]
            for (history, state) in histories.states[3].enumerated() {
                joint[history >> (lag + 1) & 1][history & 1] += state[0]
            }
            #expect(abs(curves[0][lag] - MutualInformation.ofJoint(joint)) < 1e-13)
        }
    }
    @Test("what is no number stays none, and never passes for no memory")
    func notANumber() throws {
        #expect(MutualInformation.ofJoint([[.nan, 0.2], [0.3, 0.1]]).isNaN)
        #expect(MutualInformation.conditional([[[.nan, 0.2], [0.3, 0.1]], [[1, 0], [0, 1]]]).isNaN)
        #expect(RealMatrix(rowCount: 2, columnCount: 2, elements: [1, 0, .nan, 1]).spectralRadius.isNaN)
        let circuit = try Ansatz.exchange.circuit()
        var profiler = MemoryProfiler()
        profiler.drawCount = 1
        profiler.levels = (0, 1e308)
        #expect(throws: NeuronError.self) { try profiler.profile(of: SQS(circuit)) }
        // The device turns a hundred radians a thousand times as far.
        var parameters = NoiseParameters()
        parameters.oneQubitGates.overRotation = .init(factor: 1000)
        let noise = try NoiseModel(parameters)
        #expect(throws: CircuitError.self) {
            try MemoryAnalysis(drawCount: 1).report(
                for: SQS(circuit, noise: noise), name: "exchange", angles: [1, 1, 1, 1, 100])
        }
    }
}
