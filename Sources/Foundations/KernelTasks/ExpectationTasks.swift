/// One rotation of a circuit whose expectation values are wanted.
///
/// Amplitudes are not moved by the CNOTs before it: they stay where they are, and the gate is one on pairs that differ in several bits.
public struct CircuitRotation: Sendable, Hashable, BitwiseCopyable {
    /// Bits in which the amplitudes of a pair differ.
    public var mask: UInt32
    /// Its qubit is 0 in those amplitudes that have an even number of these bits.
    public var role: UInt32
    /// RX, and not any rotation.
    public var isRX: Bool

    public init(mask: UInt32, role: UInt32, isRX: Bool) {
        self.mask = mask
        self.role = role
        self.isRX = isRX
    }
}

/// The rotation by which a feature enters a circuit, from |0⟩.
public enum AngleEmbedding: UInt8, Sendable, BitwiseCopyable {
    case rotationX, rotationY
    /// After a Hadamard gate; of |0⟩ alone, RZ changes nothing.
    case rotationZ
}

/// ⟨Z⟩ of every qubit after an embedding of one feature a qubit and a circuit, for as many samples as a vector has lanes: 16 in single,
/// 8 in double precision.
public struct ExpectationTask<Real: BinaryFloatingPoint & BitwiseCopyable> {
    public var qubitCount: Int
    public var embedding: AngleEmbedding
    /// In the order in which they act.
    public var rotations: UnsafePointer<CircuitRotation>
    public var rotationCount: Int
    /// Of RX(θ) cos θ/2 and sin θ/2 with two numbers more; of others u_00 and u_01, real and imaginary parts: `[rotation][4]`.
    public var gates: UnsafePointer<Real>
    /// Where the amplitude of each basis state lies at the end, `[2^n]`; qubit 0 is the lowest bit.
    public var order: UnsafePointer<UInt32>
    /// Angles/π of the samples, `[qubit][sampleStride]`.
    public var features: UnsafePointer<Real>
    /// `[qubit][sampleStride]`
    public var expectations: UnsafeMutablePointer<Real>
    /// Distance between two qubits of `features` and `expectations`, in elements.
    public var sampleStride: Int
    /// Amplitudes, `[2^n][2][lane]`; overwritten.
    public var state: UnsafeMutablePointer<Real>
    /// Working memory, as the state.
    public var scratch: UnsafeMutablePointer<Real>

    public init(
        qubitCount: Int, embedding: AngleEmbedding, rotations: UnsafePointer<CircuitRotation>,
        rotationCount: Int, gates: UnsafePointer<Real>, order: UnsafePointer<UInt32>,
        features: UnsafePointer<Real>, expectations: UnsafeMutablePointer<Real>, sampleStride: Int,
        state: UnsafeMutablePointer<Real>, scratch: UnsafeMutablePointer<Real>
    ) {
        self.qubitCount = qubitCount
        self.embedding = embedding
        self.rotations = rotations
        self.rotationCount = rotationCount
        self.gates = gates
        self.order = order
        self.features = features
        self.expectations = expectations
        self.sampleStride = sampleStride
        self.state = state
        self.scratch = scratch
    }
}

/// Reverse of an ``ExpectationTask`` by the adjoint method (Jones and Gacon, arXiv:2009.02823): the circuit is taken back gate by gate, so
/// that memory does not grow with its depth.
public struct ExpectationAdjointTask<Real: BinaryFloatingPoint & BitwiseCopyable> {
    /// With the state as the circuit left it; its scratch becomes the observable applied to the state, and is taken back with it.
    public var forward: ExpectationTask<Real>
    /// ∂L/∂⟨Z⟩, `[qubit][sampleStride]`; ∂L/∂(angle) of the features on return.
    public var errors: UnsafeMutablePointer<Real>
    /// ∂L of turning further about X, Y and Z after each rotation, of RX about X alone, `[rotation][3][lane]`; added to.
    public var rotationErrors: UnsafeMutablePointer<Real>

    public init(
        forward: ExpectationTask<Real>, errors: UnsafeMutablePointer<Real>,
        rotationErrors: UnsafeMutablePointer<Real>
    ) {
        self.forward = forward
        self.errors = errors
        self.rotationErrors = rotationErrors
    }
}
