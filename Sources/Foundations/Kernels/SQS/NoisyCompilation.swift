import KernelTasks

/// Pauli coefficients of all qubits of a group of neurons, and what acts on them.
private struct PauliState<Vector: Lanes> {
    let lanes: RealLanes<Vector>

    @inline(__always) init(base: UnsafeMutablePointer<Vector.Real>) { lanes = RealLanes(base: base) }

    /// 1 in one place, 0 elsewhere.
    @inline(__always) func set(to place: Int, count: Int) {
        for index in 0..<count { lanes[index] = Vector(all: index == place ? 1 : 0) }
    }

    /// (r_a, r_b) ← (cosine r_a − sine r_b, sine r_a + cosine r_b)
    @inline(__always)
    func rotate(_ pairs: UnsafePointer<SIMD2<Int32>>, count: Int, cosine: Vector, sine: Vector) {
        for index in 0..<count {
            let (first, second) = (Int(pairs[index].x), Int(pairs[index].y))
            let (left, right) = (lanes[first], lanes[second])
            lanes[first] = left * cosine - right * sine
            lanes[second] = left * sine + right * cosine
        }
    }

    /// Σ (adjoint_b r_a − adjoint_a r_b): the derivative by the angle of the rotation that came last.
    @inline(__always)
    func rotationDerivative(
        _ pairs: UnsafePointer<SIMD2<Int32>>, count: Int, _ adjoint: Self
    ) -> Vector {
        var sum = Vector(all: 0)
        for index in 0..<count {
            let (first, second) = (Int(pairs[index].x), Int(pairs[index].y))
            sum =
                sum + (adjoint.lanes[second] * lanes[first] - adjoint.lanes[first] * lanes[second])
        }
        return sum
    }

    /// A sparse matrix times these coefficients; row k is `starts[k] ..< starts[k + 1]` of `places` and `values`.
    @inline(__always)
    func map(
        _ starts: UnsafePointer<Int32>, rowCount: Int, _ program: NoisyProgram<Vector.Real>, to target: Self
    ) {
        for row in 0..<rowCount {
            var sum = Vector(all: 0)
            for entry in Int(starts[row])..<Int(starts[row &+ 1]) {
                sum = sum + lanes[Int(program.places[entry])] * Vector(all: program.values[entry])
            }
            target.lanes[row] = sum
        }
    }
}

/// The working memory of one group of neurons.
private struct PauliCompiler<Vector: Lanes> {
    let program: NoisyProgram<Vector.Real>
    private let scratch: UnsafeMutablePointer<Vector.Real>

    @inline(__always) init(_ program: NoisyProgram<Vector.Real>, _ scratch: UnsafeMutablePointer<Vector.Real>)
    {
        self.program = program
        self.scratch = scratch
    }

    /// Sine and cosine of each rotation.
    @inline(__always) private var turns: RealLanes<Vector> { RealLanes(base: scratch) }

    /// The coefficients between two maps; the first are those of the column.
    @inline(__always) func state(_ index: Int) -> PauliState<Vector> {
        let first = 2 &* program.operations.count &+ index &* program.stateCount
        return PauliState(base: scratch + first &* Vector.width)
    }

    @inline(__always) func cosine(_ operation: Int) -> Vector { turns[2 &* operation &+ 1] }
    @inline(__always) func sine(_ operation: Int) -> Vector { turns[2 &* operation] }

    @inline(__always) func loadAngles(_ angles: UnsafePointer<Vector.Real>) {
        for index in 0..<program.operations.count {
            guard case .rotation(let rotation) = program.operations[index] else { continue }
            let quarterTurns: Vector
            if rotation.parameter < 0 {
                quarterTurns = Vector(all: Vector.Real(rotation.fixedTurns))
            } else {
                let angle = Vector.load(angles + Int(rotation.parameter) &* tileWidth)
                quarterTurns = angle * Vector(all: Vector.Real(rotation.scale))
            }
            let (sine, cosine) = quarterTurns.sineCosineOfQuarterTurns
            turns[2 &* index] = sine
            turns[2 &* index &+ 1] = cosine
        }
    }

    /// Sends one column through the circuit; state k is what goes into map k, and the last is what comes out of the last map.
    ///
    /// - Returns: the number of maps.
    @inline(__always) func run(column: Int) -> Int {
        state(0).set(to: Int(program.columns[column]), count: program.stateCount)
        var mapCount = 0
        for index in 0..<program.operations.count {
            switch program.operations[index] {
            case .rotation(let rotation):
                state(mapCount).rotate(
                    program.pairs + rotation.firstPair, count: rotation.pairCount, cosine: cosine(index),
                    sine: sine(index))
            case .map(let map):
                state(mapCount).map(
                    program.starts + map.rows, rowCount: map.rowCount, program, to: state(mapCount &+ 1))
                mapCount &+= 1
            }
        }
        return mapCount
    }
}

extension CompiledKernels {
    public static func compileNoisy(_ task: NoisyCompilationTask<Float>) { compileNoisy(task, Group.self) }
    public static func compileNoisy(_ task: NoisyCompilationTask<Double>) {
        compileNoisy(task, SIMD8<Double>.self)
    }
    public static func pullBackNoisy(_ task: NoisyPullbackTask<Float>) { pullBackNoisy(task, Group.self) }
    public static func pullBackNoisy(_ task: NoisyPullbackTask<Double>) {
        pullBackNoisy(task, SIMD8<Double>.self)
    }

    /// Column after column, whose coefficients stay in the nearest cache through the whole circuit.
    @inline(never)
    private static func compileNoisy<Vector: Lanes>(
        _ task: NoisyCompilationTask<Vector.Real>, _: Vector.Type
    ) {
        let layout = task.program.layout
        let compiler = PauliCompiler<Vector>(task.program, task.scratch)
        var lane = 0
        while lane < tileWidth {
            compiler.loadAngles(task.angles + lane)
            let maps = task.instruments + lane &* layout.rowCount &* layout.columnCount
            for column in 0..<layout.columnCount {
                let result = compiler.state(compiler.run(column: column))
                for row in 0..<layout.rowCount {
                    let entry = row &* layout.columnCount &+ column
                    result.lanes[row].store(maps + entry &* Vector.width)
                }
            }
            lane &+= Vector.width
        }
    }

    /// Each column forward again, keeping what goes into each map, as noise cannot be undone, and back. Rotations are undone.
    @inline(never)
    private static func pullBackNoisy<Vector: Lanes>(
        _ task: NoisyPullbackTask<Vector.Real>, _: Vector.Type
    ) {
        let (program, layout) = (task.program, task.program.layout)
        let compiler = PauliCompiler<Vector>(program, task.scratch)
        var lane = 0
        while lane < tileWidth {
            compiler.loadAngles(task.angles + lane)
            let gradient = task.instrumentGradient + lane &* layout.rowCount &* layout.columnCount
            for column in 0..<layout.columnCount {
                var map = compiler.run(column: column)
                // The result itself is not needed, nor is its room; one more takes turns with it.
                var (adjoint, other) = (compiler.state(map), compiler.state(map &+ 1))
                for row in 0..<layout.rowCount {
                    let entry = row &* layout.columnCount &+ column
                    adjoint.lanes[row] = Vector.load(gradient + entry &* Vector.width)
                }
                var index = program.operations.count &- 1
                while index >= 0 {
                    switch program.operations[index] {
                    case .rotation(let rotation):
                        let state = compiler.state(map)
                        let (pairs, count) = (program.pairs + rotation.firstPair, rotation.pairCount)
                        if rotation.parameter >= 0 {
                            let target =
                                task.angleGradient + Int(rotation.parameter) &* tileWidth + lane
                            let derivative =
                                state.rotationDerivative(pairs, count: count, adjoint)
                                * Vector(all: Vector.Real(rotation.scale * (.pi / 2)))
                            (Vector.load(target) + derivative).store(target)
                        }
                        let (cosine, sine) = (compiler.cosine(index), compiler.sine(index))
                        let backwards = Vector(all: 0) - sine
                        state.rotate(pairs, count: count, cosine: cosine, sine: backwards)
                        adjoint.rotate(pairs, count: count, cosine: cosine, sine: backwards)
                    case .map(let linear):
                        adjoint.map(
                            program.starts + linear.columns, rowCount: linear.columnCount, program,
                            to: other)
                        (adjoint, other) = (other, adjoint)
                        map &-= 1
                    }
                    index &-= 1
                }
            }
            lane &+= Vector.width
        }
    }
}
