import Foundation

@testable import Compute
@testable import LocalLearning
@testable import DeviceNoise
@testable import ErrorMitigation
@testable import QuantumCircuits
@testable import Runs
@testable import SpikeTrains
@testable import Networks
@testable import Neurons

/// JSON documents that a user names, read as the commands read them. What a document asks for is done only where it is
/// small: a fuzzer looks for crashes, not for long work.
enum DocumentReaders {
    static func graph(_ path: String) throws {
        let graph = try NetworkGraph.load(path)
        _ = graph.ranks
        _ = graph.isCyclic
        let simulator = SimulatorSize(graph, stepCount: 2, threadCount: 1, precision: .fixed16)
            .memoryCeiling(sampleCount: Count(1), regularizes: true)
        guard graph.networkBytes.value < 1 << 20, simulator.value < 1 << 20 else { return }
        var network = try Network(graph)
        try network.initialize(seed: 1)
        let input = SpikeRaster(
            sampleCount: 1, stepCount: 2, neuronCount: graph.input.neuronCount,
            channelCount: graph.input.channelCount)
        _ = try network.run(input, seed: 1)
    }

    static func circuit(_ path: String) throws {
        let circuit = try Ansatz.load(path).circuit(ioQubits: nil, memoryQubits: nil)
        guard circuit.qubitCount <= 4, circuit.gates.count <= 100, circuit.parameterCount <= 1000 else {
            return
        }
        _ = try circuit.drawing()
        _ = try circuit.openQASM()
        let angles = [Double](repeating: 0.5, count: circuit.parameterCount)
        _ = try Instrument(circuit: circuit, angles: angles)
    }

    static func trace(_ path: String) throws {
        let trace = try NeuronTrace.load(path: path)
        let quantum = trace.cases.compactMap { $0 as? NeuronTrace.Case }
        guard trace.cases.count <= 4, quantum.allSatisfy({ $0.currents.count <= 8 }),
            quantum.allSatisfy({ (try? $0.circuit()).map { $0.qubitCount <= 4 } ?? true })
        else { return }
        _ = try trace.run(path: path)
    }

    static func recipe(_ path: String) throws {
        let recipe = try Recipe.load(path)
        let model = SQS(try Ansatz.exchange.circuit())
        let graph = try recipe.graph(inputCount: 4, classCount: 2, model: model)
        try recipe.checkSizes(graph)
        _ = recipe.trainerBytes(graph)
        _ = try recipe.trainingBytes(graph, threadCount: 2, isOnBackend: true)
        _ = recipe.localCounts(graph, threadCount: 2)?.ledger(sampleCount: recipe.batchSize)
    }

    static func device(_ path: String) throws {
        let model = try Device.load(path).noiseModel(path: path)
        _ = try model.scaled(by: 3)
    }

    static func calibration(_ bytes: [UInt8]) throws {
        _ = try? DeviceConversion(properties: bytes, path: "calibration", selection: .median)
        _ = try DeviceConversion(properties: bytes, path: "calibration", selection: .qubits([0, 1]))
    }

    static func extrapolation(_ path: String) throws {
        let models: [ZeroNoiseExtrapolation.Model] = [
            .linear, .richardson, .polynomial(order: 2), .exponential(asymptote: nil),
        ]
        _ = try ExtrapolationFile.load(path: path).results(models, path: path)
    }
}
