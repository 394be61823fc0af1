import KernelTasks

extension CompiledKernels {
    public static func adjointExpectations(_ task: ExpectationAdjointTask<Float>) {
        ExpectationAdjoint<Group>(task).run()
    }

    public static func adjointExpectations(_ task: ExpectationAdjointTask<Double>) {
        ExpectationAdjoint<SIMD8<Double>>(task).run()
    }
}

/// The way back, with the state ψ and the covector λ = Σ_q e_q Z_q ψ: turning further by an angle about P, L changes by Im ⟨λ|P|ψ⟩.
private struct ExpectationAdjoint<Vector: Lanes> {
    let task: ExpectationAdjointTask<Vector.Real>
    let states: Expectations<Vector>

    @inline(__always) init(_ task: ExpectationAdjointTask<Vector.Real>) {
        self.task = task
        states = Expectations(task.forward)
    }

    private var state: UnsafeMutablePointer<Vector.Real> { task.forward.state }
    private var covector: UnsafeMutablePointer<Vector.Real> { task.forward.scratch }

    @inline(__always) func run() {
        applyObservable()
        var index = task.forward.rotationCount
        while index > 0 {
            index &-= 1
            let rotation = task.forward.rotations[index]
            let gate = task.forward.gates + 4 &* index
            let errors = task.rotationErrors + 3 &* Vector.width &* index
            if rotation.isRX {
                (Vector.load(errors) + overlapX(rotation)).store(errors)
                let (cosine, sine) = (Vector(all: gate[0]), Vector(all: -gate[1]))
                states.rotateX(state, rotation, cosine: cosine, sine: sine)
                states.rotateX(covector, rotation, cosine: cosine, sine: sine)
            } else {
                let (x, y, z) = overlaps(rotation)
                let width = Vector.width
                (Vector.load(errors) + x).store(errors)
                (Vector.load(errors + width) + y).store(errors + width)
                (Vector.load(errors + 2 &* width) + z).store(errors + 2 &* width)
                let inverse = QubitUnitary<Vector>(gate).inverse
                states.rotate(state, rotation, inverse)
                states.rotate(covector, rotation, inverse)
            }
        }
        reverseEmbedding()
    }

    /// λ = Σ_q e_q Z_q ψ: the weights are built qubit by qubit, in the place of λ's imaginary parts.
    @inline(__always) private func applyObservable() {
        let (width, forward) = (Vector.width, task.forward)
        var sum = Vector(all: 0)
        for qubit in 0..<forward.qubitCount {
            sum = sum + Vector.load(task.errors + qubit &* forward.sampleStride)
        }
        @inline(__always) func weight(_ basis: Int) -> UnsafeMutablePointer<Vector.Real> {
            covector + width &* (2 &* Int(forward.order[basis]) &+ 1)
        }
        sum.store(weight(0))
        for qubit in 0..<forward.qubitCount {
            let error = Vector.load(task.errors + qubit &* forward.sampleStride)
            let fall = error + error
            for basis in 0..<1 &<< qubit {
                (Vector.load(weight(basis)) - fall).store(weight(basis &+ 1 &<< qubit))
            }
        }
        for index in 0..<states.count {
            let factor = Vector.load(covector + width &* (2 &* index &+ 1))
            ComplexLanes<Vector>(state, index).times(factor).store(covector, index)
        }
    }

    /// The rotations of the embedding are on different qubits, so that all are told from the state behind them.
    @inline(__always) private func reverseEmbedding() {
        for qubit in 0..<task.forward.qubitCount {
            let bit = UInt32(1) &<< UInt32(qubit)
            let rotation = CircuitRotation(mask: bit, role: bit, isRX: true)
            let overlap =
                switch task.forward.embedding {
                case .rotationX: overlapX(rotation)
                case .rotationY: overlaps(rotation).y
                case .rotationZ: overlaps(rotation).z
                }
            overlap.store(task.errors + qubit &* task.forward.sampleStride)
        }
    }

    /// Im ⟨λ|X|ψ⟩
    @inline(__always) private func overlapX(_ rotation: CircuitRotation) -> Vector {
        var sum = Vector(all: 0)
        states.forEachUnorderedPair(rotation) {
            let (a, b) = (ComplexLanes<Vector>(state, $0), ComplexLanes<Vector>(state, $1))
            let (p, q) = (ComplexLanes<Vector>(covector, $0), ComplexLanes<Vector>(covector, $1))
            sum = sum + (p.real * b.imaginary - p.imaginary * b.real)
            sum = sum + (q.real * a.imaginary - q.imaginary * a.real)
        }
        return sum
    }

    /// Im ⟨λ|P|ψ⟩ of X, Y and Z.
    @inline(__always) private func overlaps(_ rotation: CircuitRotation) -> (x: Vector, y: Vector, z: Vector)
    {
        var (x, y, z) = (Vector(all: 0), Vector(all: 0), Vector(all: 0))
        states.forEachPair(rotation) {
            let (a, b) = (ComplexLanes<Vector>(state, $0), ComplexLanes<Vector>(state, $1))
            let (p, q) = (ComplexLanes<Vector>(covector, $0), ComplexLanes<Vector>(covector, $1))
            x = x + (p.real * b.imaginary - p.imaginary * b.real)
            x = x + (q.real * a.imaginary - q.imaginary * a.real)
            y = y - (p.real * b.real + p.imaginary * b.imaginary)
            y = y + (q.real * a.real + q.imaginary * a.imaginary)
            z = z + (p.real * a.imaginary - p.imaginary * a.real)
            z = z - (q.real * b.imaginary - q.imaginary * b.real)
        }
        return (x, y, z)
    }
}
