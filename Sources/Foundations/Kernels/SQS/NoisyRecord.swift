import KernelTasks

/// Working memory of one step of one sample for one group of noisy neurons, and the algebra on it.
struct NoisyRecord<Vector: Lanes> {
    let shape: NeuronShape
    let layout: NoisyLayout
    let base: UnsafeMutablePointer<Vector.Real>

    @inline(__always) private func lanes(_ register: Int) -> RealLanes<Vector> {
        RealLanes(base: base + register &* Vector.width)
    }

    /// r, the Pauli coefficients before the step, not normalised: every probability is a ratio to the first.
    @inline(__always) var memory: RealLanes<Vector> { lanes(0) }
    /// v ⊗ r, with the currents embedded.
    @inline(__always) var before: RealLanes<Vector> { lanes(layout.memoryCount) }
    /// S (v ⊗ r); in the adjoint, later ∂L/∂(S (v ⊗ r)).
    @inline(__always) var after: RealLanes<Vector> { lanes(layout.memoryCount &+ layout.columnCount) }
    @inline(__always) private var numbers: Int {
        layout.memoryCount &+ layout.columnCount &+ layout.rowCount
    }
    @inline(__always) private var channelForms: Int { layout.ioQubits &* layout.formsPerChannel }
    /// v of each channel.
    @inline(__always) var forms: RealLanes<Vector> { lanes(numbers) }
    /// dv/dz of each channel.
    @inline(__always) var slopes: RealLanes<Vector> { lanes(numbers &+ channelForms) }
    /// Products of one form a channel.
    @inline(__always) var products: RealLanes<Vector> { lanes(numbers &+ 2 &* channelForms) }
    /// p(s) · r_1 of each spike pattern.
    @inline(__always) var weights: RealLanes<Vector> {
        lanes(numbers &+ 2 &* channelForms &+ layout.formCount)
    }
    /// What the collapsed coefficients were multiplied by, a power of two.
    @inline(__always) var scale: Vector {
        get { weights[layout.patternCount] }
        nonmutating set { weights[layout.patternCount] = newValue }
    }

    /// The memory of a sample to begin with: |0…0⟩ at step 0, what was carried otherwise.
    @inline(__always)
    func beginMemory(_ carried: UnsafePointer<Vector.Real>?, sample: Int, group: Int) {
        guard let carried else { return resetMemory() }
        let source = carried + Self.carriedPlace(layout, sample: sample, group: group)
        base.update(from: source, count: layout.memoryCount &* Vector.width)
    }

    @inline(__always)
    func leaveMemory(_ carried: UnsafeMutablePointer<Vector.Real>?, sample: Int, group: Int) {
        guard let carried else { return }
        let target = carried + Self.carriedPlace(layout, sample: sample, group: group)
        target.update(from: base, count: layout.memoryCount &* Vector.width)
    }

    /// Where the coefficients of one group of a sample are carried.
    @inline(__always) static func carriedPlace(_ layout: NoisyLayout, sample: Int, group: Int) -> Int {
        sample &* layout.carriedMemorySize &+ group &* layout.memoryCount &* Vector.width
    }

    /// |0…0⟩: 1 for products of 1 and Z, which have the digits 0 and 3.
    @inline(__always) private func resetMemory() {
        for index in 0..<layout.memoryCount {
            let isDiagonal = (index ^ (index &>> 1)) & 0x5555_5555 == 0
            memory[index] = Vector(all: isDiagonal ? 1 : 0)
        }
    }

    /// Embeds the currents (channel c at `currents + c · stride`): `before = v ⊗ memory`.
    @inline(__always)
    func embed(
        _ currents: UnsafePointer<Vector.Real>, stride: Int, _ embedding: NoisyEmbedding<Vector.Real>
    ) {
        for channel in 0..<layout.ioQubits {
            let constants = embedding.constants + channel &* NoisyEmbedding<Vector.Real>.constantCount
            let current = Vector.load(currents + channel &* stride)
            let isDriven = Vector.isPositive(current)
            let turns = current.positivePart * Vector(all: constants[0])
            let speed = Vector(all: constants[0] * (.pi / 2))
            let (sine, cosine) = turns.sineCosineOfQuarterTurns
            let first = channel &* layout.formsPerChannel
            forms[first] = Vector(all: 1)
            slopes[first] = Vector(all: 0)
            for form in 1..<layout.formsPerChannel {
                let factors = constants + (3 &* form &- 2)
                let (ofCosine, ofSine) = (Vector(all: factors[1]), Vector(all: factors[2]))
                let value = Vector(all: factors[0]) + (ofCosine * cosine + ofSine * sine)
                let ofUndriven = Vector(all: form == 1 ? 1 : 0)
                forms[first &+ form] = value.select(where: isDriven, otherwise: ofUndriven)
                let slope = (ofSine * cosine - ofCosine * sine) * speed
                slopes[first &+ form] = slope.keep(where: isDriven)
            }
        }
        multiplyForms()
        for form in 0..<layout.formCount {
            let factor = products[form]
            let target = RealLanes<Vector>(
                base: before.base + form &* layout.memoryCount &* Vector.width)
            for index in 0..<layout.memoryCount { target[index] = memory[index] * factor }
        }
    }

    /// ``products`` from ``forms``: channel after channel, from the last product down, so that none is lost.
    @inline(__always) private func multiplyForms() {
        products[0] = Vector(all: 1)
        var count = 1
        for channel in 0..<layout.ioQubits {
            var product = count &- 1
            while product >= 0 {
                let factor = products[product]
                var form = layout.formsPerChannel &- 1
                while form >= 0 {
                    products[product &* layout.formsPerChannel &+ form] =
                        factor * forms[channel &* layout.formsPerChannel &+ form]
                    form &-= 1
                }
                product &-= 1
            }
            count &*= layout.formsPerChannel
        }
    }

    /// The weight of every pattern, 0 where it is at most 128 roundings of the total: a memory collapsed to so unlikely a
    /// pattern would be all rounding error, so that those patterns never occur.
    ///
    /// - Returns: them with their sum, r_1 within rounding.
    @inline(__always) func measure() -> PatternWeights<Vector> {
        let floor = memory[0] * Vector(all: 128 * Vector.Real.ulpOfOne)
        // From the last pattern down, as the cumulative distribution.
        var sum = Vector(all: 0)
        var pattern = layout.patternCount &- 1
        while pattern >= 0 {
            let weight = after[pattern &* layout.memoryCount]
            weights[pattern] = weight.keep(where: Vector.isLess(floor, weight))
            sum = sum + weights[pattern]
            pattern &-= 1
        }
        return PatternWeights(shape: shape, weights: weights, total: sum)
    }

    /// Collapse (7): the memory of the next step, for the pattern that each lane measured.
    ///
    /// - Parameter isPattern: lanes that measured a pattern from 1 upwards, or a higher one, which comes later.
    /// - Returns: p(s) · r_1 of that pattern.
    @inline(__always) @discardableResult
    func collapse(to next: Self, _ isPattern: (Int) -> Vector.Bits) -> Vector {
        AmplitudeLanes<RealAmplitude<Vector>>(base: next.memory.base).takeBlock(
            of: AmplitudeLanes(base: after.base), size: layout.memoryCount,
            patternCount: layout.patternCount, isPattern)
        let weight = next.memory[0]
        let factor = weight.scaleToOne
        for index in 0..<layout.memoryCount { next.memory[index] = next.memory[index] * factor }
        scale = factor
        return weight
    }
}
