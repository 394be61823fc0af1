import QuantumCircuits

/// The stochastic quantum spiking neuron with the density matrix of all its qubits.
///
/// A step takes the memory σ to ρ = U(z,θ) (|0…0⟩⟨0…0| ⊗ σ) U(z,θ)†, with U(z,θ) = V(θ) (⊗RX(π z_n) ⊗ 1) (4); the
/// input-output qubits are measured, p(s) = tr (⟨s| ρ |s⟩) (6); the memory collapses to ⟨s| ρ |s⟩ / p(s) (7), and
/// goes on with fresh input-output qubits (8). Derivatives of ρ are propagated along with it, one for
/// each variable. Since all of ρ is kept, noise is one more linear map on it after each gate.
struct DensityMatrixReference {
    let circuit: Circuit
    /// Whether the memory starts every step in |0…0⟩.
    let forgets: Bool
    /// V(θ).
    private let unitary: ComplexMatrix
    /// ∂V/∂θ_k.
    private let unitaryDerivatives: [ComplexMatrix]

    init(circuit: Circuit, angles: [Double], forgets: Bool) throws {
        self.circuit = circuit
        self.forgets = forgets
        unitary = try circuit.unitary(angles: angles)
        unitaryDerivatives = try angles.indices.map {
            try circuit.unitaryDerivative(angles: angles, parameter: $0)
        }
    }

    /// A density matrix and its derivative with respect to each variable; nil is zero.
    private struct State {
        var matrix: ComplexMatrix
        var slopes: [ComplexMatrix?]
    }

    func steps(
        currents: [[Double]], spikes: [[Int]], variables: [ReferenceVariable]
    ) -> [ReferenceStep] {
        var ground = ComplexMatrix(rowCount: circuit.memoryDimension, columnCount: circuit.memoryDimension)
        ground[0, 0] = .one
        let fresh = State(matrix: ground, slopes: variables.map { _ in nil })
        var memory = fresh
        return currents.indices.map { step in
            let register = evolved(
                forgets ? fresh : memory, currents: currents[step], step: step, variables: variables)
            let probabilities = (0..<circuit.patternCount).map { probability(of: $0, in: register) }
            let pattern = Instrument.pattern(spikes[step])
            memory = collapsed(register, to: pattern, probability: probabilities[pattern])
            return ReferenceStep(
                probability: probabilities[pattern],
                firing: (0..<circuit.ioQubits).map { firing(of: $0, probabilities) },
                memoryBloch: (0..<circuit.memoryQubits).map { bloch(of: $0, in: memory.matrix) })
        }
    }

    /// ρ = U (|0…0⟩⟨0…0| ⊗ σ) U† and its slopes, by the product rule.
    private func evolved(
        _ memory: State, currents: [Double], step: Int, variables: [ReferenceVariable]
    ) -> State {
        let embedding = embedding(of: currents, differentiating: nil)
        let stepUnitary = unitary * embedding
        let backward = stepUnitary.adjoint
        let before = withFreshInputs(memory.matrix)
        let slopes = zip(variables, memory.slopes).map { variable, memorySlope -> ComplexMatrix? in
            var slope: ComplexMatrix?
            let derivative: ComplexMatrix? =
                switch variable {
                case .angle(let index): unitaryDerivatives[index] * embedding
                case .current(step, let channel) where currents[channel] > 0:
                    unitary * self.embedding(of: currents, differentiating: channel)
                case .current: nil
                }
            if let derivative {
                let half = derivative * before * backward
                slope = half + half.adjoint
            }
            if let memorySlope {
                let carried = stepUnitary * withFreshInputs(memorySlope) * backward
                slope = slope.map { $0 + carried } ?? carried
            }
            return slope
        }
        return State(matrix: stepUnitary * before * backward, slopes: slopes)
    }

    /// ⊗RX(π z_n) ⊗ 1 over the channels with a positive current, or its derivative with respect to the current of
    /// one channel.
    private func embedding(of currents: [Double], differentiating channel: Int?) -> ComplexMatrix {
        let rotations = currents.enumerated().map { index, current -> ComplexMatrix in
            guard let rotation = ReferenceNeuron.rotation(of: current) else {
                return ComplexMatrix.identity(2)
            }
            // The chain rule: the rotation turns π times as fast as the current.
            return index == channel
                ? .pi * GateKind.rx.matrixDerivative(angle: rotation) : GateKind.rx.matrix(angle: rotation)
        }
        let untouched = ComplexMatrix.identity(circuit.memoryDimension)
        return rotations.reversed().reduce(untouched) { product, rotation in rotation.tensor(product) }
    }

    /// |0…0⟩⟨0…0| ⊗ σ.
    private func withFreshInputs(_ memory: ComplexMatrix) -> ComplexMatrix {
        var inputs = ComplexMatrix(rowCount: circuit.patternCount, columnCount: circuit.patternCount)
        inputs[0, 0] = .one
        return inputs.tensor(memory)
    }

    /// ⟨s| ρ |s⟩, a matrix of the memory.
    private func projected(_ register: ComplexMatrix, onto pattern: Int) -> ComplexMatrix {
        register.block(row: pattern, column: pattern, size: circuit.memoryDimension)
    }

    private func probability(of pattern: Int, in register: State) -> Differentiated {
        func trace(_ matrix: ComplexMatrix) -> Double { projected(matrix, onto: pattern).trace.real }
        return Differentiated(
            value: trace(register.matrix), slopes: register.slopes.map { $0.map(trace) ?? 0 })
    }

    /// The memory after the spikes: B/p with B = ⟨s| ρ |s⟩, and (dB − (B/p) dp)/p.
    private func collapsed(
        _ register: State, to pattern: Int, probability: Differentiated
    ) -> State {
        let scale = 1 / probability.value
        let matrix = scale * projected(register.matrix, onto: pattern)
        let slopes = zip(register.slopes, probability.slopes).map { slope, probabilitySlope in
            slope.map { scale * (projected($0, onto: pattern) - probabilitySlope * matrix) }
        }
        return State(matrix: matrix, slopes: slopes)
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
            })
    }

    /// tr(σ P) with each Pauli matrix P on one memory qubit.
    private func bloch(of qubit: Int, in memory: ComplexMatrix) -> [Double] {
        let before = ComplexMatrix.identity(1 << qubit)
        let after = ComplexMatrix.identity(1 << (circuit.memoryQubits - 1 - qubit))
        return [Pauli.x, Pauli.y, Pauli.z].map { (memory * before.tensor($0).tensor(after)).trace.real }
    }
}
