import Compute
import QuantumCircuits
import Testing

@testable import Neurons

/// Expected values: the reference of each model, and central differences of that; see ``NeuronCheck``.
struct NeuronCheckTests {
    private static func expectPass(_ check: NeuronCheck, _ comment: String = "") {
        #expect(check.passed, "\(comment) \(check.failures)")
    }

    static let thresholdNeurons: [any NeuronModel] =
        PotentialReset.allCases.flatMap { reset in
            LIFReferenceTests.surrogates.compactMap {
                try? LIF(learnsDecay: true, learnsThreshold: true, reset: reset, surrogate: $0)
            }
                + [
                    try? LIF(learnsDecay: true, learnsThreshold: true, reset: reset, regularized: .clipped)
                ].compactMap { $0 }
        } + [try? LIF(learnsThreshold: true), try? LIF()].compactMap { $0 }
        + SpikeAftermath.allCases.flatMap { aftermath in
            SpikeGradient.allCases.compactMap {
                try? QLIF(
                    threshold: 0.6, beta: 150, relaxationTime: 60, aftermath: aftermath, spikeGradient: $0)
            }
        }

    @Test(
        "engines of threshold neurons are their references, at any level and number of neurons",
        arguments: thresholdNeurons, [1, 15, 16, 17, 64, 70])
    func thresholds(model: any NeuronModel, neuronCount: Int) throws {
        for level in InstructionSet.allCases where level <= .best {
            let check = try NeuronCheck(
                of: model, neuronCount: neuronCount, stepCount: 11, instructionSet: level,
                gradientTolerance: 1e-5)
            Self.expectPass(check, "\(model.title), \(level)")
        }
    }

    @Test(
        "engines of neurons that draw their spikes are their references",
        arguments: PopulationCase.circuits(stepCount: 5) + PopulationCase.controls(stepCount: 5)
            + PopulationCase.otherShapes(stepCount: 4))
    func quantum(test: PopulationCase) throws {
        let isLarge = (test.model.circuit?.qubitCount ?? 0) > 3
        for range: ClosedRange<Float> in [-0.5...1.2, -10...40] {
            let check = try NeuronCheck(
                of: test.model, neuronCount: 17, sampleCount: isLarge ? 1 : 2, stepCount: test.stepCount,
                currents: range, seed: test.seed)
            Self.expectPass(check, "\(test.name), \(range)")
        }
    }

    @Test(
        "engines of noisy neurons are their references",
        arguments: NoisyCase.kernels(neuronCount: 17, sampleCount: 1, stepCount: 4))
    func noisy(test: PopulationCase) throws {
        // Single precision leaves out patterns less likely than 2^-16.
        Self.expectPass(
            try NeuronCheck(of: test.model, sampleCount: 1, stepCount: 4, tolerance: 2e-5), test.name)
    }

    /// The check that all models stand on must itself be able to fail.
    @Test("an engine that does one thing wrong is found out", arguments: Fault.allCases)
    func fails(fault: Fault) throws {
        let check = try NeuronCheck(of: FaultyNeuron(fault: fault))
        #expect(!check.passed)
        #expect(Set(check.failures.map(\.quantity)) == fault.quantities, "\(check)")
    }

    @Test("the report names the worst place")
    func report() throws {
        let check = try NeuronCheck(of: FaultyNeuron(fault: .firing))
        #expect("\(check)".contains("firing: differ, at worst at neuron 0, sample 0, step 0: found 0.5"))
    }
}

/// What an engine can do wrong.
enum Fault: String, Codable, CaseIterable {
    case firing, sums, memory, carried, stray, currents, parameters, slopes

    /// What ``NeuronCheck`` then says.
    var quantities: Set<String> {
        switch self {
        case .firing: ["firing", "spikes"]
        case .sums: ["activity sums"]
        case .memory: ["memory"]
        case .carried: ["spikes in windows"]
        case .stray: ["lanes past the last neuron", "spikes in windows"]
        case .currents: ["gradient of currents"]
        case .parameters: ["gradient of parameters"]
        case .slopes: ["slopes of the reference", "gradient of currents"]
        }
    }
}

private struct FaultyNeuron: NeuronModel {
    static let kind = "faulty"
    let fault: Fault

    private var sound: LIF {
        get throws { try LIF(learnsDecay: true) }
    }

    var channelCount: Int { 1 }
    var memoryNames: [String] { ["potential"] }
    var parameterGroups: [ParameterGroup] { (try? sound.parameterGroups) ?? [] }

    func reference(_ parameters: [Double]) throws -> any ReferenceDynamics {
        let reference = try sound.reference(parameters)
        return fault == .slopes ? FaultyReference(sound: reference) : reference
    }

    func engineSize(stepCount: Int) -> EngineSize {
        (try? sound.engineSize(stepCount: stepCount)) ?? EngineSize(compiled: 0, memory: 0)
    }

    func engine(_ instructionSet: InstructionSet) -> any NeuronEngine {
        guard let sound = try? sound else { preconditionFailure("the usual neuron is one") }
        return FaultyEngine(sound: sound.engine(instructionSet), fault: fault)
    }
}

private struct FaultyReference: ReferenceDynamics {
    let sound: any ReferenceDynamics

    func steps(
        currents: [[Double]], spikes: [[Int]], variables: [ReferenceVariable]
    ) throws -> [ReferenceStep] {
        var steps = try sound.steps(currents: currents, spikes: spikes, variables: variables)
        if let last = variables.indices.last { steps[steps.count - 1].firing[0].slopes[last] += 1 }
        return steps
    }

    func ownSpikes(currents: [[Double]]) -> [[Int]]? { sound.ownSpikes(currents: currents) }
}

private struct FaultyEngine: NeuronEngine {
    let sound: any NeuronEngine
    let fault: Fault

    func compile(
        _ parameters: BufferView<Float>, to compiled: MutableBufferView<Float>,
        scratch: MutableBufferView<Float>
    ) {
        sound.compile(parameters, to: compiled, scratch: scratch)
    }

    func step(_ pass: NeuronStepPass) {
        var pass = pass
        if fault == .carried { pass.memoryBefore = nil }
        sound.step(pass)
        switch fault {
        case .firing: pass.firing?[0] = 0.5
        case .sums: pass.activitySums?[16] += 1
        case .stray: pass.spikes[0] |= 1 << 63
        default: break
        }
    }

    func adjoint(_ pass: NeuronAdjointPass) {
        sound.adjoint(pass)
        if fault == .currents { pass.errors[0] += 0.1 }
    }

    func pullBack(
        _ parameters: BufferView<Float>, compiledGradient: MutableBufferView<Float>,
        to gradient: MutableBufferView<Float>, scratch: MutableBufferView<Float>
    ) {
        sound.pullBack(parameters, compiledGradient: compiledGradient, to: gradient, scratch: scratch)
        if fault == .parameters { gradient[0] += 1 }
    }

    func memory(_ carried: BufferView<Float>, lane: Int) -> [Float] {
        sound.memory(carried, lane: lane).map { $0 + (fault == .memory ? 1 : 0) }
    }
}
