/// Between a unitary V and its real form R in the gauge of (−i)^{number of ones}:
/// V_{ij} = (−i)^{|i| − |j|} R_{ij}, for one tile of neurons.
public enum RealGauge {
    /// Elements of `scratch` that the adjoint of sixteen neurons needs for each step.
    public static var adjointScratchPerStep: Int { 8 * 16 }

    /// Power of i in R_{ij} = Re(i^power · V_{ij}).
    private static func power(_ row: Int, _ column: Int) -> Int {
        (row.nonzeroBitCount - column.nonzeroBitCount) & 3
    }

    /// `[D²][2][64]` → `[D²][64]`, where D is the `dimension`.
    public static func project(
        _ unitaries: UnsafePointer<Float>, dimension: Int, to instruments: UnsafeMutablePointer<Float>
    ) {
        for entry in 0..<dimension * dimension {
            let real = unitaries + 2 * entry * tileWidth
            let imaginary = real + tileWidth
            let target = instruments + entry * tileWidth
            for lane in 0..<tileWidth {
                switch power(entry / dimension, entry % dimension) {
                case 0: target[lane] = real[lane]
                case 1: target[lane] = -imaginary[lane]
                case 2: target[lane] = -real[lane]
                default: target[lane] = imaginary[lane]
                }
            }
        }
    }

    /// ∂L/∂V from ∂L/∂R: `[D²][64]` → `[D²][2][64]`.
    public static func embed(
        _ gradient: UnsafePointer<Float>, dimension: Int, to unitaryGradient: UnsafeMutablePointer<Float>
    ) {
        for entry in 0..<dimension * dimension {
            let source = gradient + entry * tileWidth
            let real = unitaryGradient + 2 * entry * tileWidth
            let imaginary = real + tileWidth
            for lane in 0..<tileWidth {
                (real[lane], imaginary[lane]) = (0, 0)
                switch power(entry / dimension, entry % dimension) {
                case 0: real[lane] = source[lane]
                case 1: imaginary[lane] = -source[lane]
                case 2: real[lane] = -source[lane]
                default: imaginary[lane] = source[lane]
                }
            }
        }
    }
}
