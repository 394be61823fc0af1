import DeviceNoise
import QuantumCircuits

/// The stochastic quantum spiking neuron with the density matrix of all its qubits, on a device with or without noise.
///
/// A step takes the memory σ to ρ = |0…0⟩⟨0…0| ⊗ σ, then gate by gate through RX(π z_n) on each input-output qubit with a
/// positive current (4) and the circuit V(θ), every gate ρ → G ρ G† followed by its noise ρ → Σ K ρ K†. The input-output qubits
/// are measured, and read with error: p(s) = tr B_s, B_s = Σ_r readout[r][s] ⟨r| ρ |r⟩ (6). The memory collapses to B_s / p(s) (7), relaxes
/// meanwhile, and goes on with fresh input-output qubits (8). Derivatives of ρ are propagated along with it, one for each variable.
struct DensityMatrixReference: ReferenceDynamics {
    let circuit: Circuit
    /// The gates, by the angles that the device turns.
    private let executed: Circuit
    private let angles: [Double]
    /// Whether the memory starts every step in |0…0⟩.
    let forgets: Bool
    let noise: NoiseModel

    init(circuit: Circuit, angles: [Double], forgets: Bool, noise: NoiseModel = .none) throws {
        try circuit.check(angles: angles)
        try noise.check(circuit)
        self.circuit = circuit
        self.angles = angles
        self.forgets = forgets
        self.noise = noise
        executed = noise.executed(circuit)
        try executed.check(angles: angles)
    }

    func steps(
        currents: [[Double]], spikes: [[Int]], variables: [ReferenceVariable]
    ) -> [ReferenceStep] {
        var ground = ComplexMatrix(rowCount: circuit.memoryDimension, columnCount: circuit.memoryDimension)
        ground[0, 0] = .one
        let fresh = DensityMatrix(matrix: ground, slopes: variables.map { _ in nil })
        var memory = fresh
        return currents.indices.map { step in
            let register = evolved(
                forgets ? fresh : memory, currents: currents[step], step: step, variables: variables)
            let collapsed = (0..<circuit.patternCount).map { unnormalized(register, readAs: $0) }
            let probabilities = collapsed.map(\.trace.probability)
            let pattern = Instrument.pattern(spikes[step])
            memory = collapsed[pattern].normalized
            for qubit in circuit.ioQubits..<circuit.qubitCount {
                let channels = noise.channelsDuringMeasurement(qubit: qubit, ioQubits: circuit.ioQubits)
                for placement in channels {
                    memory.apply(placement.channel, to: [qubit - circuit.ioQubits], of: circuit.memoryQubits)
                }
            }
            return ReferenceStep(
                probability: probabilities[pattern], patterns: probabilities.map(\.value),
                firing: (0..<circuit.ioQubits).map { firing(of: $0, probabilities) },
                memory: (0..<circuit.memoryQubits).flatMap { bloch(of: $0, in: memory.matrix) })
        }
    }

    /// |0…0⟩⟨0…0| ⊗ σ after the embedding, the circuit, and their noise.
    private func evolved(
        _ memory: DensityMatrix, currents: [Double], step: Int, variables: [ReferenceVariable]
    ) -> DensityMatrix {
        var inputs = ComplexMatrix(rowCount: circuit.patternCount, columnCount: circuit.patternCount)
        inputs[0, 0] = .one
        var register = memory.mapped { inputs.tensor($0) }
        for (channel, current) in currents.enumerated() {
            guard let rotation = ReferenceNeuron.rotation(of: current) else { continue }
            let factor = noise.embeddingFactor(channel: channel)
            let angle = factor * rotation
            register.apply(
                GateKind.rx.matrix(angle: angle), to: [channel], of: circuit.qubitCount,
                // The chain rule: the rotation turns π times as fast as the current.
                derivative: factor * .pi * GateKind.rx.matrixDerivative(angle: angle),
                by: variables.firstIndex(of: .current(step: step, channel: channel)))
            apply(noise.channelsAfterEmbedding(channel: channel), to: &register)
        }
        for gate in executed.gates {
            let angle = gate.angle(in: angles)
            var (variable, scale) = (Int?.none, 0.0)
            if case .parameter(let index, let factor) = gate.angle {
                (variable, scale) = (variables.firstIndex(of: .parameter(index)), factor)
            }
            register.apply(
                gate.kind.matrix(angle: angle), to: gate.qubits, of: circuit.qubitCount,
                derivative: scale * gate.kind.matrixDerivative(angle: angle), by: variable)
            apply(noise.channels(after: gate), to: &register)
        }
        return register
    }

    private func apply(_ channels: [NoiseModel.Placement], to register: inout DensityMatrix) {
        for placement in channels {
            register.apply(placement.channel, to: placement.qubits, of: circuit.qubitCount)
        }
    }

    /// B_s = Σ_r readout[r][s] ⟨r| ρ |r⟩, a matrix of the memory.
    private func unnormalized(_ register: DensityMatrix, readAs pattern: Int) -> DensityMatrix {
        func bit(_ channel: Int, in pattern: Int) -> Int {
            Instrument.bit(of: channel, in: pattern, channels: circuit.ioQubits) ? 1 : 0
        }
        let probabilities = (0..<circuit.patternCount).map { truth in
            (0..<circuit.ioQubits).reduce(1.0) { product, channel in
                product
                    * noise.readout(channel: channel)[
                        true: bit(channel, in: truth), read: bit(channel, in: pattern)]
            }
        }
        return register.mapped { matrix in
            var sum = ComplexMatrix(rowCount: circuit.memoryDimension, columnCount: circuit.memoryDimension)
            for (truth, probability) in probabilities.enumerated() where probability > 0 {
                sum += probability * matrix.block(row: truth, column: truth, size: circuit.memoryDimension)
            }
            return sum
        }
    }

    /// The probability that a channel fires: the sum over all patterns in which it does.
    private func firing(of channel: Int, _ probabilities: [Differentiated]) -> Differentiated {
        let patterns = probabilities.indices.filter {
            Instrument.bit(of: channel, in: $0, channels: circuit.ioQubits)
        }
        return Differentiated(
            value: patterns.reduce(0) { $0 + probabilities[$1].value },
            slopes: probabilities[0].slopes.indices.map { variable in
                patterns.reduce(0) { $0 + probabilities[$1].slopes[variable] }
            }
        ).probability
    }

    /// tr(σ P) with each Pauli matrix P on one memory qubit.
    private func bloch(of qubit: Int, in memory: ComplexMatrix) -> [Double] {
        let before = ComplexMatrix.identity(1 << qubit)
        let after = ComplexMatrix.identity(1 << (circuit.memoryQubits - 1 - qubit))
        return [Pauli.x, Pauli.y, Pauli.z].map { (memory * before.tensor($0).tensor(after)).trace.real }
    }
}
