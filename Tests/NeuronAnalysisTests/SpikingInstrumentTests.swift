import DeviceNoise
import Foundation
import QuantumCircuits
import TestSupport
import Testing

@testable import NeuronAnalysis
import Neurons

/// The yardstick is ``ReferenceNeuron``: density matrices of all qubits, without Pauli vectors.
struct SpikingInstrumentTests {
    private static let shapes = [(1, 0), (1, 1), (1, 2), (2, 1), (2, 2), (1, 3)]

    /// Every history of a run, as spikes `[step][channel]`.
    private static func histories(steps: Int, channels: Int) -> [[[Int]]] {
        (0..<1 << (steps * channels)).map { number in
            (0..<steps).map { step in
                (0..<channels).map { number >> (channels * (steps - 1 - step) + channels - 1 - $0) & 1 }
            }
        }
    }

    private static func expectAgreement(
        _ model: any NeuronModel, angles: [Double], currents: [[Double]],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let found = SpikeHistories(
            try SpikingInstrument(model, angles: angles), currents: currents,
            derivatives: try SpikingInstrument.derivatives(of: model, angles: angles))
        let neuron = try ReferenceNeuron(model, parameters: angles)
        let likely = histories(steps: currents.count, channels: model.channelCount).enumerated().filter {
            found.states[currents.count][$0.offset][0] > 1e-6
        }
        for (number, spikes) in likely {
            let state = found.states[currents.count][number]
            let response = try neuron.run(currents: currents, spikes: spikes)
            let probability = response.stepProbability.reduce(1, *)
            #expect(abs(state[0] - probability) < 1e-13, sourceLocation: sourceLocation)
            let gradient = try neuron.logLikelihoodGradient(currents: currents, spikes: spikes).parameters
            for (slopes, slope) in zip(found.slopes, gradient) {
                #expect(
                    abs(slopes[number][0] - slope * probability) < 1e-11, sourceLocation: sourceLocation)
            }
            // Single-qubit Pauli strings of the memory.
            guard model.memoryQubits > 0, let circuit = model.circuit else { continue }
            let bloch = response.memory[currents.count - 1]
            for qubit in 0..<circuit.memoryQubits {
                let place = 1 << (2 * (circuit.memoryQubits - 1 - qubit))
                for pauli in 1...3 {
                    #expect(
                        abs(state[pauli * place] / state[0] - bloch[3 * qubit + pauli - 1]) < 1e-11,
                        sourceLocation: sourceLocation)
                }
            }
        }
    }

    @Test(
        "probabilities, derivatives and Bloch vectors of random circuits are the reference's",
        arguments: shapes)
    func agreesWithReference(io: Int, memory: Int) throws {
        for seed in 0..<3 as Range<UInt64> {
            let (circuit, angles) = try RandomCircuit.make(
                ioQubits: io, memoryQubits: memory, gateCount: 8, seed: seed)
            // Currents of 0 or less are among them.
            let currents = RandomCircuit.currents(stepCount: 4 / io, channels: io, seed: seed)
            try Self.expectAgreement(SQS(circuit), angles: angles, currents: currents)
        }
    }

    @Test("controls without quantum memory are the reference's")
    func controls() throws {
        let currents = RandomCircuit.currents(stepCount: 4, channels: 1, seed: 3)
        try Self.expectAgreement(LastSpikeFeedback(), angles: [0.7, -1.9, 0.4], currents: currents)
        try Self.expectAgreement(
            LastSpikeFeedback(history: 3), angles: [0.7, -1.9, 0.4, 1.1, -0.3], currents: currents)
        let (circuit, angles) = try RandomCircuit.make(ioQubits: 1, memoryQubits: 2, seed: 5)
        try Self.expectAgreement(MemorylessSQS(circuit), angles: angles, currents: currents)
        for embedding in HiddenStates.Embedding.allCases {
            for count in [1, 3] {
                let model = try HiddenStates(stateCount: count, embedding: embedding)
                let parameters = (0..<model.parameterCount).map { 1.3 * sin(Double(7 * $0 + 1)) }
                try Self.expectAgreement(model, angles: parameters, currents: currents)
            }
        }
    }

    /// Every kind of noise at once, stronger than any device.
    @Test(
        "noise of every kind is the reference's, which has it as Kraus operators",
        arguments: [(1, 1), (1, 2), (2, 1)])
    func noise(io: Int, memory: Int) throws {
        var parameters = NoiseParameters()
        parameters.oneQubitGates = GateNoise(depolarizing: 0.02, duration: 300)
        parameters.oneQubitGates.overRotation = .init(factor: 0.05, offset: 0.03)
        parameters.oneQubitGates.amplitudeDamping = 0.03
        parameters.oneQubitGates.phaseFlip = 0.04
        parameters.twoQubitGates = GateNoise(depolarizing: 0.05, duration: 900)
        parameters.twoQubitGates.overRotation = .init(factor: -0.1, offset: 0.02)
        parameters.twoQubitGates.phaseDamping = 0.06
        parameters.twoQubitGates.bitFlip = 0.02
        parameters.qubits = QubitNoise(
            t1: 20, t2: 15, measurement: 4000, readout: [[0.97, 0.03], [0.08, 0.92]])
        let noise = try NoiseModel(parameters)
        let (circuit, angles) = try RandomCircuit.make(
            ioQubits: io, memoryQubits: memory, gateCount: 8, seed: 21)
        let currents = RandomCircuit.currents(stepCount: 4 / io, channels: io, seed: 21)
        try Self.expectAgreement(SQS(circuit, noise: noise), angles: angles, currents: currents)
    }

    @Test("angles that do not fit and circuits too large to write out are refused, with the number")
    func refusals() throws {
        let circuit = try Ansatz.exchange.circuit()
        #expect(throws: CircuitError.angleCount(circuit: "exchange", found: 1, expected: 5)) {
            try SpikingInstrument(SQS(circuit), angles: [1])
        }
        #expect(throws: NeuronError.self) { try SpikingInstrument(LastSpikeFeedback(), angles: [1, 2]) }
        let large = try Ansatz.exchange.circuit(memoryQubits: 5)
        let error = #expect(throws: NeuronError.self) {
            try SpikingInstrument(
                SQS(large), angles: [Double](repeating: 0, count: large.parameterCount))
        }
        #expect(
            error?.description
                == "circuit 'exchange' has 6 qubits, expected at most 5: maps of density matrices grow as 16^qubits"
        )
    }
}
