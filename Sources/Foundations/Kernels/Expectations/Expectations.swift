import KernelTasks

extension CompiledKernels {
    public static func expectations(_ task: ExpectationTask<Float>) { Expectations<Group>(task).run() }
    public static func expectations(_ task: ExpectationTask<Double>) {
        Expectations<SIMD8<Double>>(task).run()
    }
}

/// The state vectors of the samples in a vector's lanes, on their way through a circuit.
struct Expectations<Vector: Lanes> {
    let task: ExpectationTask<Vector.Real>
    let count: Int

    @inline(__always) init(_ task: ExpectationTask<Vector.Real>) {
        self.task = task
        count = 1 &<< task.qubitCount
    }

    @inline(__always) func run() {
        embed()
        for index in 0..<task.rotationCount {
            let rotation = task.rotations[index]
            let gate = task.gates + 4 &* index
            if rotation.isRX {
                rotateX(task.state, rotation, cosine: Vector(all: gate[0]), sine: Vector(all: gate[1]))
            } else {
                rotate(task.state, rotation, QubitUnitary(gate))
            }
        }
        measure()
    }

    /// The product state that the features make of |0…0⟩: each qubit doubles it.
    @inline(__always) private func embed() {
        let state = task.state
        ComplexLanes(Vector(all: 1), Vector(all: 0)).store(state, 0)
        for qubit in 0..<task.qubitCount {
            let turn = Vector.load(task.features + qubit &* task.sampleStride)
            let (sine, cosine) = turn.sineCosineOfQuarterTurns
            let half = 1 &<< qubit
            switch task.embedding {
            case .rotationX:
                for index in 0..<half {
                    let amplitude = ComplexLanes<Vector>(state, index)
                    amplitude.times(cosine).store(state, index)
                    ComplexLanes(amplitude.imaginary * sine, (Vector(all: 0) - amplitude.real) * sine)
                        .store(state, index &+ half)
                }
            case .rotationY:
                for index in 0..<half {
                    let amplitude = ComplexLanes<Vector>(state, index)
                    amplitude.times(cosine).store(state, index)
                    amplitude.times(sine).store(state, index &+ half)
                }
            case .rotationZ:
                // RZ after H: e^{∓iφ/2}/√2 of either half.
                let share = Vector(all: Vector.Real(0.5).squareRoot())
                let (real, imaginary) = (cosine * share, sine * share)
                for index in 0..<half {
                    let amplitude = ComplexLanes<Vector>(state, index)
                    ComplexLanes(
                        amplitude.real * real + amplitude.imaginary * imaginary,
                        amplitude.imaginary * real - amplitude.real * imaginary
                    ).store(state, index)
                    ComplexLanes(
                        amplitude.real * real - amplitude.imaginary * imaginary,
                        amplitude.imaginary * real + amplitude.real * imaginary
                    ).store(state, index &+ half)
                }
            }
        }
    }

    /// ⟨Z⟩ from the last qubit to the first: its halves' difference, and their sum for the qubits before it.
    @inline(__always) private func measure() {
        let (state, probabilities) = (task.state, task.scratch)
        for index in 0..<count {
            let amplitude = ComplexLanes<Vector>(state, Int(task.order[index]))
            (amplitude.real * amplitude.real + amplitude.imaginary * amplitude.imaginary)
                .store(probabilities + Vector.width &* index)
        }
        var qubit = task.qubitCount
        while qubit > 0 {
            qubit &-= 1
            let half = 1 &<< qubit
            var difference = Vector(all: 0)
            for index in 0..<half {
                let lower = probabilities + Vector.width &* index
                let (zero, one) = (Vector.load(lower), Vector.load(lower + Vector.width &* half))
                difference = difference + (zero - one)
                (zero + one).store(lower)
            }
            difference.store(task.expectations + qubit &* task.sampleStride)
        }
    }
}

// MARK: - Gates

/// A complex number of each lane.
struct ComplexLanes<Vector: Lanes> {
    let real: Vector
    let imaginary: Vector

    @inline(__always) init(_ real: Vector, _ imaginary: Vector) {
        (self.real, self.imaginary) = (real, imaginary)
    }

    @inline(__always) init(_ state: UnsafePointer<Vector.Real>, _ index: Int) {
        let place = state + 2 &* Vector.width &* index
        self.init(Vector.load(place), Vector.load(place + Vector.width))
    }

    @inline(__always) func store(_ state: UnsafeMutablePointer<Vector.Real>, _ index: Int) {
        let place = state + 2 &* Vector.width &* index
        real.store(place)
        imaginary.store(place + Vector.width)
    }

    @inline(__always) func times(_ factor: Vector) -> Self { Self(real * factor, imaginary * factor) }
}

/// [[a, b], [−b*, a*]], the same in all lanes.
struct QubitUnitary<Vector: Lanes> {
    let (aReal, aImaginary): (Vector, Vector)
    let (bReal, bImaginary): (Vector, Vector)

    @inline(__always) init(_ gate: UnsafePointer<Vector.Real>) {
        (aReal, aImaginary) = (Vector(all: gate[0]), Vector(all: gate[1]))
        (bReal, bImaginary) = (Vector(all: gate[2]), Vector(all: gate[3]))
    }

    @inline(__always) private init(
        _ aReal: Vector, _ aImaginary: Vector, _ bReal: Vector, _ bImaginary: Vector
    ) {
        (self.aReal, self.aImaginary) = (aReal, aImaginary)
        (self.bReal, self.bImaginary) = (bReal, bImaginary)
    }

    @inline(__always) var inverse: Self {
        let zero = Vector(all: 0)
        return Self(aReal, zero - aImaginary, zero - bReal, zero - bImaginary)
    }
}

extension Expectations {
    /// Calls `body` with the places of every pair of amplitudes, that in which the qubit is 0 first.
    @inline(__always)
    func forEachPair(_ rotation: CircuitRotation, _ body: (_ zero: Int, _ one: Int) -> Void) {
        let (mask, role) = (Int(rotation.mask), Int(rotation.role))
        let pivot = 1 &<< (UInt32.bitWidth &- 1 &- rotation.mask.leadingZeroBitCount)
        var block = 0
        while block < count {
            for index in block..<block &+ pivot {
                let isOdd = (index & role).nonzeroBitCount & 1
                let zero = index ^ (mask & (0 &- isOdd))
                body(zero, zero ^ mask)
            }
            block &+= 2 &* pivot
        }
    }

    /// The same where it does not matter which is first.
    @inline(__always)
    func forEachUnorderedPair(_ rotation: CircuitRotation, _ body: (Int, Int) -> Void) {
        let mask = Int(rotation.mask)
        let pivot = 1 &<< (UInt32.bitWidth &- 1 &- rotation.mask.leadingZeroBitCount)
        var block = 0
        while block < count {
            for index in block..<block &+ pivot { body(index, index ^ mask) }
            block &+= 2 &* pivot
        }
    }

    @inline(__always)
    func rotateX(
        _ state: UnsafeMutablePointer<Vector.Real>, _ rotation: CircuitRotation, cosine: Vector, sine: Vector
    ) {
        forEachUnorderedPair(rotation) {
            let (a, b) = (ComplexLanes<Vector>(state, $0), ComplexLanes<Vector>(state, $1))
            ComplexLanes(
                cosine * a.real + sine * b.imaginary, cosine * a.imaginary - sine * b.real
            ).store(state, $0)
            ComplexLanes(
                cosine * b.real + sine * a.imaginary, cosine * b.imaginary - sine * a.real
            ).store(state, $1)
        }
    }

    @inline(__always)
    func rotate(
        _ state: UnsafeMutablePointer<Vector.Real>, _ rotation: CircuitRotation, _ gate: QubitUnitary<Vector>
    ) {
        forEachPair(rotation) {
            let (zero, one) = (ComplexLanes<Vector>(state, $0), ComplexLanes<Vector>(state, $1))
            let zeroReal = gate.aReal * zero.real - gate.aImaginary * zero.imaginary
            let zeroImaginary = gate.aReal * zero.imaginary + gate.aImaginary * zero.real
            let oneReal = gate.aReal * one.real + gate.aImaginary * one.imaginary
            let oneImaginary = gate.aReal * one.imaginary - gate.aImaginary * one.real
            let crossReal = gate.bReal * one.real - gate.bImaginary * one.imaginary
            let crossImaginary = gate.bReal * one.imaginary + gate.bImaginary * one.real
            let backReal = gate.bReal * zero.real + gate.bImaginary * zero.imaginary
            let backImaginary = gate.bReal * zero.imaginary - gate.bImaginary * zero.real
            ComplexLanes(zeroReal + crossReal, zeroImaginary + crossImaginary).store(state, $0)
            ComplexLanes(oneReal - backReal, oneImaginary - backImaginary).store(state, $1)
        }
    }
}
