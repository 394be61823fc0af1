import DeviceNoise
import Glibc
import LinearAlgebra
import Neurons
import QuantumCircuits

/// A neuron as an instrument: for each spike pattern a linear map of the state of its memory, at given currents.
///
/// The state is a real vector r whose first number is the probability of everything that has happened so far. For a
/// quantum memory it is the Pauli vector r_P = tr(P σ) of the unnormalised density matrix σ, 4^M_q numbers; for classical states
/// their probabilities in another basis, of the last spike of `LastSpikeFeedback` (1, ⟨Z⟩). A step with spikes s is
///
///     r ← Σ_B b_B(φ) W_{s,B} r,   b(φ) = ⊗_n (1, 0, −sin φ_n, cos φ_n),
///
/// with b the Pauli vector of the input-output qubits after the embedding, affine in sin φ and cos φ, and W computed
/// once for the angles: equations (4) to (8) of arXiv:2506.21324, for density matrices. Noise is another W, and a map of
/// each channel's factor of b where a rotation is applied, so that every question asked through this type has an answer
/// under noise.
public struct SpikingInstrument: Sendable {
    /// The most qubits whose maps are written out: 2 × 4⁹ numbers with one channel, 8 MiB at four memory qubits.
    public static let maximumQubitCount = 5

    /// N.
    public let channelCount: Int
    /// M_q; 0 for a neuron without quantum memory.
    public let memoryQubits: Int
    /// The state that a run begins with.
    package let ground: [Double]
    /// W_B, one for each Pauli string B of the input-output qubits: rows (s, i), columns j.
    package let terms: [RealMatrix]
    private let noise: NoiseModel
    /// What noise does to each channel's qubit after its rotation; nil for nothing. Kept, for embeddings are made at every step.
    private let embeddingNoise: [PauliTransferMatrix?]

    private init(
        channelCount: Int, memoryQubits: Int, ground: [Double], terms: [RealMatrix],
        noise: NoiseModel = .none
    ) {
        self.channelCount = channelCount
        self.memoryQubits = memoryQubits
        self.ground = ground
        self.terms = terms
        self.noise = noise
        embeddingNoise = (0..<channelCount).map { channel in
            let map = noise.noiseAfterEmbedding(channel: channel)
            return map.isIdentity ? nil : map
        }
    }

    /// The instrument of a neuron at given angles.
    ///
    /// - Throws: `CircuitError` for angles that do not fit; `NoiseError` for a circuit that does not fit the noisy device;
    ///   `NeuronError.analysis` for a model that is no `InstrumentNeuron`, and for a circuit of more than ``maximumQubitCount`` qubits;
    ///   `NeuronError/notFinite(_:)` for maps that are no numbers.
    /// - Complexity: 16 × 4^(N + M_q) × 2^N 4^M_q products a gate at most, most of them with zeros that are left out.
    public init(_ model: any NeuronModel, angles: [Double]) throws {
        self = try model.instruments(angles: angles, by: [nil])[0]
        guard terms.allSatisfy({ $0.elements.allSatisfy(\.isFinite) }) else {
            throw NeuronError.notFinite("map of a step of the neuron's memory")
        }
    }

    /// The derivatives of the maps with respect to each angle, as instruments with the same states.
    static func derivatives(of model: any NeuronModel, angles: [Double]) throws -> [SpikingInstrument] {
        try model.instruments(angles: angles, by: Array(angles.indices))
    }

    fileprivate init(_ circuit: Circuit, terms: [RealMatrix], noise: NoiseModel = .none) {
        // |0⟩⟨0| has the Pauli vector (1, 0, 0, 1).
        let ground = (0..<circuit.memoryQubits).reduce([1.0]) { ground, _ in
            ground.flatMap { value in [1, 0, 0, 1].map { value * $0 } }
        }
        self.init(
            channelCount: circuit.ioQubits, memoryQubits: circuit.memoryQubits, ground: ground, terms: terms,
            noise: noise)
    }

    /// The memory put back to its ground state at every step: nothing is left of it but the probability.
    fileprivate func withoutMemory() -> SpikingInstrument {
        let dimension = stateDimension
        return SpikingInstrument(
            channelCount: channelCount, memoryQubits: 0, ground: [1],
            terms: terms.map { term in
                let images = term * ground
                return RealMatrix(
                    rowCount: patternCount, columnCount: 1,
                    elements: (0..<patternCount).map { images[$0 * dimension] })
            })
    }

    /// A neuron with classical states, in one of which it always is: transitions as functions of cos φ and sin φ.
    ///
    /// The state is r = B π of the probabilities π, B's rows being orthogonal, of squared length D, and the first of them all ones: so
    /// that the first number is the probability of what has happened, and |r|²/D = Σ π², which is 1 where the state is known.
    ///
    /// - Parameters:
    ///   - transitions: the coefficients of 1, −sin φ and cos φ, `[form][spike · D + next][state]`; the neuron begins in state 0.
    fileprivate init(stateCount count: Int, transitions: [[[Double]]]) {
        let basis = ClassicalStates(count)
        let silent = RealMatrix(rowCount: 2 * count, columnCount: count)
        var terms = [silent, silent, silent, silent]
        for (form, term) in zip(transitions, [0, 2, 3]) {
            for spike in 0..<2 {
                for row in 0..<count {
                    for column in 0..<count {
                        var sum = 0.0
                        for next in 0..<count {
                            for state in 0..<count {
                                sum +=
                                    basis[row, next] * form[spike * count + next][state]
                                    * basis[column, state]
                            }
                        }
                        terms[term][spike * count + row, column] = sum / Double(count)
                    }
                }
            }
        }
        self.init(
            channelCount: 1, memoryQubits: 0, ground: (0..<count).map { basis[$0, 0] }, terms: terms)
    }

    /// Spike patterns of one step, 2^N.
    public var patternCount: Int { 1 << channelCount }

    /// Numbers of a state.
    public var stateDimension: Int { ground.count }
}

extension SpikingInstrument {
    /// b, the Pauli vector of the input-output qubits after the embedding of the currents, 4^N numbers.
    package func embedding(of currents: [Double]) -> [Double] {
        precondition(currents.count == channelCount, "one current for each channel")
        if channelCount == 1 { return qubit(of: currents[0], channel: 0) }
        return currents.enumerated().reduce([1.0]) { vector, entry in
            let qubit = qubit(of: entry.element, channel: entry.offset)
            return vector.flatMap { value in qubit.map { value * $0 } }
        }
    }

    /// The Pauli vector of one input-output qubit; a rotation that is not applied makes no noise.
    private func qubit(of current: Double, channel: Int) -> [Double] {
        guard let rotation = ReferenceNeuron.rotation(of: current) else { return [1, 0, 0, 1] }
        let angle = noise.embeddingFactor(channel: channel) * rotation
        let embedded = [1, 0, -sin(angle), cos(angle)]
        guard let map = embeddingNoise[channel] else { return embedded }
        return (0..<4).map { row in (0..<4).reduce(0) { $0 + map[row, $1] * embedded[$1] } }
    }

    /// The maps of all spike patterns for an embedded input, one above the other: `2^N D × D`.
    ///
    /// Linear in the input, so that the mean over random inputs is the map of the mean input.
    func maps(embedding: [Double]) -> RealMatrix {
        var sum = RealMatrix(rowCount: patternCount * stateDimension, columnCount: stateDimension)
        for (factor, term) in zip(embedding, terms) where factor != 0 { sum.add(term, scale: factor) }
        return sum
    }

    /// The map of a step at given currents for each spike pattern, `D × D`.
    package func maps(currents: [Double]) -> [RealMatrix] {
        let maps = maps(embedding: embedding(of: currents))
        return (0..<patternCount).map { maps.rows($0 * stateDimension..<($0 + 1) * stateDimension) }
    }

    /// The map of one step whose spikes nobody looks at, `D × D`, from the maps of all patterns.
    func unconditioned(_ maps: RealMatrix) -> RealMatrix {
        (1..<patternCount).reduce(into: maps.rows(0..<stateDimension)) { sum, pattern in
            sum.add(maps.rows(pattern * stateDimension..<(pattern + 1) * stateDimension))
        }
    }

    /// The states after one step, one for each spike pattern, from the maps of all patterns.
    func branches(of state: [Double], _ maps: RealMatrix) -> [[Double]] {
        let images = maps * state
        return (0..<patternCount).map { Array(images[$0 * stateDimension..<($0 + 1) * stateDimension]) }
    }

    /// tr σ² of the normalised state: its squared length over that of the ground state, which is pure.
    func purity(of state: [Double]) -> Double {
        func squaredLength(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + $1 * $1 } }
        return squaredLength(state) / (squaredLength(ground) * state[0] * state[0])
    }
}

/// A neuron whose step is an instrument: what can be analysed exactly.
protocol InstrumentNeuron: NeuronModel {
    /// The instrument, and its derivatives by angles.
    ///
    /// - Parameter indices: angles to differentiate by; nil for the instrument itself.
    func instruments(ofChecked angles: [Double], by indices: [Int?]) throws -> [SpikingInstrument]
}

extension NeuronModel {
    fileprivate func instruments(angles: [Double], by indices: [Int?]) throws -> [SpikingInstrument] {
        guard let neuron = self as? any InstrumentNeuron else {
            throw NeuronError.analysis(
                problem:
                    "found model \(kind), which draws no spikes; expected sqs, memoryless, last-spike-feedback or hidden-states"
            )
        }
        // Checks the angles of every model, and circuits against devices.
        _ = try ReferenceNeuron(self, parameters: angles)
        return try neuron.instruments(ofChecked: angles, by: indices)
    }
}

extension CircuitObservables {
    fileprivate func terms(by index: Int?) -> [RealMatrix] {
        index.map { terms(differentiating: $0) } ?? terms()
    }
}

extension SQS: InstrumentNeuron {
    func instruments(ofChecked angles: [Double], by indices: [Int?]) throws -> [SpikingInstrument] {
        let observables = try CircuitObservables(stepCircuit, angles: angles, noise: noise ?? .none)
        return indices.map {
            SpikingInstrument(stepCircuit, terms: observables.terms(by: $0), noise: noise ?? .none)
        }
    }
}

extension MemorylessSQS: InstrumentNeuron {
    func instruments(ofChecked angles: [Double], by indices: [Int?]) throws -> [SpikingInstrument] {
        let observables = try CircuitObservables(stepCircuit, angles: angles)
        return indices.map {
            SpikingInstrument(stepCircuit, terms: observables.terms(by: $0)).withoutMemory()
        }
    }
}

extension LastSpikeFeedback: InstrumentNeuron {
    /// Spikes of a history that are told apart at most: 2^k states.
    static let largestHistory = 6

    /// p(1 | h, φ) = ½ (1 − cos(φ + β_h)) after the last spikes h, the last one the least significant bit, with
    /// β_h = θ_in + θ_mem + Σ_l h_l θ_ent,l.
    func instruments(ofChecked angles: [Double], by indices: [Int?]) throws -> [SpikingInstrument] {
        guard history <= Self.largestHistory else {
            throw NeuronError.analysis(
                problem: "found a history of \(history) spikes, expected at most \(Self.largestHistory)")
        }
        let count = 1 << history
        return indices.map { index in
            var forms = [[[Double]]](
                repeating: [[Double]](
                    repeating: [Double](repeating: 0, count: count), count: 2 * count),
                count: 3)
            for state in 0..<count {
                let bits = (0..<history).map { Double(state >> $0 & 1) }
                let phase =
                    angles[history] + angles[history + 1] + zip(bits, angles).reduce(0) { $0 + $1.0 * $1.1 }
                let slope = index.map { $0 < history ? bits[$0] : 1 }
                // ½ (1 ∓ cos(φ + β)) = ½ (1 ∓ cos β cos φ ± sin β sin φ), and its derivative by β.
                let (constant, ofSine, ofCosine) =
                    slope.map { (0.0, -$0 * cos(phase), $0 * sin(phase)) }
                    ?? (1.0, -sin(phase), -cos(phase))
                for spike in 0..<2 {
                    let next = (2 * state + spike) % count
                    let sign: Double = spike == 1 ? 1 : -1
                    for (form, weight) in [constant, sign * ofSine, sign * ofCosine].enumerated() {
                        forms[form][spike * count + next][state] += weight / 2
                    }
                }
            }
            return SpikingInstrument(stateCount: count, transitions: forms)
        }
    }
}

extension HiddenStates: InstrumentNeuron {
    func instruments(ofChecked parameters: [Double], by indices: [Int?]) throws -> [SpikingInstrument] {
        let law = try HiddenStatesLaw(self, parameters: parameters)
        return indices.map { index in
            let forms: [[[Double]]] = (0..<3).map { form in
                (0..<2 * stateCount).map { outcome in
                    (0..<stateCount).map { state in
                        let (silent, firing) = (
                            law.form(0, outcome, state, by: index), law.form(1, outcome, state, by: index)
                        )
                        // cos² = ½ (1 + cos φ), sin² = ½ (1 − cos φ); the second coefficient is that of −sin φ.
                        return switch form {
                        case 0: (silent + firing) / 2
                        case 1: -law.form(2, outcome, state, by: index)
                        default: (silent - firing) / 2
                        }
                    }
                }
            }
            return SpikingInstrument(stateCount: stateCount, transitions: forms)
        }
    }
}

/// An orthogonal basis of functions of D states, of squared length D, the first of them all ones (the discrete cosine transform).
private struct ClassicalStates {
    private let count: Int

    init(_ count: Int) { self.count = count }

    subscript(_ row: Int, _ state: Int) -> Double {
        row == 0 ? 1 : 2.0.squareRoot() * cos(.pi * Double(row) * (Double(state) + 0.5) / Double(count))
    }
}
