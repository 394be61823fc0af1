import Glibc
import Neurons
import QuantumCircuits

/// Mutual information of discrete variables, in bits.
enum MutualInformation {
    /// Less than this is rounding error.
    static let rounding = 1e-26

    /// I(X; Y) of a joint distribution, `[x][y]`, normalised to its sum.
    ///
    /// Computed as Σ q ((1 + ε) ln (1 + ε) − ε) with q = p(x) p(y) and p(x, y) = q (1 + ε), which has no cancelling
    /// terms: a dependence of 10⁻¹² still has its information of 10⁻²⁴ bits to some digits.
    static func ofJoint(_ joint: [[Double]]) -> Double {
        let rows = joint.map { $0.reduce(0, +) }
        let total = rows.reduce(0, +)
        // What is no number is passed on, here and below.
        guard total != 0, let width = joint.first?.count else { return 0 }
        let columns = (0..<width).map { column in joint.reduce(0) { $0 + $1[column] } }
        var sum = 0.0
        for (row, values) in joint.enumerated() {
            for (column, value) in values.enumerated() {
                let independent = rows[row] * columns[column] / total
                guard independent > 0 else { continue }
                let excess = max(-1, (value - independent) / independent)
                sum += independent * (excess > -1 ? (1 + excess) * log1p(excess) - excess : 1)
            }
        }
        let bits = sum / (total * log(2))
        return bits <= rounding ? 0 : bits
    }

    /// I(X; Y | Z) = Σ_z p(z) I(X; Y | Z = z) of joint distributions `[z][x][y]`, normalised to their sum.
    static func conditional(_ joints: [[[Double]]]) -> Double {
        let weights = joints.map { $0.reduce(0) { $0 + $1.reduce(0, +) } }
        let total = weights.reduce(0, +)
        if total == 0 { return 0 }
        return zip(joints, weights).reduce(0) { $0 + $1.1 * ofJoint($1.0) } / total
    }
}
