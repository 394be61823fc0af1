import LinearAlgebra
import Neurons
import DeviceNoise
import QuantumCircuits

/// What a circuit's measurement and memory amount to before its gates: the observables |s⟩⟨s| ⊗ P, for each spike
/// pattern s and each Pauli string P of the memory, carried back to the start of the step.
struct CircuitObservables {
    private let circuit: Circuit
    private let noise: NoiseModel
    /// Each gate's channel, its noise after it.
    private let channels: [PauliTransferMatrix]
    /// The derivative of each gate's channel with respect to its angle.
    private let slopes: [PauliTransferMatrix]

    /// - Throws: ``NeuronError/analysis(problem:)`` for a circuit with too many qubits.
    init(_ circuit: Circuit, angles: [Double], noise: NoiseModel = .none) throws {
        guard circuit.qubitCount <= SpikingInstrument.maximumQubitCount else {
            throw NeuronError.analysis(
                problem:
                    "circuit '\(circuit.name)' has \(circuit.qubitCount) qubits, expected at most "
                    + "\(SpikingInstrument.maximumQubitCount): maps of density matrices grow as 16^qubits")
        }
        try circuit.check(angles: angles)
        let executed = noise.executed(circuit)
        try executed.check(angles: angles)
        self.circuit = executed
        self.noise = noise
        channels = executed.gates.map { gate in
            noise.noise(after: gate)
                * PauliTransferMatrix(unitary: gate.kind.matrix(angle: gate.angle(in: angles)))
        }
        slopes = executed.gates.map { gate in
            let angle = gate.angle(in: angles)
            return noise.noise(after: gate)
                * PauliTransferMatrix(
                    unitary: gate.kind.matrix(angle: angle),
                    derivative: gate.kind.matrixDerivative(angle: angle))
        }
    }

    /// W_B of ``SpikingInstrument`` for each Pauli string B of the input-output qubits, or its derivative with respect
    /// to one angle, by the product rule over the gates that use it.
    func terms(differentiating parameter: Int? = nil) -> [RealMatrix] {
        guard let parameter else { return terms(of: carriedBack(channels)) }
        var sum = measured()
        sum.coefficients.elements = sum.coefficients.elements.map { _ in 0 }
        for (place, gate) in circuit.gates.enumerated() {
            guard case .parameter(parameter, let scale) = gate.angle else { continue }
            var replaced = channels
            replaced[place] = slopes[place]
            sum.coefficients.add(carriedBack(replaced).coefficients, scale: scale)
        }
        return terms(of: sum)
    }

    private func carriedBack(_ channels: [PauliTransferMatrix]) -> PauliObservables {
        zip(circuit.gates, channels).reversed().reduce(into: measured()) { observables, entry in
            observables.carryBack(through: entry.1, on: entry.0.qubits)
        }
    }

    /// What reads the spikes s, ⊗ P, one column for each s and P. Reading s on one channel is
    /// Σ_r p(s | r) |r⟩⟨r| = ½ (p(s | 0) + p(s | 1)) 1 + ½ (p(s | 0) − p(s | 1)) Z; the memory's noise meanwhile comes before P.
    private func measured() -> PauliObservables {
        let memoryStrings = 1 << (2 * circuit.memoryQubits)
        var coefficients = RealMatrix(
            rowCount: 1 << (2 * circuit.qubitCount), columnCount: circuit.patternCount * memoryStrings)
        for pattern in 0..<circuit.patternCount {
            let projector = (0..<circuit.ioQubits).reduce([1.0]) { coefficients, channel in
                let spike = Instrument.bit(of: channel, in: pattern, channels: circuit.ioQubits) ? 1 : 0
                let readout = noise.readout(channel: channel)
                let (silent, firing) = (readout[true: 0, read: spike], readout[true: 1, read: spike])
                let qubit = [0.5 * (silent + firing), 0, 0, 0.5 * (silent - firing)]
                return coefficients.flatMap { value in qubit.map { value * $0 } }
            }
            for (string, value) in projector.enumerated() {
                for memory in 0..<memoryStrings {
                    coefficients[string * memoryStrings + memory, pattern * memoryStrings + memory] = value
                }
            }
        }
        var observables = PauliObservables(qubitCount: circuit.qubitCount, coefficients: coefficients)
        for qubit in circuit.ioQubits..<circuit.qubitCount {
            let relaxation = noise.noiseDuringMeasurement(qubit: qubit, ioQubits: circuit.ioQubits)
            if !relaxation.isIdentity { observables.carryBack(through: relaxation, on: [qubit]) }
        }
        return observables
    }

    /// The rows of each B as a matrix with rows (s, P) and columns P'.
    private func terms(of observables: PauliObservables) -> [RealMatrix] {
        let memoryStrings = 1 << (2 * circuit.memoryQubits)
        return (0..<1 << (2 * circuit.ioQubits)).map { input in
            var term = RealMatrix(
                rowCount: observables.coefficients.columnCount, columnCount: memoryStrings)
            for row in 0..<term.rowCount {
                for column in 0..<memoryStrings {
                    term[row, column] = observables.coefficients[input * memoryStrings + column, row]
                }
            }
            return term
        }
    }
}
