import Compute
import Foundation
import Testing

/// The kernels' sine and cosine, seen through the compiler of circuits: one RX gate whose scale is π has the
/// half angle π/2 · a, so that its unitary is cos(π/2 · a) − i sin(π/2 · a) X without further rounding.
///
/// Expected values: Foundation's sine and cosine in double precision, after an exact reduction by whole
/// quarter turns.
struct SineCosineTests {
    /// Units in the last place of 1; the kernels promise 2. Measured, the same at all levels: 0.85 in single
    /// precision, 0.5 in double (a difference of two rounded numbers).
    static let bound = 1.0

    /// Quarter turns: fine steps around the used range, halfway points of the reduction, and far away.
    static func points(farthest: Double) -> [Double] {
        var random = RandomStream(seed: 11, purpose: .analysis).generator()
        let near = (0..<40_960).map { Double($0) / 4096 - 5 }
        let usual = (0..<40_000).map { _ in Double.random(in: -64...64, using: &random) }
        let far = (0..<20_000).map { _ in Double.random(in: -farthest...farthest, using: &random) }
        let halves = stride(from: -64.5, through: 64.5, by: 1).flatMap { [$0.nextDown, $0, $0.nextUp] }
        let all = near + usual + far + halves
        return Array(all.prefix(all.count / tileWidth * tileWidth))
    }

    @Test(
        "single-precision sine and cosine are within 1 ulp of 1 for fewer than 2²² quarter turns",
        arguments: InstructionSet.available)
    func single(level: InstructionSet) {
        let points = Self.points(farthest: 0x1p22).map { Float($0) }
        var worst = 0.0
        for first in stride(from: 0, to: points.count, by: tileWidth) {
            let turns = Array(points[first..<first + tileWidth])
            let unitary = compiled(turns) { level.kernels.compile($0) }
            for (lane, turn) in turns.enumerated() {
                let expected = sineCosine(quarterTurns: Double(turn))
                // Entry 0 is the cosine; entry 1 has −sin as its imaginary part.
                let cosineError = abs(Double(unitary[lane]) - expected.cosine)
                let sineError = abs(-Double(unitary[3 * tileWidth + lane]) - expected.sine)
                worst = max(worst, cosineError, sineError)
            }
        }
        #expect(worst / 0x1p-23 < Self.bound, "\(level): \(worst / 0x1p-23) ulp")
    }

    @Test(
        "double-precision sine and cosine are within 1 ulp of 1 for fewer than 2⁵¹ quarter turns",
        arguments: InstructionSet.available)
    func double(level: InstructionSet) {
        let points = Self.points(farthest: 0x1p51)
        var worst = 0.0
        for first in stride(from: 0, to: points.count, by: tileWidth) {
            let turns = Array(points[first..<first + tileWidth])
            let unitary = compiled(turns) { level.kernels.compile($0) }
            for (lane, turn) in turns.enumerated() {
                let expected = sineCosine(quarterTurns: turn)
                worst = max(worst, abs(unitary[lane] - expected.cosine))
                worst = max(worst, abs(-unitary[3 * tileWidth + lane] - expected.sine))
            }
        }
        #expect(worst / 0x1p-52 < Self.bound, "\(level): \(worst / 0x1p-52) ulp")
    }

    /// The unitaries of 64 one-qubit circuits RX(π a), `[4][2][64]`.
    private func compiled<Real: BinaryFloatingPoint & BitwiseCopyable & Sendable>(
        _ quarterTurns: [Real], _ compile: (CompilationTask<Real>) -> Void
    ) -> [Real] {
        let rotation = GateOperation(
            action: .rotation, controlMask: 0, flipMask: 1, signMask: 0, yCount: 0, parameter: 0, scale: .pi,
            fixedAngle: 0)
        let angles = AlignedBuffer(quarterTurns)
        var unitaries = AlignedBuffer<Real>(repeating: 0, count: 8 * tileWidth)
        withExtendedLifetime(angles) {
            [rotation].withUnsafeBufferPointer {
                compile(
                    CompilationTask(
                        operations: $0, angles: angles.base, dimension: 2, unitaries: unitaries.mutableBase())
                )
            }
        }
        return unitaries.array
    }

    private func sineCosine(quarterTurns: Double) -> (sine: Double, cosine: Double) {
        let quadrant = quarterTurns.rounded()
        let angle = .pi / 2 * (quarterTurns - quadrant)
        let (sine, cosine) = (sin(angle), cos(angle))
        switch Int(quadrant.remainder(dividingBy: 4)) & 3 {
        case 0: return (sine, cosine)
        case 1: return (cosine, -sine)
        case 2: return (-sine, -cosine)
        default: return (-cosine, sine)
        }
    }
}
