import KernelTasks

/// Numbers of qubits of a general neuron.
///
/// Basis states are numbered io · 2^M + memory, the first input-output qubit most significant.
struct NeuronShape {
    let ioQubits: Int
    let memoryQubits: Int

    @inline(__always) init(ioQubits: Int, memoryQubits: Int) {
        (self.ioQubits, self.memoryQubits) = (ioQubits, memoryQubits)
    }

    @inline(__always) init<Real>(_ task: NeuronStepTask<Real>) {
        (ioQubits, memoryQubits) = (task.ioQubits, task.memoryQubits)
    }

    @inline(__always) init<Real>(_ task: NeuronAdjointTask<Real>) {
        (ioQubits, memoryQubits) = (task.ioQubits, task.memoryQubits)
    }

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
