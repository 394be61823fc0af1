import KernelTasks

/// Working memory of one step of one sample for one neuron group, and the algebra on it.
struct GeneralRecord<Number: Amplitude> {
    typealias Vector = Number.Vector

    let shape: NeuronShape
    let base: UnsafeMutablePointer<Vector.Real>

    /// Elements from one record to the next.
    @inline(__always) static func size(_ shape: NeuronShape) -> Int {
        let amplitudes = shape.memoryCount &+ 2 &* shape.dimension
        let numbers = 2 &* shape.ioQubits &+ 2 &* shape.patternCount &+ 2
        return (amplitudes &* Number.partCount &+ numbers) &* Vector.width
    }

    @inline(__always) private var amplitude: Int { Number.partCount &* Vector.width }

    /// m, the memory before the step, not normalised: every probability is a ratio to ``norm``.
    @inline(__always) var memory: AmplitudeLanes<Number> { AmplitudeLanes(base: base) }
    /// a ⊗ m, the state with the currents embedded.
    @inline(__always) var before: AmplitudeLanes<Number> {
        AmplitudeLanes(base: base + shape.memoryCount &* amplitude)
    }
    /// V (a ⊗ m); in the adjoint, later ∂L/∂(V (a ⊗ m)).
    @inline(__always) var after: AmplitudeLanes<Number> {
        AmplitudeLanes(base: base + (shape.memoryCount &+ shape.dimension) &* amplitude)
    }
    @inline(__always) private var numbers: UnsafeMutablePointer<Vector.Real> {
        base + (shape.memoryCount &+ 2 &* shape.dimension) &* amplitude
    }
    /// Cosine and sine of half the rotation angle of each channel.
    @inline(__always) var turns: RealLanes<Vector> { RealLanes(base: numbers) }
    /// a_x without its phase (−i)^{|x|}, which the instrument has, for each input pattern x.
    @inline(__always) var embedding: RealLanes<Vector> {
        RealLanes(base: numbers + 2 &* shape.ioQubits &* Vector.width)
    }
    /// ‖v_s‖² of each spike pattern s but 0.
    @inline(__always) var weights: RealLanes<Vector> {
        RealLanes(base: numbers + (2 &* shape.ioQubits &+ shape.patternCount) &* Vector.width)
    }
    @inline(__always) private var lengths: RealLanes<Vector> {
        RealLanes(base: numbers + 2 &* (shape.ioQubits &+ shape.patternCount) &* Vector.width)
    }
    /// ‖m‖²
    @inline(__always) var norm: Vector {
        get { lengths[0] }
        nonmutating set { lengths[0] = newValue }
    }
    /// What the collapsed amplitudes were multiplied by, a power of two.
    @inline(__always) var scale: Vector {
        get { lengths[1] }
        nonmutating set { lengths[1] = newValue }
    }

    @inline(__always) func resetMemory() {
        memory[0] = Number.one
        norm = Vector(all: 1)
        var index = 1
        while index < shape.memoryCount {
            memory[index] = Number.zero
            index &+= 1
        }
    }

    /// The memory of a sample to begin with: |0…0⟩ at step 0, what was carried otherwise.
    @inline(__always)
    func beginMemory(_ carried: UnsafePointer<Vector.Real>?, sample: Int, group: Int) {
        guard let carried else { return resetMemory() }
        let length = shape.memoryCount &* amplitude
        let source = carried + Self.carriedPlace(shape, sample: sample, group: group)
        base.update(from: source, count: length)
        norm = Vector.load(source + length)
    }

    @inline(__always)
    func leaveMemory(_ carried: UnsafeMutablePointer<Vector.Real>?, sample: Int, group: Int) {
        guard let carried else { return }
        let length = shape.memoryCount &* amplitude
        let target = carried + Self.carriedPlace(shape, sample: sample, group: group)
        target.update(from: base, count: length)
        norm.store(target + length)
    }

    /// Where the amplitudes and the norm of one group of a sample lie in a ``CarriedMemory``.
    @inline(__always) static func carriedPlace(_ shape: NeuronShape, sample: Int, group: Int) -> Int {
        sample &* CarriedMemory.size(memoryQubits: shape.memoryQubits)
            &+ group &* (shape.memoryCount &* Number.partCount &+ 1) &* Vector.width
    }

    /// Embeds the currents (channel c at `currents + c · stride`): `before = a ⊗ memory`.
    @inline(__always)
    func embed(_ currents: UnsafePointer<Vector.Real>, stride: Int) {
        for channel in 0..<shape.ioQubits {
            let current = Vector.load(currents + channel &* stride)
            let (sine, cosine) = current.positivePart.sineCosineOfQuarterTurns
            turns[2 &* channel] = cosine
            turns[2 &* channel &+ 1] = sine
        }
        for pattern in 0..<shape.patternCount {
            var product = turns[shape.isOne(pattern, 0) ? 1 : 0]
            var channel = 1
            while channel < shape.ioQubits {
                product = product * turns[2 &* channel &+ (shape.isOne(pattern, channel) ? 1 : 0)]
                channel &+= 1
            }
            embedding[pattern] = product
            for index in 0..<shape.memoryCount {
                before[pattern &* shape.memoryCount &+ index] = memory[index].scaled(by: product)
            }
        }
    }

    /// ‖v_s‖² of every pattern but 0.
    @inline(__always) func measure() {
        var pattern = 1
        while pattern < shape.patternCount {
            weights[pattern] = after.advanced(by: pattern &* shape.memoryCount).squaredLength(
                shape.memoryCount)
            pattern &+= 1
        }
    }

    /// The same for what general and noisy neurons have in common.
    @inline(__always) var patternWeights: PatternWeights<Vector> {
        PatternWeights(shape: shape, weights: weights, total: norm)
    }

    /// Collapse (7): the memory of the next step, for the pattern that each lane measured.
    ///
    /// - Parameter isPattern: lanes that measured a pattern from 1 upwards, or a higher one, which comes later.
    /// - Returns: ‖v_s‖² of that pattern.
    @inline(__always) @discardableResult
    func collapse(to next: Self, _ isPattern: (Int) -> Vector.Bits) -> Vector {
        next.memory.takeBlock(
            of: after, size: shape.memoryCount, patternCount: shape.patternCount, isPattern)
        let length = next.memory.squaredLength(shape.memoryCount)
        // A power of two keeps the length near 1 and is exact; so no reciprocal square root is needed.
        let factor = length.scaleToUnit
        for index in 0..<shape.memoryCount { next.memory[index] = next.memory[index].scaled(by: factor) }
        scale = factor
        next.norm = length * (factor * factor)
        return length
    }
}

/// The instrument of one neuron group, and the records of a block of samples.
struct GeneralMachine<Number: Amplitude> {
    typealias Vector = Number.Vector

    let shape: NeuronShape
    /// V in one piece: in a tile the entries of one group lie so far apart that they share cache sets.
    let instrument: AmplitudeLanes<Number>
    private let records: UnsafeMutablePointer<Vector.Real>
    private let recordsPerSample: Int

    @inline(__always)
    init(_ shape: NeuronShape, recordsPerSample: Int, scratch: UnsafeMutablePointer<Vector.Real>) {
        self.shape = shape
        self.recordsPerSample = recordsPerSample
        instrument = AmplitudeLanes(base: scratch)
        let entries = shape.dimension &* shape.dimension
        records = scratch + entries &* Number.partCount &* Vector.width
    }

    @inline(__always) func record(sample: Int, step: Int = 0) -> GeneralRecord<Number> {
        let index = sample &* recordsPerSample &+ step
        return GeneralRecord(shape: shape, base: records + index &* GeneralRecord<Number>.size(shape))
    }

    /// What lies behind the records of `sampleCount` samples.
    @inline(__always) func rest(sampleCount: Int) -> UnsafeMutablePointer<Vector.Real> {
        records + sampleCount &* recordsPerSample &* GeneralRecord<Number>.size(shape)
    }

    /// Takes the instrument of the group that begins at `lane` out of its tile.
    @inline(__always) func loadInstrument(_ tile: UnsafePointer<Vector.Real>, lane: Int) {
        for entry in 0..<shape.dimension &* shape.dimension {
            let source = tile + entry &* Number.partCount &* tileWidth + lane
            instrument[entry] = Number.load(source, stride: tileWidth)
        }
    }

    /// `after = V · before` for one step of some samples.
    ///
    /// Four rows of V at a time, which are independent chains of additions, serve all samples. A circuit of one
    /// qubit has its two rows done twice.
    @inline(__always) func transform(sampleCount: Int, step: Int = 0) {
        let last = shape.dimension &- 1
        for row in stride(from: 0, to: shape.dimension, by: 4) {
            let rows = (row, row &+ 1, (row &+ 2) & last, (row &+ 3) & last)
            let first = instrument.advanced(by: rows.0 &* shape.dimension)
            let second = instrument.advanced(by: rows.1 &* shape.dimension)
            let third = instrument.advanced(by: rows.2 &* shape.dimension)
            let fourth = instrument.advanced(by: rows.3 &* shape.dimension)
            for sample in 0..<sampleCount {
                let record = record(sample: sample, step: step)
                let state = record.before[0]
                var sums = (first[0] * state, second[0] * state, third[0] * state, fourth[0] * state)
                var column = 1
                while column < shape.dimension {
                    let state = record.before[column]
                    sums.0 = sums.0 + first[column] * state
                    sums.1 = sums.1 + second[column] * state
                    sums.2 = sums.2 + third[column] * state
                    sums.3 = sums.3 + fourth[column] * state
                    column &+= 1
                }
                record.after[rows.0] = sums.0
                record.after[rows.1] = sums.1
                record.after[rows.2] = sums.2
                record.after[rows.3] = sums.3
            }
        }
    }
}
