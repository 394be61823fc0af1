import DeviceNoise
import LocalLearning
import Neurons
import QuantumCircuits

/// Networks that take another path through the library than the default workload, in the order of the table.
public enum PathName: String, Sendable, Hashable, Codable, CaseIterable {
    /// Hidden neurons feed each other, so that all populations of the cycle go step by step.
    case recurrent
    /// 80 steps of sparse input, as an event camera gives.
    case longSparse = "long-sparse"
    /// N = 2: two input-output qubits a neuron.
    case twoChannels = "two-channels"
    /// A circuit whose amplitudes are complex.
    case complex
    /// Density matrices of two qubits, on a device with noise.
    case noisyOneMemory = "noisy-1"
    /// The same with two memory qubits.
    case noisyTwoMemories = "noisy-2"
    case lif
    case qlif
    case localExact = "local-exact"
    case localConditional = "local-conditional"
    /// 100,000 hidden neurons, whose weights fit no cache.
    case wide
    /// One sample, step by step as its spikes arrive.
    case stream

    /// What is measured of the path; a network trained by the local rule infers as any other does.
    public var scenarios: [ScenarioName] {
        switch self {
        case .localExact, .localConditional: [.trainingStep]
        case .stream: [.inferenceSingle]
        default: [.trainingStep, .inferenceBatch]
        }
    }

    public func workload(threadCount: Int) throws -> Workload {
        var workload = Workload(model: try model())
        workload.threadCount = threadCount
        switch self {
        case .recurrent: workload.recurrence = 0.1
        case .longSparse:
            workload.inputCount = 676
            workload.hiddenCount = 256
            workload.stepCount = 80
            workload.batchSize = 64
            workload.density = 0.01
        case .localExact, .localConditional:
            workload.inputCount = 256
            workload.hiddenCount = 64
            workload.stepCount = 10
            workload.batchSize = 100
            workload.localRule = LocalRule(estimator: self == .localExact ? .exact : .conditional)
        case .wide:
            workload.hiddenCount = 100_000
            workload.batchSize = 64
        case .stream:
            workload.batchSize = 1
            workload.threadCount = 1
        case .twoChannels, .complex, .noisyOneMemory, .noisyTwoMemories, .lif, .qlif: break
        }
        return workload
    }

    private func model() throws -> any NeuronModel {
        switch self {
        case .twoChannels: SQS(try Ansatz.exchange.circuit(ioQubits: 2))
        case .complex: SQS(try Ansatz.partialSwap.circuit())
        case .noisyOneMemory, .noisyTwoMemories:
            SQS(
                try Ansatz.exchange.circuit(memoryQubits: self == .noisyOneMemory ? 1 : 2),
                noise: try NoiseModel(Device.eagle.noise))
        // The surrogate of the peer.
        case .lif: try LIF(surrogate: .fastSigmoid())
        case .qlif: try QLIF()
        default: SQS(try Ansatz.exchange.circuit())
        }
    }
}

extension PathName {
    /// What else does the same work; nil where we know of nothing.
    public var peer: String? {
        switch self {
        case .recurrent: "PyTorch, step by step"
        case .longSparse, .wide: "PyTorch"
        case .stream: "PyTorch, batch 1"
        case .lif: "snnTorch"
        case .twoChannels, .complex, .noisyOneMemory, .noisyTwoMemories:
            "Qiskit Aer, PennyLane: single neurons"
        case .qlif, .localExact, .localConditional: nil
        }
    }

    /// What a scenario should reach on the path; `Benchmarks/README.md` says what each goal rests on.
    func goal(_ scenario: ScenarioName) -> Goal {
        let isTraining = scenario == .trainingStep
        return switch self {
        case .recurrent, .wide: scenario.goal
        case .longSparse: .timesPeer(12)
        case .twoChannels: .ratePerThread(isTraining ? 18e6 : 45e6)
        case .complex: .ratePerThread(isTraining ? 24e6 : 60e6)
        case .noisyOneMemory: .ratePerThread(isTraining ? 14e6 : 38e6)
        case .noisyTwoMemories: .ratePerThread(isTraining ? 4e6 : 11e6)
        case .lif: .timesPeer(isTraining ? 5 : 6, name: "snnTorch")
        case .qlif: .ratePerThread(isTraining ? 25e6 : 60e6)
        case .localExact: .ratePerThread(8e6)
        case .localConditional: .ratePerThread(0.9e6)
        case .stream: .seconds(225e-6)
        }
    }
}
