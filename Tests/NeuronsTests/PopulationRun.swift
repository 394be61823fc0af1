import Compute

/// One run of a case through a fast path, and its reverse.
struct PopulationRun<Engine: PopulationEngine> {
    typealias Real = Engine.Real

    let test: PopulationCase
    let engine: Engine
    /// Words of the raster, `[row][tile][channel]`.
    private(set) var words: AlignedBuffer<UInt64>
    /// `[tile][channel][row][64]`
    private(set) var firing: AlignedBuffer<Real>
    /// `[tile][row][2][16]`
    private(set) var rowSums: AlignedBuffer<Real>
    private var currents: AlignedBuffer<Real>

    /// Identities of the samples in the random streams: not their positions.
    static func identity(ofSample sample: Int) -> Int { 1000 + 7 * sample }

    static func stream(_ test: PopulationCase) -> RandomStream {
        RandomStream(seed: test.seed + 500, purpose: .spike, population: 3, epoch: 2)
    }

    init(_ test: PopulationCase, _ engine: Engine) {
        self.test = test
        self.engine = engine
        let elements = test.tileCount * test.channelCount * test.rowCount * tileWidth
        currents = AlignedBuffer(repeating: 0, count: elements)
        firing = AlignedBuffer(repeating: .nan, count: elements)
        words = AlignedBuffer(repeating: ~0, count: test.rowCount * test.tileCount * test.channelCount)
        rowSums = AlignedBuffer(repeating: .nan, count: test.tileCount * test.rowCount * 32)
        for sample in 0..<test.sampleCount {
            for neuron in 0..<test.neuronCount {
                for step in 0..<test.stepCount {
                    for channel in 0..<test.channelCount {
                        currents[place(sample, neuron, step, channel)] =
                            Real(test.currents[sample][neuron][step][channel])
                    }
                }
            }
        }
        let identities = AlignedBuffer((0..<test.sampleCount).map { UInt32(Self.identity(ofSample: $0)) })
        for tile in 0..<test.tileCount {
            engine.step(
                tile: tile, currents: currents.view[(tile * tileSize)...],
                spikes: words.mutableView()[(tile * test.channelCount)...], wordsPerRow: wordsPerRow,
                firing: firing.mutableView()[(tile * tileSize)...],
                rowSums: rowSums.mutableView()[(32 * tile * test.rowCount)...], identities: identities.view,
                random: Self.stream(test))
        }
    }

    private var tileSize: Int { test.channelCount * test.rowCount * tileWidth }
    private var wordsPerRow: Int { test.tileCount * test.channelCount }

    private func place(_ sample: Int, _ neuron: Int, _ step: Int, _ channel: Int) -> Int {
        let (tile, lane) = (neuron / tileWidth, neuron % tileWidth)
        let row = sample * test.stepCount + step
        return tile * tileSize + (channel * test.rowCount + row) * tileWidth + lane
    }

    /// Spikes of one neuron, `[step][channel]`. Neurons past the last may be asked too.
    func spikes(sample: Int, neuron: Int) -> [[Int]] {
        (0..<test.stepCount).map { step in
            (0..<test.channelCount).map { channel in
                let word =
                    (sample * test.stepCount + step) * wordsPerRow
                    + neuron / tileWidth * test.channelCount + channel
                return Int(words[word] >> UInt64(neuron % tileWidth) & 1)
            }
        }
    }

    /// p(s_t^n = 1 | s^{t−1}) of one neuron, `[step][channel]`.
    func firing(sample: Int, neuron: Int) -> [[Double]] { values(firing, sample, neuron) }

    /// Σ p and Σ p² over the neurons of a tile and its channels.
    func sums(tile: Int, row: Int) -> (firing: Double, squares: Double) {
        let first = 32 * (tile * test.rowCount + row)
        return (
            (0..<16).reduce(0) { $0 + Double(rowSums[first + $1]) },
            (0..<16).reduce(0) { $0 + Double(rowSums[first + 16 + $1]) }
        )
    }

    private func values(
        _ buffer: AlignedBuffer<Real>, _ sample: Int, _ neuron: Int
    ) -> [[Double]] {
        (0..<test.stepCount).map { step in
            (0..<test.channelCount).map { Double(buffer[place(sample, neuron, step, $0)]) }
        }
    }

    /// The same run with the spikes of another one, whatever path that took.
    func forcing<Other>(_ other: PopulationRun<Other>) -> Self {
        var copy = self
        copy.words = other.words
        return copy
    }

    /// What the adjoint gives.
    struct Gradient {
        /// ∂L/∂z, `[sample][neuron][step][channel]`.
        var currents: [[[[Double]]]]
        /// ∂L/∂θ, `[neuron][angle]`.
        var angles: [[Double]]
        /// The largest magnitude in lanes past the last neuron.
        var padding: Double
    }

    /// The gradient of Σ errors · s.
    ///
    /// - Parameters:
    ///   - errors: ∂L/∂s, `[sample][neuron][step][channel]`.
    ///   - regulariser: the factors (A, B) of each row, or nil.
    func gradient(
        errors: [[[[Double]]]], regulariser: [(Double, Double)]? = nil,
        surrogate: SurrogateKind = .straightThrough
    ) -> Gradient {
        var buffer = AlignedBuffer<Real>(repeating: 0, count: currents.count)
        for sample in 0..<test.sampleCount {
            for neuron in 0..<test.neuronCount {
                for step in 0..<test.stepCount {
                    for channel in 0..<test.channelCount {
                        buffer[place(sample, neuron, step, channel)] =
                            Real(errors[sample][neuron][step][channel])
                    }
                }
            }
        }
        let factors = regulariser.map { AlignedBuffer($0.flatMap { [Real($0.0), Real($0.1)] }) }
        var angles: [[Real]] = []
        for tile in 0..<test.tileCount {
            angles.append(
                engine.adjoint(
                    tile: tile, currents: currents.view[(tile * tileSize)...],
                    spikes: words.view[(tile * test.channelCount)...], wordsPerRow: wordsPerRow,
                    errors: buffer.mutableView()[(tile * tileSize)...], regulariser: factors?.view,
                    surrogate: surrogate))
        }
        func angleGradient(_ neuron: Int) -> [Double] {
            (0..<test.model.parameterCount).map {
                Double(angles[neuron / tileWidth][$0 * tileWidth + neuron % tileWidth])
            }
        }
        let padding = (test.neuronCount..<test.tileCount * tileWidth).flatMap { neuron in
            angleGradient(neuron)
                + (0..<test.sampleCount).flatMap { values(buffer, $0, neuron).flatMap { $0 } }
        }
        return Gradient(
            currents: (0..<test.sampleCount).map { sample in
                (0..<test.neuronCount).map { values(buffer, sample, $0) }
            },
            angles: (0..<test.neuronCount).map(angleGradient),
            padding: padding.map(\.magnitude).reduce(0) { $0.isNaN || $1.isNaN ? .nan : max($0, $1) })
    }
}
