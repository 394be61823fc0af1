import ComputeKernels

/// Numbers of qubits of a general neuron.
///
/// Basis states are numbered io · 2^M + memory, the first input-output qubit most significant.
protocol NeuronShape {
    var ioQubits: Int { get }
    var memoryQubits: Int { get }
}

extension NeuronShape {
    /// Spike patterns, 2^N.
    @inline(__always) var patternCount: Int { 1 &<< ioQubits }
    /// Basis states of the memory, 2^M.
    @inline(__always) var memoryCount: Int { 1 &<< memoryQubits }
    /// Basis states of the circuit, 2^(N + M).
    @inline(__always) var dimension: Int { 1 &<< (ioQubits &+ memoryQubits) }

    /// Whether a channel's bit is set in a pattern.
    @inline(__always) func isOne(_ pattern: Int, _ channel: Int) -> Bool {
        (pattern &>> (ioQubits &- 1 &- channel)) & 1 == 1
    }
}

/// A shape that the compiler knows, so that loops over it unroll and offsets are constants.
struct FixedShape<let io: Int, let memory: Int>: NeuronShape {
    @inline(__always) var ioQubits: Int { io }
    @inline(__always) var memoryQubits: Int { memory }
}

/// Any shape, known at run time: the slower path.
struct AnyShape: NeuronShape {
    let ioQubits: Int
    let memoryQubits: Int
}
