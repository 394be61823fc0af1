import Glibc

/// The step of a neuron as an operation on its memory alone: one Kraus operator for each spike pattern,
///
///     K_s(φ) = Σ_x a_x(φ) V_{s,x},   a_x(φ) = ∏_n (cos φ_n/2 if x_n = 0, −i sin φ_n/2 if x_n = 1),
///
/// with V_{s,x} = (⟨s| ⊗ 1) V (|x⟩ ⊗ 1) a block of the circuit's unitary. A memory σ gives spikes s with
/// probability tr(K_s σ K_s†) and becomes K_s σ K_s† over that: equations (4) to (8) of arXiv:2506.21324 in
/// one, with V computed once for all samples and steps.
///
/// Patterns of N channels are numbers `0 ..< 2^N`, channel 0 the most significant bit.
public struct Instrument: Hashable, Sendable {
    public let ioQubits: Int
    public let memoryQubits: Int
    /// V_{s,x} at index s · 2^N + x.
    private let blocks: [ComplexMatrix]

    /// The instrument of a circuit at given angles.
    /// - Throws: ``CircuitError`` if the angles do not fit the circuit.
    public init(circuit: Circuit, angles: [Double]) throws {
        self.init(circuit: circuit, unitary: try circuit.unitary(angles: angles))
    }

    /// The Kraus operators are linear in V: with ∂V/∂θ in its place, this gives their derivatives.
    public init(circuit: Circuit, unitary: ComplexMatrix) {
        precondition(
            unitary.rowCount == circuit.dimension && unitary.columnCount == circuit.dimension,
            "the unitary is not that of the circuit")
        ioQubits = circuit.ioQubits
        memoryQubits = circuit.memoryQubits
        let patterns = 0..<circuit.patternCount
        blocks = patterns.flatMap { spikes in
            patterns.map { unitary.block(row: spikes, column: $0, size: circuit.memoryDimension) }
        }
    }

    /// Spike patterns of one step, 2^N.
    public var patternCount: Int { 1 << ioQubits }

    /// V_{s,x}, `2^M_q × 2^M_q`.
    public func block(spikes: Int, input: Int) -> ComplexMatrix { blocks[spikes * patternCount + input] }

    /// K_s(φ), `2^M_q × 2^M_q`.
    ///
    /// - Parameters:
    ///   - spikes: the pattern s.
    ///   - rotations: φ_n of each channel in radians; 0 where no gate is applied.
    public func krausOperator(spikes: Int, rotations: [Double]) -> ComplexMatrix {
        precondition(rotations.count == ioQubits, "one rotation for each channel")
        var sum = ComplexMatrix(rowCount: 1 << memoryQubits, columnCount: 1 << memoryQubits)
        for input in 0..<patternCount {
            let amplitude = rotations.enumerated().reduce(Complex.one) { product, channel in
                let isOne = Self.bit(of: channel.offset, in: input, channels: ioQubits)
                let half = channel.element / 2
                return product * (isOne ? Complex(0, -sin(half)) : Complex(cos(half)))
            }
            sum += amplitude * block(spikes: spikes, input: input)
        }
        return sum
    }

    /// Whether a channel fires in a pattern.
    public static func bit(of channel: Int, in pattern: Int, channels: Int) -> Bool {
        pattern >> (channels - 1 - channel) & 1 == 1
    }

    /// The number of a pattern given as one 0 or 1 for each channel.
    public static func pattern(_ spikes: [Int]) -> Int { spikes.reduce(0) { $0 << 1 | $1 } }
}
