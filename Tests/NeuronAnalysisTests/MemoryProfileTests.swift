import Files
import Compute
import Foundation
import QuantumCircuits
import TestSupport
import Testing

@testable import NeuronAnalysis
import Neurons

struct EntanglingPowerTests {
    /// 2/9 of CX and 0 of a swap are in the paper of Zanardi and others; local gates entangle nothing.
    @Test("CX entangles as much as two qubits can, a swap and local gates nothing")
    func knownValues() throws {
        func power(_ gates: [Gate], io: Int = 1, memory: Int = 1) throws -> Double {
            try Circuit(ioQubits: io, memoryQubits: memory, gates: gates).entanglingPower(angles: [])
        }
        #expect(abs(try power([Gate(.cx, qubits: [0, 1])]) - 2 / 9.0) < 1e-14)
        #expect(abs(try power([[0, 1], [1, 0], [0, 1]].map { Gate(.cx, qubits: $0) })) < 1e-14)
        #expect(abs(try power([Gate(.h, qubits: [0]), Gate(.ry, qubits: [1], angle: .fixed(1))])) < 1e-14)
        // Gates within the memory are local too.
        #expect(abs(try power([Gate(.cx, qubits: [1, 2])], memory: 2)) < 1e-14)
    }

    /// 3,000 random product states of each circuit, mean and standard error; 5 standard errors allowed.
    @Test(
        "it is the mean linear entropy over random product states",
        arguments: [(1, 1), (1, 2), (2, 1), (2, 2)])
    func sampled(io: Int, memory: Int) throws {
        let (circuit, angles) = try RandomCircuit.make(ioQubits: io, memoryQubits: memory, seed: 11)
        let unitary = try circuit.unitary(angles: angles)
        var random = RandomStream(seed: 5, purpose: .analysis).generator()
        func state(_ dimension: Int) -> ComplexMatrix {
            let elements = (0..<dimension).map { _ in
                Complex(.standardNormal(using: &random), .standardNormal(using: &random))
            }
            let vector = ComplexMatrix(rowCount: dimension, columnCount: 1, elements: elements)
            return (1 / vector.squaredNorm.squareRoot()) * vector
        }
        let sampleCount = 3000
        let entropies = (0..<sampleCount).map { _ -> Double in
            let register = unitary * state(1 << io).tensor(state(1 << memory))
            let matrix = ComplexMatrix(
                rowCount: 1 << io, columnCount: 1 << memory, elements: register.elements)
            return 1 - (matrix * matrix.adjoint).squaredNorm
        }
        let mean = entropies.reduce(0, +) / Double(sampleCount)
        let variance = entropies.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(sampleCount - 1)
        let power = try circuit.entanglingPower(angles: angles)
        #expect(power > 0.01)
        #expect(abs(power - mean) < 5 * (variance / Double(sampleCount)).squareRoot(), "\(power) \(mean)")
    }
}

struct AngleSensitivityTests {
    private static func sensitivity(
        _ circuit: Circuit, angles: [Double], currents: [[Double]]
    ) throws -> AngleSensitivity {
        let model = SQS(circuit)
        return AngleSensitivity(
            SpikeHistories(
                try SpikingInstrument(model, angles: angles), currents: currents,
                derivatives: try SpikingInstrument.derivatives(of: model, angles: angles)))
    }

    /// A spike of probability sin²(θ/2) has Fisher information 1, whatever θ. A memory turned by RX(θ) at each of T
    /// steps is RX(Tθ)|0⟩, with quantum Fisher information T².
    @Test("rotations of the input tell their angle by spikes, those of the memory only by the memory")
    func rotations() throws {
        let circuit = try Circuit(
            ioQubits: 1, memoryQubits: 1,
            gates: [Gate(.rx, 0, parameter: 0), Gate(.rx, 1, parameter: 1)])
        let found = try Self.sensitivity(
            circuit, angles: [0.4, 0.3], currents: [[-1], [0.3], [0.6], [0.9]])
        for (value, expected) in zip(found.fisher + found.quantumFisher, [4.0, 0, 4, 16]) {
            #expect(abs(value - expected) < 1e-9)
        }
    }

    /// The quantum information of pure states, from vectors: Σ_h 4 ⟨∂m|∂m⟩ − 4 (Im ⟨m|∂m⟩)²/⟨m|m⟩ + … in its form for
    /// unnormalised m_h = K_h |0…0⟩ with exact derivatives by central differences.
    @Test("without noise the quantum information is that of the state vectors", arguments: [1, 2])
    func stateVectors(memoryQubits: Int) throws {
        let circuit = try Ansatz.exchange.circuit(memoryQubits: memoryQubits)
        let angles = (0..<circuit.parameterCount).map { 0.3 + 0.7 * Double($0) }
        let currents = [[0.3], [0.8], [0.5]]
        func memories(_ angles: [Double]) throws -> [ComplexMatrix] {
            let instrument = try Instrument(circuit: circuit, angles: angles)
            var ground = ComplexMatrix(rowCount: 1 << memoryQubits, columnCount: 1)
            ground[0, 0] = .one
            return currents.reduce([ground]) { memories, current in
                memories.flatMap { memory in
                    (0...1).map {
                        instrument.krausOperator(spikes: $0, rotations: current.map { .pi * $0 }) * memory
                    }
                }
            }
        }
        let found = try Self.sensitivity(circuit, angles: angles, currents: currents)
        for angle in angles.indices {
            func shifted(_ shift: Double) throws -> [ComplexMatrix] {
                var angles = angles
                angles[angle] += shift
                return try memories(angles)
            }
            let step = 1e-5
            var (fisher, quantum) = (0.0, 0.0)
            for ((middle, up), down) in zip(zip(try memories(angles), try shifted(step)), try shifted(-step))
            {
                let slope = (1 / (2 * step)) * (up - down)
                let overlap = (middle.adjoint * slope)[0, 0]
                let probability = middle.squaredNorm
                // dp = 2 Re ⟨m|∂m⟩; the SLD of a pure unnormalised state gives 4 ⟨∂m|∂m⟩ − 4 (Im ⟨m|∂m⟩)²/p.
                fisher += 4 * overlap.real * overlap.real / probability
                quantum += 4 * slope.squaredNorm - 4 * overlap.imaginary * overlap.imaginary / probability
            }
            #expect(abs(found.fisher[angle] - fisher) < 1e-6 * max(1, fisher))
            #expect(abs(found.quantumFisher[angle] - quantum) < 1e-6 * max(1, quantum))
            #expect(found.quantumFisher[angle] > found.fisher[angle] - 1e-9)
        }
    }
}

struct MemoryProfileTests {
    private static func profile(
        _ model: any NeuronModel, angles: [Double]? = nil, draws: Int = 3
    ) throws -> MemoryProfile {
        var profiler = MemoryProfiler()
        profiler.drawCount = draws
        profiler.lagCount = 5
        return try profiler.profile(of: model, angles: angles)
    }

    /// CX from an input in any superposition: who knows the spikes knows the memory, to anyone else it is a mixture of
    /// |0⟩ and |1⟩.
    @Test("the memory is pure for one who knows the spikes, mixed for one who does not")
    func purity() throws {
        let circuit = try Circuit(
            ioQubits: 1, memoryQubits: 1, gates: [Gate(.cx, qubits: [0, 1])])
        let found = try Self.profile(SQS(circuit))
        #expect(found.conditionalPurity.mean.allSatisfy { abs($0 - 1) < 1e-12 })
        #expect(found.purity.mean[0] == 1)
        #expect(found.purity.mean.dropFirst().allSatisfy { (0.5...0.95).contains($0) })
    }

    /// The three controlled RX(π) are an iSWAP up to local gates, which has the largest entangling power of two qubits.
    @Test("a delay line's profile: one bit of age one, gone after a step, by an iSWAP")
    func delayLine() throws {
        let found = try Self.profile(SQS(try FunctionalMemoryTests.delayLine.get()), angles: [])
        #expect(found.meanInputAge.map { abs($0 - 1) < 1e-12 } == true)
        #expect(found.memoryTime.map { $0 < 0.1 } == true)
        #expect(found.entanglingPower.map { abs($0.mean[0] - 2 / 9.0) < 1e-12 } == true)
        #expect(found.firingInformation.mean.allSatisfy { $0 < 1e-12 })
    }

    @Test(
        "circuits that do not see their past inputs have no input age, and an inert memory no time to forget")
    func inert() throws {
        let found = try Self.profile(SQS(try Ansatz.inputControlled.circuit()))
        #expect(found.meanInputAge == nil)
        #expect(found.memoryTime == nil)
        // The rotation of the memory, the last of the three angles, is seen by no spike.
        #expect(found.fisher.mean[2] < 1e-12 && found.quantumFisher.mean[2] > 0.1)
    }

    @Test("the same seed gives the same profile; given angles leave only the currents to chance")
    func seeds() throws {
        let model = SQS(try Ansatz.exchange.circuit())
        #expect(try Self.profile(model) == Self.profile(model))
        let fixed = try Self.profile(model, angles: [1, 2, 3, 4, 5])
        #expect(try #require(fixed.inputInformation.standardDeviation).allSatisfy { $0 < 1e-12 })
        #expect(try #require(fixed.fisher.standardDeviation).contains { $0 > 1e-3 })
    }

    @Test("mean and standard deviation are taken point by point")
    func statistics() {
        let found = SampleStatistics([[1, 0], [3, 0]])
        #expect(found.mean == [2, 0])
        #expect(found.standardDeviation == [(2 as Double).squareRoot(), 0])
    }

    @Test("a single draw has no deviation, and its JSON says null")
    func single() throws {
        let found = SampleStatistics([[5]])
        #expect(found.mean == [5] && found.standardDeviation == nil)
        #expect(
            SampleStatistics.standardDeviation(of: [5]) == nil
                && SampleStatistics.standardError(of: []) == nil)
        let text = String(decoding: try JSONDocument.encode(found), as: UTF8.self)
        #expect(text == #"{"mean":[5],"standard_deviation":null}"#)
        #expect(try JSONDocument.decode(SampleStatistics.self, from: text.utf8) == found)
        // 1 and 3: deviation √2, of the mean 1.
        #expect(SampleStatistics.standardError(of: [1, 3]) == 1)
    }
}
