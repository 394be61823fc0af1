import Compute
import Neurons

/// How much a projection holds, counted without making it.
package struct ProjectionSize: Sendable {
    package let inputCount: Int
    package let neuronCount: Int
    let currentCount: Int
    let isFull: Bool
    /// Elements of the weights of one current, as they are laid out; of a random projection at most.
    let currentSize: Count
    /// Runs of neighbouring synapses; 0 of a full projection.
    let runCount: Count
    /// Synapses of all currents; of a random projection the expectation where ``isExpectation`` says so.
    package let synapseCount: Count
    /// Trainable numbers, likewise.
    package let parameterCount: Count
    /// Whether the synapses are too many to draw just for counting them.
    package let isExpectation: Bool

    /// - Parameter counts: whether the synapses of random projections are counted by drawing them, where they are not too
    ///   many.
    init(
        _ connectivity: Connectivity, inputCount: Int, neuronCount: Int, currentCount: Int,
        counts isCounting: Bool = false
    ) {
        self.inputCount = inputCount
        self.neuronCount = neuronCount
        self.currentCount = currentCount
        isFull = connectivity == .full
        let pairs = Count.of(inputCount, neuronCount)
        let tiles = Population.tileCount(neuronCount)
        var isExpectation = false
        var synapses: Count
        let (parameters, runs, largest): (Count, Count, Count)
        switch connectivity {
        case .full:
            synapses = pairs
            (parameters, runs, largest) = (pairs, .zero, Count.of(tiles, tileWidth, inputCount))
        case .oneToOne:
            synapses = Count(inputCount)
            (parameters, runs, largest) = (synapses, synapses, synapses)
        case .random(let probability, _):
            let mean = probability * Double(pairs.value)
            // Beyond eight standard deviations there is nothing to be seen.
            let most = min(Count(roundingUp: mean + 8 * mean.squareRoot() + 8), pairs)
            isExpectation = !isCounting || mean > Double(SynapseRuns.largestDraw)
            synapses = Count(Int(min(mean.rounded(), Double(pairs.value))))
            if !isExpectation {
                var count = 0
                SynapseRuns.forEachSynapse(connectivity, inputCount: inputCount, neuronCount: neuronCount) {
                    _, _, _ in count += 1
                }
                synapses = Count(count)
            }
            (parameters, runs, largest) = (synapses, most, most)
        case .convolution(let convolution):
            let groups = Count(convolution.synapseGroupCount)
            let features = Count(convolution.features)
            synapses = groups.times(features)
            let weights = Count(convolution.usedWeightCount)
            // The runs of a place's features end at tiles.
            (parameters, largest) = (weights, weights)
            runs = groups.times(features.dividedRoundingUp(by: tileWidth) + Count(1))
        case .explicit(let listed):
            synapses = Count(listed.count)
            (parameters, runs, largest) = (synapses, synapses, synapses)
        }
        synapseCount = synapses.times(currentCount)
        parameterCount = parameters.times(currentCount)
        runCount = runs
        self.isExpectation = isExpectation
        let group = SynapseRuns.weightGroup
        currentSize = isFull ? largest : largest.dividedRoundingUp(by: group).times(group)
    }

    /// Elements of the weights.
    package var weightCount: Count { currentSize.times(currentCount) }

    /// Elements of the weights as they are kept for the errors of the source: ``ProjectionMemory/keptWeights``.
    var keptWeightCount: Count {
        guard isFull else { return weightCount }
        return Count.of(currentCount, Population.tileCount(inputCount), neuronCount, tileWidth)
    }

    /// Bytes of the weights and of the lists of synapses, and of what is needed while they are made.
    var bytes: Count {
        let bytes = weightCount.times(4)
        guard !isFull else { return bytes }
        // The runs, where those of each input begin, fan-ins; the fan-in of each weight while the weights are drawn.
        return bytes + runCount.times(MemoryLayout<SynapseRun>.stride)
            + Count.of(4, inputCount + 1 + neuronCount) + currentSize.times(8)
    }
}

extension Connectivity.Convolution {
    /// Places of the kernel at which it covers a row or column of the plane.
    func places(_ position: Int, count: Int) -> Range<Int> {
        let first = max(0, (position - kernelSize + stride) / stride)
        let end = min(count, position / stride + 1)
        return first..<max(first, end)
    }

    /// Synapses onto the first feature.
    fileprivate var synapseGroupCount: Int {
        // At most 65,536 neurons before times 65,536 after.
        func covered(_ side: Int, _ count: Int) -> Int {
            (0..<side).reduce(0) { $0 + places($1 + padding, count: count).count }
        }
        return covered(height, outputHeight) * covered(width, outputWidth) * inputFeatures
    }

    /// Weights of a channel up to the last that acts on anything: parts of a kernel wider than the plane do not.
    fileprivate var usedWeightCount: Int {
        func last(_ side: Int, _ count: Int) -> Int {
            (0..<side).map { position in
                let places = places(position + padding, count: count)
                return places.isEmpty ? -1 : position + padding - places.lowerBound * stride
            }.max() ?? -1
        }
        let (row, column) = (last(height, outputHeight), last(width, outputWidth))
        if row < 0 || column < 0 { return 0 }
        return (row * kernelSize + column + 1) * inputFeatures * features
    }
}
