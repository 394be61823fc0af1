import KernelTasks

/// `value · i^power`
@inline(__always)
func multiplyByPowerOfI<Vector: Lanes>(
    _ value: (real: Vector, imaginary: Vector), _ power: Int
) -> (real: Vector, imaginary: Vector) {
    let zero = Vector(all: 0)
    switch power & 3 {
    case 0: return value
    case 1: return (zero - value.imaginary, value.real)
    case 2: return (zero - value.real, zero - value.imaginary)
    default: return (value.imaginary, zero - value.real)
    }
}

/// A dimension × dimension complex matrix of each neuron of a group, and gates acting on its rows.
private struct MatrixLanes<Vector: Lanes> {
    let base: UnsafeMutablePointer<Vector.Real>
    let dimension: Int

    @inline(__always) subscript(row: Int, column: Int) -> (real: Vector, imaginary: Vector) {
        get {
            let address = base + 2 &* (row &* dimension &+ column) &* tileWidth
            return (Vector.load(address), Vector.load(address + tileWidth))
        }
        nonmutating set {
            let address = base + 2 &* (row &* dimension &+ column) &* tileWidth
            newValue.real.store(address)
            newValue.imaginary.store(address + tileWidth)
        }
    }

    @inline(__always) func setToIdentity() {
        for row in 0..<dimension {
            for column in 0..<dimension {
                self[row, column] = (Vector(all: row == column ? 1 : 0), Vector(all: 0))
            }
        }
    }

    /// Power of i in ⟨row|P|partner⟩.
    @inline(__always) static func phase(_ gate: GateOperation, _ partner: Int) -> Int {
        Int(gate.yCount) &+ 2 &* (partner & Int(gate.signMask)).nonzeroBitCount
    }

    @inline(__always) static func isControlled(_ gate: GateOperation, _ row: Int) -> Bool {
        row & Int(gate.controlMask) == Int(gate.controlMask)
    }

    /// Multiplies from the left by cosine − i sine P on the rows where the control is 1.
    @inline(__always) func rotate(_ gate: GateOperation, cosine: Vector, sine: Vector) {
        let flip = Int(gate.flipMask)
        for row in 0..<dimension where Self.isControlled(gate, row) {
            let partner = row ^ flip
            if partner < row { continue }
            // −i · i^phase, from the partner's amplitude to the row's and back.
            let toRow = Self.phase(gate, partner) &+ 3
            let toPartner = Self.phase(gate, row) &+ 3
            for column in 0..<dimension {
                let upper = self[row, column]
                let lower = self[partner, column]
                let fromLower = multiplyByPowerOfI((lower.real * sine, lower.imaginary * sine), toRow)
                self[row, column] = (
                    upper.real * cosine + fromLower.real,
                    upper.imaginary * cosine + fromLower.imaginary
                )
                if partner == row { continue }
                let fromUpper = multiplyByPowerOfI(
                    (upper.real * sine, upper.imaginary * sine), toPartner)
                self[partner, column] = (
                    lower.real * cosine + fromUpper.real,
                    lower.imaginary * cosine + fromUpper.imaginary
                )
            }
        }
    }

    /// Multiplies from the left by P on the rows where the control is 1.
    @inline(__always) func applyPauli(_ gate: GateOperation) {
        let flip = Int(gate.flipMask)
        for row in 0..<dimension where Self.isControlled(gate, row) {
            let partner = row ^ flip
            if partner < row { continue }
            for column in 0..<dimension {
                let upper = self[row, column]
                let lower = self[partner, column]
                self[row, column] = multiplyByPowerOfI(lower, Self.phase(gate, partner))
                if partner != row {
                    self[partner, column] = multiplyByPowerOfI(upper, Self.phase(gate, row))
                }
            }
        }
    }

    @inline(__always) func applyHadamard(_ gate: GateOperation) {
        let factor = Vector(all: Vector.Real(0.5).squareRoot())
        for row in 0..<dimension where row & Int(gate.flipMask) == 0 {
            let partner = row | Int(gate.flipMask)
            for column in 0..<dimension {
                let upper = self[row, column]
                let lower = self[partner, column]
                self[row, column] = (
                    (upper.real + lower.real) * factor, (upper.imaginary + lower.imaginary) * factor
                )
                self[partner, column] = (
                    (upper.real - lower.real) * factor, (upper.imaginary - lower.imaginary) * factor
                )
            }
        }
    }

    /// Multiplies from the left by a given matrix, or by its adjoint.
    ///
    /// The matrix is read where it lies: a copy of the operation would be made for gates that have none, too.
    @inline(__always) func applyMatrix(
        _ operations: UnsafeBufferPointer<GateOperation>, _ place: Int, adjoint: Bool
    ) {
        let (first, second) = (Int(operations[place].controlMask), Int(operations[place].flipMask))
        if first == 0 {
            for base in 0..<dimension where base & second == 0 {
                for column in 0..<dimension {
                    let inputs = (self[base, column], self[base | second, column])
                    for row in 0..<2 {
                        let left = Self.element(operations[place].matrix, adjoint, 2, row, 0, inputs.0)
                        let right = Self.element(operations[place].matrix, adjoint, 2, row, 1, inputs.1)
                        self[row == 0 ? base : base | second, column] = Self.sum(left, right)
                    }
                }
            }
            return
        }
        for base in 0..<dimension where base & (first | second) == 0 {
            for column in 0..<dimension {
                let inputs = (
                    self[base, column], self[base | second, column], self[base | first, column],
                    self[base | first | second, column]
                )
                for row in 0..<4 {
                    var output = Self.element(operations[place].matrix, adjoint, 4, row, 0, inputs.0)
                    output = Self.sum(
                        output, Self.element(operations[place].matrix, adjoint, 4, row, 1, inputs.1))
                    output = Self.sum(
                        output, Self.element(operations[place].matrix, adjoint, 4, row, 2, inputs.2))
                    output = Self.sum(
                        output, Self.element(operations[place].matrix, adjoint, 4, row, 3, inputs.3))
                    let target = base | (row & 2 == 0 ? 0 : first) | (row & 1 == 0 ? 0 : second)
                    self[target, column] = output
                }
            }
        }
    }

    private typealias Number = (real: Vector, imaginary: Vector)

    @inline(__always) private static func sum(_ left: Number, _ right: Number) -> Number {
        (left.real + right.real, left.imaginary + right.imaginary)
    }

    /// U_{row, column} · value, or conj(U_{column, row}) · value.
    @inline(__always) private static func element(
        _ matrix: GateOperation.Matrix, _ adjoint: Bool, _ size: Int, _ row: Int, _ column: Int,
        _ value: Number
    ) -> Number {
        let index = adjoint ? size &* column &+ row : size &* row &+ column
        let sign: Double = adjoint ? -1 : 1
        let real = Vector(all: Vector.Real(matrix.real[index]))
        let imaginary = Vector(all: Vector.Real(sign * matrix.imaginary[index]))
        return (
            value.real * real - value.imaginary * imaginary,
            value.imaginary * real + value.real * imaginary
        )
    }

    /// Re Tr(gradient† · (−i/2) P self) over the rows where the control is 1: the derivative by the angle
    /// of the rotation that was applied last.
    @inline(__always) func rotationDerivative(_ gate: GateOperation, _ gradient: Self) -> Vector {
        var sum = Vector(all: 0)
        for row in 0..<dimension where Self.isControlled(gate, row) {
            let partner = row ^ Int(gate.flipMask)
            let power = Self.phase(gate, partner) &+ 3
            for column in 0..<dimension {
                let value = multiplyByPowerOfI(self[partner, column], power)
                let adjoint = gradient[row, column]
                sum = sum + (adjoint.real * value.real + adjoint.imaginary * value.imaginary)
            }
        }
        return sum * Vector(all: 0.5)
    }
}

extension CompiledKernels {
    public static func compile(_ task: CompilationTask<Float>) { compile(task, SIMD16<Float>.self) }
    public static func compile(_ task: CompilationTask<Double>) { compile(task, SIMD8<Double>.self) }
    public static func pullBack(_ task: PullbackTask<Float>) { pullBack(task, SIMD16<Float>.self) }
    public static func pullBack(_ task: PullbackTask<Double>) { pullBack(task, SIMD8<Double>.self) }

    /// Half the rotation angle, (scale · angle)/2, as sine and cosine.
    @inline(__always)
    private static func halfAngle<Vector: Lanes>(
        _ gate: GateOperation, _ angles: UnsafePointer<Vector.Real>
    ) -> (sine: Vector, cosine: Vector) {
        let turns: Vector
        if gate.parameter < 0 {
            turns = Vector(all: Vector.Real(gate.fixedAngle / .pi))
        } else {
            let angle = Vector.load(angles + Int(gate.parameter) &* tileWidth)
            turns = angle * Vector(all: Vector.Real(gate.scale / .pi))
        }
        return turns.sineCosineOfQuarterTurns
    }

    @inline(__always)
    private static func compile<Vector: Lanes>(_ task: CompilationTask<Vector.Real>, _: Vector.Type) {
        for lane in stride(from: 0, to: tileWidth, by: Vector.width) {
            let unitary = MatrixLanes<Vector>(
                base: task.unitaries + lane, dimension: task.dimension)
            unitary.setToIdentity()
            for index in task.operations.indices {
                let gate = task.operations[index]
                switch gate.action {
                case .rotation:
                    let (sine, cosine): (Vector, Vector) = halfAngle(gate, task.angles + lane)
                    unitary.rotate(gate, cosine: cosine, sine: sine)
                case .pauli: unitary.applyPauli(gate)
                case .hadamard: unitary.applyHadamard(gate)
                case .matrix: unitary.applyMatrix(task.operations, index, adjoint: false)
                }
            }
        }
    }

    /// Walks back through the gates: `unitaries` becomes the product of the gates not yet passed, and
    /// `unitaryGradient` the derivative by that product.
    @inline(__always)
    private static func pullBack<Vector: Lanes>(_ task: PullbackTask<Vector.Real>, _: Vector.Type) {
        for lane in stride(from: 0, to: tileWidth, by: Vector.width) {
            let unitary = MatrixLanes<Vector>(
                base: task.unitaries + lane, dimension: task.dimension)
            let gradient = MatrixLanes<Vector>(
                base: task.unitaryGradient + lane, dimension: task.dimension)
            for index in task.operations.indices.reversed() {
                let gate = task.operations[index]
                switch gate.action {
                case .rotation:
                    if gate.parameter >= 0 {
                        let target =
                            task.angleGradient + Int(gate.parameter) &* tileWidth + lane
                        let derivative =
                            unitary.rotationDerivative(gate, gradient)
                            * Vector(all: Vector.Real(gate.scale))
                        (Vector.load(target) + derivative).store(target)
                    }
                    let (sine, cosine): (Vector, Vector) = halfAngle(gate, task.angles + lane)
                    let backwards = Vector(all: 0) - sine
                    unitary.rotate(gate, cosine: cosine, sine: backwards)
                    gradient.rotate(gate, cosine: cosine, sine: backwards)
                case .pauli:
                    unitary.applyPauli(gate)
                    gradient.applyPauli(gate)
                case .hadamard:
                    unitary.applyHadamard(gate)
                    gradient.applyHadamard(gate)
                case .matrix:
                    unitary.applyMatrix(task.operations, index, adjoint: true)
                    gradient.applyMatrix(task.operations, index, adjoint: true)
                }
            }
        }
    }
}
