import DeviceNoise
import Foundation
import QuantumCircuits
import TestSupport
import Testing

/// Expected values: the definitions, evaluated another way.
struct PauliTransferMatrixTests {
    static let channels: [NoiseChannel] = [
        .depolarizing(probability: 0.13, qubitCount: 1), .depolarizing(probability: 0.4, qubitCount: 2),
        .relaxation(t1: 100, t2: 70, duration: 30), .relaxation(t1: 100, t2: 200, duration: 300),
        .relaxation(t1: .infinity, t2: 50, duration: 10), .amplitudeDamping(0.3), .phaseDamping(0.2),
        .bitFlip(0.1), .phaseFlip(0.05), .dephasing(0.4, polar: 0.7, azimuth: 2),
        .overRotation(.ry, angle: 0.1), .overRotation(.crx, angle: -0.2),
    ]

    @Test("each channel's closed form is that of its Kraus operators", arguments: channels)
    func closedForms(channel: NoiseChannel) {
        let found = channel.transferMatrix
        let expected = PauliTransferMatrix(
            krausOperators: channel.krausOperators, qubitCount: channel.qubitCount)
        #expect(Self.distance(found, expected) < 1e-15)
    }

    @Test("each channel keeps the trace and is completely positive", arguments: channels)
    func physical(channel: NoiseChannel) {
        #expect(channel.transferMatrix.tracePreservationError < 1e-15)
        #expect(channel.transferMatrix.smallestChoiEigenvalue > -1e-14)
        let sum = channel.krausOperators.reduce(
            ComplexMatrix(rowCount: 1 << channel.qubitCount, columnCount: 1 << channel.qubitCount)
        ) { $0 + $1.adjoint * $1 }
        #expect((sum - .identity(1 << channel.qubitCount)).squaredNorm < 1e-29)
    }

    @Test("Kraus operators from the Choi matrix make the same map", arguments: channels)
    func krausOperators(channel: NoiseChannel) {
        let map = channel.transferMatrix
        let again = PauliTransferMatrix(krausOperators: map.krausOperators, qubitCount: map.qubitCount)
        #expect(map.krausOperators.count <= 1 << (2 * map.qubitCount))
        #expect(Self.distance(again, map) < 1e-13)
    }

    /// The transposition Y → −Y is the textbook example of a positive map that is not completely positive: its Choi
    /// matrix is the swap, with eigenvalue −1.
    @Test("a map that is not completely positive shows by its Choi eigenvalue")
    func transposition() {
        let map = PauliTransferMatrix(diagonal: [1, 1, -1, 1])
        #expect(map.tracePreservationError == 0)
        #expect(abs(map.smallestChoiEigenvalue + 1) < 1e-14)
    }

    /// Pauli coefficients of a state before and after, by matrices.
    @Test("a product applies its right factor first, a tensor product its left factor to the first qubit")
    func composition() {
        let (early, late) = (NoiseChannel.amplitudeDamping(0.3), NoiseChannel.overRotation(.rx, angle: 0.8))
        let both = late.krausOperators.flatMap { left in early.krausOperators.map { left * $0 } }
        let product = late.transferMatrix * early.transferMatrix
        #expect(Self.distance(product, .init(krausOperators: both, qubitCount: 1)) < 1e-15)
        let pairs = late.krausOperators.flatMap { left in early.krausOperators.map { left.tensor($0) } }
        let side = late.transferMatrix.tensor(early.transferMatrix)
        #expect(Self.distance(side, .init(krausOperators: pairs, qubitCount: 2)) < 1e-15)
    }

    @Test(
        "eigenvectors of a random Hermitian matrix are multiplied by their eigenvalues",
        arguments: [1, 2, 5, 16])
    func eigensystem(size: Int) {
        var random = SystemRandomNumberGenerator()
        var matrix = ComplexMatrix(rowCount: size, columnCount: size)
        for index in matrix.elements.indices {
            matrix.elements[index] = Complex(
                Double.random(in: -1...1, using: &random), Double.random(in: -1...1, using: &random))
        }
        matrix = matrix + matrix.adjoint
        for (value, vector) in matrix.hermitianEigensystem {
            let column = ComplexMatrix(rowCount: size, columnCount: 1, elements: vector)
            #expect(abs(column.squaredNorm - 1) < 1e-12, "\(matrix)")
            #expect((matrix * column - value * column).squaredNorm < 1e-24, "\(matrix)")
        }
    }

    static func distance(_ left: PauliTransferMatrix, _ right: PauliTransferMatrix) -> Double {
        zip(left.entries, right.entries).map { abs($0 - $1) }.max() ?? 0
    }
}
