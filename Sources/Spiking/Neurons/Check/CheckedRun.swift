import Compute

/// A population at random parameters, what it is given, and what its engine makes of that.
struct CheckedRun {
    let model: any NeuronModel
    let population: Population
    /// Numbers that single precision has, so that engine and reference get the same.
    let parameters: [[Double]]
    let sampleCount: Int
    let stepCount: Int
    /// z, `[sample][neuron][step][current]`
    let currents: [[[[Double]]]]
    /// ∂L/∂s, `[sample][neuron][step][channel]`
    let errors: [[[[Double]]]]
    /// Factors (A, B) of the regulariser, `[row][2]`.
    let factors: [Double]

    var channelCount: Int { model.channelCount }
    var currentCount: Int { model.currentCount }
    var neuronCount: Int { population.neuronCount }
    var rowCount: Int { sampleCount * stepCount }
    private var wordsPerRow: Int { population.tileCount * channelCount }

    init(
        _ model: any NeuronModel, neuronCount: Int, sampleCount: Int, stepCount: Int,
        range: ClosedRange<Float>, seed: UInt64
    ) throws {
        var random = RandomStream(seed: seed, purpose: .analysis).generator(sample: neuronCount)
        func draw(_ count: Int, _ number: (inout RandomWalk) -> Float) -> [[[[Double]]]] {
            (0..<sampleCount).map { _ in
                (0..<neuronCount).map { _ in
                    (0..<stepCount).map { _ in (0..<count).map { _ in Double(number(&random)) } }
                }
            }
        }
        self.model = model
        self.sampleCount = sampleCount
        self.stepCount = stepCount
        parameters = (0..<neuronCount).map { _ in
            model.parameterGroups.flatMap { group in
                (0..<group.count).map { _ in Double(group.drawWidely(&random)) }
            }
        }
        currents = draw(model.currentCount) { random in
            Int.random(in: 0..<10, using: &random) == 0 ? 0 : Float.random(in: range, using: &random)
        }
        errors = draw(model.channelCount) { Float.random(in: -1...1, using: &$0) }
        factors = (0..<2 * sampleCount * stepCount).map { _ in Double(Float.random(in: 0...1, using: &random))
        }
        var population = try Population(model: model, neuronCount: neuronCount)
        for (neuron, values) in parameters.enumerated() {
            population[parameters: neuron] = values.map { Float($0) }
        }
        self.population = population
    }

    /// Where a sample's neuron is at a step.
    struct Place: Hashable {
        let sample, neuron, step: Int

        init(_ sample: Int, _ neuron: Int, _ step: Int) {
            (self.sample, self.neuron, self.step) = (sample, neuron, step)
        }
    }

    struct Forward {
        let simulator: PopulationSimulator
        let currents: AlignedBuffer<Float>
        /// Words, `[row][tile][channel]`.
        var spikes: AlignedBuffer<UInt64>
        /// `[tile][channel][row][64]`
        var firing: AlignedBuffer<Float>
        /// `[tile][row][2][16]`
        var activitySums: AlignedBuffer<Float>
        /// `[tile][row][64]`, where the engine knows them.
        var likelihood: AlignedBuffer<Float>?
        /// After the last step of each window.
        var memory: [Place: [Float]] = [:]
    }

    struct Backward {
        /// ∂L/∂z, `[tile][current][row][64]`
        var errors: AlignedBuffer<Float>
        /// `[tile][parameter][64]`
        var parameters: AlignedBuffer<Float>
    }

    func forward(windowLength: Int, _ instructionSet: InstructionSet) -> Forward {
        let parallelism = Parallelism(threadCount: 1)
        let simulator = PopulationSimulator(
            population, stepCount: stepCount, windowLength: windowLength, parallelism: parallelism,
            carriesMemory: true, instructionSet: instructionSet)
        simulator.prepare(sampleCount: sampleCount)
        simulator.compile(population, parallelism: parallelism)
        let tiles = population.tileCount
        var run = Forward(
            simulator: simulator, currents: packed(currents, parts: currentCount),
            spikes: AlignedBuffer(repeating: ~0, count: rowCount * wordsPerRow),
            firing: AlignedBuffer(repeating: .nan, count: tiles * channelCount * rowCount * tileWidth),
            activitySums: AlignedBuffer(repeating: .nan, count: tiles * rowCount * 32))
        let (spikes, firing, sums) = (
            run.spikes.mutableView(), run.firing.mutableView(), run.activitySums.mutableView()
        )
        var likelihood = AlignedBuffer<Float>(repeating: .nan, count: tiles * rowCount * tileWidth)
        let likelihoods = likelihood.mutableView()
        // The scratch is that of a window.
        let knowsLikelihoods = model.knowsLikelihoods && simulator.windowCount == 1
        let identities = AlignedBuffer((0..<sampleCount).map { UInt32(1000 + 7 * $0) })
        for tile in 0..<tiles {
            let currents = part(run.currents.view, tile, parts: currentCount)
            for window in 0..<simulator.windowCount {
                simulator.step(
                    share(tile), window: window, currents: currents, spikes: spikes[(tile * channelCount)...],
                    wordsPerRow: wordsPerRow, firing: part(firing, tile, parts: channelCount),
                    activitySums: sums.part(tile, size: 32 * rowCount), identities: identities.view,
                    random: RandomStream(seed: 1, purpose: .spike, population: 3, epoch: 2))
            }
            if knowsLikelihoods {
                simulator.findLikelihoods(
                    share(tile), currents: currents, spikes: spikes.view[(tile * channelCount)...],
                    wordsPerRow: wordsPerRow, likelihoods: part(likelihoods, tile, parts: 1))
            }
        }
        if knowsLikelihoods { run.likelihood = likelihood }
        forEachNeuron { sample, neuron in
            for window in 0..<simulator.windowCount {
                run.memory[Place(sample, neuron, simulator.steps(ofWindow: window).upperBound - 1)] =
                    simulator.memory(neuron: neuron, sample: sample, window: window)
            }
        }
        return run
    }

    /// - Parameter isPriced: whether there is a regulariser.
    func backward(_ run: Forward, _ surrogate: SurrogateKind, isPriced: Bool) -> Backward {
        let (simulator, tiles) = (run.simulator, population.tileCount)
        var found = Backward(
            errors: packed(errors, parts: currentCount),
            parameters: AlignedBuffer(
                repeating: 0, count: tiles * population.parameterCount * tileWidth))
        let (errors, gradient) = (found.errors.mutableView(), found.parameters.mutableView())
        let factors = AlignedBuffer(factors.map { Float($0) })
        for tile in 0..<tiles {
            let compiled = WorkingBuffer<Float>(count: simulator.compiledSize).view
            for window in (0..<simulator.windowCount).reversed() {
                simulator.adjoint(
                    share(tile), window: window, currents: part(run.currents.view, tile, parts: currentCount),
                    spikes: run.spikes.view[(tile * channelCount)...], wordsPerRow: wordsPerRow,
                    errors: part(errors, tile, parts: currentCount),
                    regulariser: isPriced ? factors.view : nil,
                    surrogate: surrogate, compiledGradient: compiled)
            }
            simulator.pullBack(
                tile: tile, thread: 0, population: population, compiledGradient: compiled,
                gradient: gradient.part(tile, size: population.parameterCount * tileWidth))
        }
        return found
    }

    private func share(_ tile: Int) -> PopulationSimulator.Share {
        PopulationSimulator.Share(
            tile: tile, thread: 0, neuronCount: population.neuronCount(ofTile: tile), rowCount: rowCount,
            samples: 0..<sampleCount)
    }
}

extension CheckedRun {
    func forEachNeuron(_ body: (_ sample: Int, _ neuron: Int) -> Void) {
        for sample in 0..<sampleCount {
            for neuron in 0..<neuronCount { body(sample, neuron) }
        }
    }

    /// A tile of a quantity with so many currents or channels.
    private func part(_ view: BufferView<Float>, _ tile: Int, parts: Int) -> BufferView<Float> {
        view.part(tile, size: parts * rowCount * tileWidth)
    }

    private func part(_ view: MutableBufferView<Float>, _ tile: Int, parts: Int) -> MutableBufferView<Float> {
        view.part(tile, size: parts * rowCount * tileWidth)
    }

    private func place(_ sample: Int, _ neuron: Int, _ step: Int, _ part: Int, of parts: Int) -> Int {
        let row = (neuron / tileWidth * parts + part) * rowCount + sample * stepCount + step
        return row * tileWidth + neuron % tileWidth
    }

    /// Numbers `[sample][neuron][step][part]` in tiles, 0 where there is none.
    private func packed(_ values: [[[[Double]]]], parts: Int) -> AlignedBuffer<Float> {
        var buffer = AlignedBuffer<Float>(
            repeating: 0, count: population.tileCount * parts * rowCount * tileWidth)
        let view = buffer.mutableView()
        forEachNeuron { sample, neuron in
            for (step, numbers) in values[sample][neuron].enumerated() {
                for (part, number) in numbers.enumerated() {
                    view[place(sample, neuron, step, part, of: parts)] = Float(number)
                }
            }
        }
        return buffer
    }

    func value(
        _ buffer: AlignedBuffer<Float>, _ sample: Int, _ neuron: Int, _ step: Int, _ part: Int, of parts: Int
    ) -> Double { Double(buffer[place(sample, neuron, step, part, of: parts)]) }

    func parameterGradient(_ found: Backward, _ neuron: Int, _ parameter: Int) -> Double {
        let row = neuron / tileWidth * population.parameterCount + parameter
        return Double(found.parameters[row * tileWidth + neuron % tileWidth])
    }

    /// Of one neuron, `[step][channel]`.
    func spikes(_ words: AlignedBuffer<UInt64>, _ sample: Int, _ neuron: Int) -> [[Int]] {
        (0..<stepCount).map { step in
            (0..<channelCount).map { channel in
                let word =
                    (sample * stepCount + step) * wordsPerRow + neuron / tileWidth * channelCount + channel
                return Int(words[word] >> UInt64(neuron % tileWidth) & 1)
            }
        }
    }

    /// Spikes of neurons that do not exist.
    func strays(_ words: AlignedBuffer<UInt64>) -> Int {
        let isPast = (UInt64.max << UInt64((neuronCount - 1) % tileWidth)) << 1
        return words.array.enumerated().reduce(0) { sum, entry in
            let isOfLastTile = entry.offset % wordsPerRow / channelCount == population.tileCount - 1
            return sum + (isOfLastTile ? (entry.element & isPast).nonzeroBitCount : 0)
        }
    }

    /// The largest error of neurons that do not exist.
    func stray(_ errors: AlignedBuffer<Float>) -> Double {
        var largest = 0.0
        for neuron in neuronCount..<population.tileCount * tileWidth {
            for sample in 0..<sampleCount {
                for step in 0..<stepCount {
                    for current in 0..<currentCount {
                        let error = abs(value(errors, sample, neuron, step, current, of: currentCount))
                        largest = error.isNaN ? .infinity : max(largest, error)
                    }
                }
            }
        }
        return largest
    }
}

extension ParameterGroup {
    /// A number about where training begins, within the bounds.
    fileprivate func drawWidely(_ random: inout RandomWalk) -> Float {
        let value: Float
        switch initial {
        case .normal(let mean, let deviation):
            value = Float(mean + max(deviation, 1) * Double.standardNormal(using: &random))
        case .constant(let center):
            value = Float(center) * Float.random(in: 0.5...1.1, using: &random)
        }
        // Not on a bound, beyond which differences would look.
        guard let bounds else { return value }
        return min(max(value, bounds.lowerBound + 1e-3), bounds.upperBound - 1e-3)
    }
}
