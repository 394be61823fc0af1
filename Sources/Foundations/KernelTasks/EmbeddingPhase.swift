/// The phase (−i)^{|x|} of an embedded input pattern x, (4), as part of the columns of the unitary that belong to x:
/// with it there, the embedding is a product of real numbers. For one tile of neurons.
public enum EmbeddingPhase {
    /// V → V · diag((−i)^{|x|}), `[D²][2][64]` in place: from the unitary to the instrument of the general kernels.
    public static func absorb<Real: BinaryFloatingPoint>(
        _ unitaries: UnsafeMutablePointer<Real>, ioQubits: Int, memoryQubits: Int
    ) { turn(unitaries, ioQubits, memoryQubits, by: 3) }

    /// ∂L/∂V from ∂L/∂(instrument), in place.
    public static func release<Real: BinaryFloatingPoint>(
        _ gradient: UnsafeMutablePointer<Real>, ioQubits: Int, memoryQubits: Int
    ) { turn(gradient, ioQubits, memoryQubits, by: 1) }

    /// Multiplies the columns of x by i^{power · |x|}.
    private static func turn<Real: BinaryFloatingPoint>(
        _ entries: UnsafeMutablePointer<Real>, _ ioQubits: Int, _ memoryQubits: Int, by power: Int
    ) {
        let dimension = 1 << (ioQubits + memoryQubits)
        for entry in 0..<dimension * dimension {
            let pattern = (entry % dimension) >> memoryQubits
            let real = entries + 2 * entry * tileWidth
            let imaginary = real + tileWidth
            let turns = power * pattern.nonzeroBitCount & 3
            for lane in 0..<tileWidth {
                let (x, y) = (real[lane], imaginary[lane])
                switch turns {
                case 0: break
                case 1: (real[lane], imaginary[lane]) = (-y, x)
                case 2: (real[lane], imaginary[lane]) = (-x, -y)
                default: (real[lane], imaginary[lane]) = (y, -x)
                }
            }
        }
    }
}
