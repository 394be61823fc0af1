import DeviceNoise
import Compute
import QuantumCircuits

/// A circuit and its noise as a list of what they do to the Pauli coefficients of all qubits, for the compiler of whole
/// populations: rotations by angles, and between them maps that are always the same.
package struct NoisyOperations {
    package private(set) var operations: [NoisyOperation] = []
    package private(set) var pairs: [SIMD2<Int32>] = []
    package private(set) var starts: [Int32] = []
    package private(set) var places: [Int32] = []
    package private(set) var values: [Double] = []
    private let index: PauliIndex
    /// What has happened since the last rotation.
    private var pending: SparseMap?

    package init(_ circuit: Circuit, _ noise: NoiseModel) {
        index = PauliIndex(qubitCount: circuit.qubitCount)
        for (gate, executed) in zip(circuit.gates, noise.executed(circuit).gates) {
            append(executed)
            append(noise.noise(after: gate), on: gate.qubits)
        }
        for qubit in circuit.ioQubits..<circuit.qubitCount {
            append(
                noise.noiseDuringMeasurement(qubit: qubit, ioQubits: circuit.ioQubits), on: [qubit])
        }
        pending = Self.projection(circuit, noise, index).after(pending)
        appendPending()
    }

    /// A gate without its noise.
    private mutating func append(_ gate: Gate) {
        guard let digit = gate.kind.turningDigit else {
            append(PauliTransferMatrix(unitary: gate.kind.matrix(angle: 0)), on: gate.qubits)
            return
        }
        let targets = gate.qubits.dropFirst(gate.kind.isControlled ? 1 : 0)
        let turning = targets.map { (qubit: $0, digit: digit) }
        guard gate.kind.isControlled else { return appendRotation(turning, gate.angle, factor: 1) }
        // (1 − Z)/2 is 1 where the control is: half of the turn about P, and half of it back about Z P.
        appendRotation(turning, gate.angle, factor: 0.5)
        appendRotation([(gate.qubits[0], 3)] + turning, gate.angle, factor: -0.5)
    }

    private mutating func appendRotation(
        _ generator: [(qubit: Int, digit: Int)], _ angle: Gate.Angle, factor: Double
    ) {
        appendPending()
        let quarterTurns = factor * 2 / .pi
        let first = pairs.count
        for place in 0..<index.count {
            if let partner = index.partner(of: place, generator: generator) {
                pairs.append(SIMD2(Int32(place), Int32(partner)))
            }
        }
        var (parameter, scale, fixed): (Int32, Double, Double) = (-1, 0, 0)
        switch angle {
        case .none: break
        case .fixed(let angle): fixed = angle
        case .parameter(let number, let factor): (parameter, scale) = (Int32(number), factor)
        }
        operations.append(
            .rotation(
                NoisyRotation(
                    parameter: parameter, scale: scale * quarterTurns, fixedTurns: fixed * quarterTurns,
                    firstPair: first, pairCount: pairs.count - first)))
    }

    private mutating func append(_ matrix: PauliTransferMatrix, on qubits: [Int]) {
        guard !matrix.isIdentity else { return }
        pending = SparseMap(matrix, on: qubits, of: index).after(pending)
    }

    private mutating func appendPending() {
        guard let map = pending else { return }
        pending = nil
        let (rows, columns) = (appendTable(map), appendTable(map.transposed))
        operations.append(
            .map(
                NoisyMap(
                    rows: rows, rowCount: map.rows.count, columns: columns, columnCount: map.columnCount)))
    }

    /// - Returns: where the table begins in `starts`.
    private mutating func appendTable(_ map: SparseMap) -> Int {
        let first = starts.count
        for row in map.rows {
            starts.append(Int32(places.count))
            places += row.map { Int32($0.column) }
            values += row.map(\.value)
        }
        starts.append(Int32(places.count))
        return first
    }

    /// From the coefficients of all qubits to those of the memory for each pattern of spikes that is read: with the true
    /// value b of a qubit goes ⟨b| ρ |b⟩ = (r_1 ± r_Z)/2, and C_{bs} of it is read as s.
    private static func projection(_ circuit: Circuit, _ noise: NoiseModel, _ index: PauliIndex) -> SparseMap
    {
        let memoryCount = 1 << (2 * circuit.memoryQubits)
        return SparseMap(
            columnCount: index.count,
            rows: (0..<circuit.patternCount).flatMap { pattern in
                let terms = (0..<circuit.ioQubits).reduce([SparseMap.Entry(0, 1)]) { terms, channel in
                    let readout = noise.readout(channel: channel)
                    let read = (pattern >> (circuit.ioQubits - 1 - channel)) & 1
                    let (ofZero, ofOne) = (readout[true: 0, read: read], readout[true: 1, read: read])
                    return terms.flatMap { column, value -> [SparseMap.Entry] in
                        [
                            (4 * column, value * (ofZero + ofOne) / 2),
                            (4 * column + 3, value * (ofZero - ofOne) / 2),
                        ]
                    }
                }
                return (0..<memoryCount).map { memory in
                    terms.map { (column: $0.column * memoryCount + memory, value: $0.value) }
                }
            })
    }
}

extension GateKind {
    /// The digit of the Pauli matrix that each target of the gate turns about; nil for gates without an angle.
    fileprivate var turningDigit: Int? {
        switch self {
        case .rx, .crx, .rxx: 1
        case .ry, .cry, .ryy: 2
        case .rz, .crz, .rzz: 3
        case .h, .x, .cx, .cz, .unitary: nil
        }
    }
}
