import SQSNN

/// Sixteen neurons at a time.
typealias Lanes = SIMD16<Float>

/// Simulates tiles of 64 adaptive neurons. Compiled are `[2][64]`, the decays β and ρ; the memory is `[2][64]`, V and B.
struct AdaptiveEngine: NeuronEngine {
    private let threshold: Float
    private let strength: Float

    init(_ model: AdaptiveNeuron) {
        threshold = Float(model.threshold)
        strength = Float(model.strength)
    }

    /// What the adjoint keeps of a step: V and B before it.
    static let recordSize = 2 * 16

    func compile(
        _ parameters: BufferView<Float>, to compiled: MutableBufferView<Float>,
        scratch: MutableBufferView<Float>
    ) {
        compiled.copy(parameters)
    }

    func pullBack(
        _ parameters: BufferView<Float>, compiledGradient: MutableBufferView<Float>,
        to gradient: MutableBufferView<Float>, scratch: MutableBufferView<Float>
    ) {
        gradient.add(compiledGradient.view)
    }

    func step(_ pass: NeuronStepPass) {
        for sample in 0..<pass.window.sampleCount {
            for lanes in pass.window.groups { step(pass, sample, lanes) }
        }
    }

    private func step(_ pass: NeuronStepPass, _ sample: Int, _ lanes: Int) {
        let decays = Decays(pass.compiled, lanes)
        var state = State(pass.memoryBefore?.part(sample, size: 2 * tileWidth), lanes)
        for step in 0..<pass.window.stepCount {
            let element = pass.window.element(sample: sample, step: step, lanes: lanes)
            let before = state.integrate(pass.currents[lanes: element], decays)
            let spikes = Lanes(repeating: 0).replacing(with: 1, where: margin(before) .> 0)
            state.fire(spikes, threshold)
            pass.setSpikes(spikes, sample: sample, step: step, lanes: lanes)
            pass.firing?[lanes: element] = spikes
            pass.addActivity(before.potential, sample: sample, step: step, lanes: lanes)
        }
        if let memory = pass.memoryAfter?.part(sample, size: 2 * tileWidth) {
            memory[lanes: lanes] = state.potential
            memory[lanes: tileWidth + lanes] = state.adaptation
        }
    }

    func adjoint(_ pass: NeuronAdjointPass) {
        for sample in 0..<pass.window.sampleCount {
            for lanes in pass.window.groups { adjoint(pass, sample, lanes) }
        }
    }

    private func adjoint(_ pass: NeuronAdjointPass, _ sample: Int, _ lanes: Int) {
        let decays = Decays(pass.compiled, lanes)
        var state = State(pass.memoryBefore?.part(sample, size: 2 * tileWidth), lanes)
        for step in 0..<pass.window.stepCount {
            let record = pass.scratch.part(step, size: Self.recordSize)
            record[lanes: 0] = state.potential
            record[lanes: 16] = state.adaptation
            let element = pass.window.element(sample: sample, step: step, lanes: lanes)
            _ = state.integrate(pass.currents[lanes: element], decays)
            state.fire(pass.spikes(sample: sample, step: step, lanes: lanes), threshold)
        }
        let memoryErrors = pass.memoryErrors?.part(sample, size: 2 * tileWidth)
        // ∂L/∂V and ∂L/∂B after the step at hand; the spikes are constants.
        var errors = State(memoryErrors?.view, lanes)
        var gradient = Decays(pass.compiledGradient.view, lanes)
        for step in (0..<pass.window.stepCount).reversed() {
            let before = State(record: pass.scratch.part(step, size: Self.recordSize).view)
            let element = pass.window.element(sample: sample, step: step, lanes: lanes)
            var state = before
            let inside = state.integrate(pass.currents[lanes: element], decays)
            let ofSpike = pass.errors[lanes: element] * slope(margin(inside))
            let ofPotential =
                errors.potential + ofSpike
                + pass.price(of: inside.potential, sample: sample, step: step, lanes: lanes)
            let ofAdaptation = errors.adaptation - strength * ofSpike
            gradient.membrane += ofPotential * before.potential
            gradient.adaptation += ofAdaptation * before.adaptation
            pass.errors[lanes: element] = ofPotential
            errors.potential = decays.membrane * ofPotential
            errors.adaptation = decays.adaptation * ofAdaptation
        }
        pass.compiledGradient[lanes: lanes] = gradient.membrane
        pass.compiledGradient[lanes: tileWidth + lanes] = gradient.adaptation
        memoryErrors?[lanes: lanes] = errors.potential
        memoryErrors?[lanes: tileWidth + lanes] = errors.adaptation
    }

    func memory(_ carried: BufferView<Float>, lane: Int) -> [Float] {
        [carried[lane], carried[tileWidth + lane]]
    }

    /// How far above its threshold a neuron is.
    private func margin(_ state: State) -> Lanes {
        state.potential - threshold - strength * state.adaptation
    }

    /// ∂S/∂U of the arctan surrogate with α = 2: 1 / (1 + (π x)²).
    private func slope(_ margin: Lanes) -> Lanes {
        let scaled = Float.pi * margin
        return 1 / (1 + scaled * scaled)
    }
}

private struct Decays {
    var membrane: Lanes
    var adaptation: Lanes

    init(_ compiled: BufferView<Float>, _ lanes: Int) {
        membrane = compiled[lanes: lanes]
        adaptation = compiled[lanes: tileWidth + lanes]
    }
}

/// U and A, or V and B.
private struct State {
    var potential = Lanes()
    var adaptation = Lanes()

    init(_ memory: BufferView<Float>?, _ lanes: Int) {
        guard let memory else { return }
        potential = memory[lanes: lanes]
        adaptation = memory[lanes: tileWidth + lanes]
    }

    init(record: BufferView<Float>) {
        potential = record[lanes: 0]
        adaptation = record[lanes: 16]
    }

    /// - Returns: the state between input and spike.
    mutating func integrate(_ current: Lanes, _ decays: Decays) -> State {
        potential = decays.membrane * potential + current
        adaptation = decays.adaptation * adaptation
        return self
    }

    mutating func fire(_ spikes: Lanes, _ threshold: Float) {
        potential -= threshold * spikes
        adaptation += spikes
    }
}
