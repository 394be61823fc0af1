import Compute
import Glibc

/// A circuit of a ``QNN`` as the kernels take it.
///
/// CNOTs permute the amplitudes; none is moved. A basis state's amplitude lies where the state's bits select from `masks` (by exclusive or),
/// and a qubit is 1 where the place has an odd number of its `roles`.
struct CircuitProgram: Sendable {
    let qnn: QNN
    let rotations: AlignedBuffer<CircuitRotation>
    /// Where the amplitude of each basis state lies at the end.
    let order: AlignedBuffer<UInt32>

    init(_ qnn: QNN) {
        self.qnn = qnn
        var masks = (0..<qnn.qubitCount).map { UInt32(1) << UInt32($0) }
        var roles = masks
        var rotations: [CircuitRotation] = []
        for operation in qnn.operations {
            switch operation {
            case .rotation(let qubit):
                rotations.append(
                    CircuitRotation(
                        mask: masks[qubit], role: roles[qubit], isRX: qnn.entangler == .basic))
            case .controlledNot(let control, let target):
                masks[control] ^= masks[target]
                roles[target] ^= roles[control]
            }
        }
        self.rotations = AlignedBuffer(rotations)
        order = AlignedBuffer(
            (0..<1 << qnn.qubitCount).map { state in
                masks.enumerated().reduce(0) { state >> $1.offset & 1 == 1 ? $0 ^ $1.element : $0 }
            })
    }

    var embedding: AngleEmbedding {
        switch qnn.embedding {
        case .rotationX: .rotationX
        case .rotationY: .rotationY
        case .rotationZ: .rotationZ
        }
    }

    /// Numbers of a state vector of as many samples as a vector has lanes.
    func stateSize(laneCount: Int) -> Int { 2 * laneCount << qnn.qubitCount }

    /// The gates of one circuit, `[rotation][4]`.
    func gates<Real: ExpectationReal>(_ angles: BufferView<Real>) -> [Real] {
        rotations.array.indices.flatMap { rotation -> [Real] in
            guard qnn.entangler == .strong else {
                let half = Double(angles[rotation]) / 2
                return [Real(cos(half)), Real(sin(half)), 0, 0]
            }
            let (first, middle, last) = Self.turns(angles, rotation)
            let (cosine, sine) = (cos(middle / 2), sin(middle / 2))
            let (sum, difference) = ((first + last) / 2, (first - last) / 2)
            return [
                Real(cos(sum) * cosine), Real(-sin(sum) * cosine), Real(-cos(difference) * sine),
                Real(-sin(difference) * sine),
            ]
        }
    }

    /// Adds ∂L/∂θ of one circuit.
    ///
    /// - Parameters:
    ///   - errors: of turning further about X, Y and Z after each rotation, `[rotation][3][lane]`; their sum over the lanes counts.
    ///   - gradient: `[angle]`
    func pullBack<Real: ExpectationReal>(
        _ errors: BufferView<Real>, _ angles: BufferView<Real>, to gradient: MutableBufferView<Double>
    ) {
        let width = Real.laneCount
        for rotation in 0..<rotations.count {
            let (x, y, z) = (
                Self.sum(errors, 3 * rotation, width), Self.sum(errors, 3 * rotation + 1, width),
                Self.sum(errors, 3 * rotation + 2, width)
            )
            guard qnn.entangler == .strong else {
                gradient[rotation] += x
                continue
            }
            // The axes of the first two turns, as the turns after them leave them.
            let (_, middle, last) = Self.turns(angles, rotation)
            let across = cos(last) * x + sin(last) * y
            gradient[3 * rotation] += sin(middle) * across + cos(middle) * z
            gradient[3 * rotation + 1] += cos(last) * y - sin(last) * x
            gradient[3 * rotation + 2] += z
        }
    }

    /// The angles of RZ, RY, RZ.
    private static func turns(_ angles: BufferView<some ExpectationReal>, _ rotation: Int) -> (
        Double, Double, Double
    ) {
        (Double(angles[3 * rotation]), Double(angles[3 * rotation + 1]), Double(angles[3 * rotation + 2]))
    }

    private static func sum(_ errors: BufferView<some ExpectationReal>, _ place: Int, _ width: Int) -> Double
    {
        errors.part(place, size: width).array.reduce(0) { $0 + Double($1) }
    }
}
