import DeviceNoise
import QuantumCircuits

/// A density matrix, normalized or not, and its derivative with respect to each variable; nil is zero.
struct DensityMatrix {
    private(set) var matrix: ComplexMatrix
    private(set) var slopes: [ComplexMatrix?]

    init(matrix: ComplexMatrix, slopes: [ComplexMatrix?]) {
        self.matrix = matrix
        self.slopes = slopes
    }

    /// What a linear map makes of it.
    func mapped(_ map: (ComplexMatrix) -> ComplexMatrix) -> DensityMatrix {
        DensityMatrix(matrix: map(matrix), slopes: slopes.map { $0.map(map) })
    }

    /// ρ → G ρ G†, and dρ → G dρ G† + (dG ρ G† + its adjoint) for the variable that G depends on.
    ///
    /// - Parameters:
    ///   - qubits: those that G acts on, of `qubitCount`.
    ///   - variable: the index of the variable, nil for none.
    mutating func apply(
        _ gate: ComplexMatrix, to qubits: [Int], of qubitCount: Int, derivative: ComplexMatrix,
        by variable: Int?
    ) {
        let before = matrix
        self = mapped { $0.conjugated(by: gate, on: qubits, of: qubitCount) }
        guard let variable else { return }
        let half = before.conjugated(by: derivative, and: gate, on: qubits, of: qubitCount)
        let own = half + half.adjoint
        slopes[variable] = slopes[variable].map { $0 + own } ?? own
    }

    /// ρ → Σ K ρ K†.
    mutating func apply(_ channel: NoiseChannel, to qubits: [Int], of qubitCount: Int) {
        let operators = channel.krausOperators
        self = mapped { matrix in
            operators.reduce(ComplexMatrix(rowCount: matrix.rowCount, columnCount: matrix.columnCount)) {
                $0 + matrix.conjugated(by: $1, on: qubits, of: qubitCount)
            }
        }
    }

    var trace: Differentiated {
        Differentiated(value: matrix.trace.real, slopes: slopes.map { $0?.trace.real ?? 0 })
    }

    /// σ = B/p with p = tr B, and dσ = (dB − σ dp)/p.
    var normalized: DensityMatrix {
        let probability = trace
        let scale = 1 / probability.value
        let normalized = scale * matrix
        return DensityMatrix(
            matrix: normalized,
            slopes: zip(slopes, probability.slopes).map { slope, probabilitySlope in
                slope.map { scale * ($0 - probabilitySlope * normalized) }
            })
    }
}
