import LinearAlgebra
import NeuronAnalysis
import Compute
import Neurons

/// A neuron under way: what is in its memory, and how it goes on.
protocol NeuronRun: Sendable {
    /// Goes back to the ground state.
    ///
    /// - Parameter random: the random numbers of each shot from then on.
    mutating func restart(random: (Int) -> RandomWalk)

    /// The firing of each step and channel, from where the neuron is.
    mutating func firing(_ embeddings: [[Double]]) -> [Double]
}

/// A neuron whose spikes nobody looks at: the state of its memory averaged over them.
struct AveragedRun: NeuronRun {
    private let map: BilinearMap
    private let ground: [Double]
    private let channels: Int
    private var state: [Double]

    init(_ instrument: SpikingInstrument) {
        let (dimension, patterns) = (instrument.stateDimension, instrument.patternCount)
        channels = instrument.channelCount
        ground = instrument.ground
        state = ground
        // First the new state, summed over all spikes; then the probability that each channel fires.
        let terms = instrument.terms.map { term in
            var rows = RealMatrix(rowCount: dimension + instrument.channelCount, columnCount: dimension)
            for pattern in 0..<patterns {
                for column in 0..<dimension {
                    for row in 0..<dimension {
                        rows[row, column] += term[pattern * dimension + row, column]
                    }
                    for channel in 0..<instrument.channelCount
                    where pattern >> (instrument.channelCount - 1 - channel) & 1 == 1 {
                        rows[dimension + channel, column] += term[pattern * dimension, column]
                    }
                }
            }
            return rows
        }
        map = BilinearMap(terms)
    }

    mutating func restart(random: (Int) -> RandomWalk) { state = ground }

    /// E[s_t^n] of each step and channel.
    mutating func firing(_ embeddings: [[Double]]) -> [Double] {
        var image = map.newImage
        var firing: [Double] = []
        firing.reserveCapacity(embeddings.count * channels)
        for embedding in embeddings {
            map.apply(embedding, to: state, into: &image)
            for index in state.indices { state[index] = image[index] }
            firing.append(contentsOf: image[state.count...])
        }
        return firing
    }
}

/// A neuron that is run several times on the same input, with the spikes it happens to fire.
struct SampledRun: NeuronRun {
    /// Four elements of a state or of a column of a map, the last ones filled up with zeros.
    private typealias Chunk = SIMD4<Double>

    private let map: BilinearMap
    private let ground: [Chunk]
    private let dimension: Int
    private let channels: Int
    private let shots: Int
    private var random: [RandomWalk] = []
    /// `[shot][chunk]`
    private var states: [Chunk] = []

    init(_ instrument: SpikingInstrument, shots: Int) {
        map = BilinearMap(instrument.terms)
        dimension = instrument.stateDimension
        ground = Self.chunks(instrument.ground[...])
        channels = instrument.channelCount
        self.shots = shots
    }

    private static func chunks(_ elements: ArraySlice<Double>) -> [Chunk] {
        stride(from: elements.startIndex, to: elements.endIndex, by: 4).map { start in
            var chunk = Chunk.zero
            for index in start..<min(start + 4, elements.endIndex) { chunk[index - start] = elements[index] }
            return chunk
        }
    }

    mutating func restart(random: (Int) -> RandomWalk) {
        self.random = (0..<shots).map(random)
        states = (0..<shots).flatMap { _ in ground }
    }

    /// The share of shots in which each channel fires, for each step.
    ///
    /// All shots go through a step together, since its maps are the same for all.
    mutating func firing(_ embeddings: [[Double]]) -> [Double] {
        let (patterns, chunkCount) = (1 << channels, ground.count)
        var counts = [Double](repeating: 0, count: embeddings.count * channels)
        var next = ground
        // Local while they change: the loop below is all that takes time.
        var (states, random) = (self.states, self.random)
        (self.states, self.random) = ([], [])
        defer { (self.states, self.random) = (states, random) }
        for (step, embedding) in embeddings.enumerated() {
            // Element (column, row); row (pattern, i).
            let maps = map.contracted(with: embedding)
            // `[pattern][column][chunk]`
            let columns = (0..<patterns).flatMap { pattern in
                (0..<dimension).flatMap { column in
                    let start = (column * patterns + pattern) * dimension
                    return Self.chunks(maps[start..<start + dimension])
                }
            }
            // The rows that give a pattern's probability, `[pattern][chunk]`.
            let weights = (0..<patterns).flatMap { pattern in
                Self.chunks(
                    (0..<dimension).map { maps[($0 * patterns + pattern) * dimension] }[...])
            }
            for shot in 0..<shots {
                let start = shot * chunkCount
                func weight(_ pattern: Int) -> Double {
                    var sum = Chunk.zero
                    for chunk in 0..<chunkCount {
                        sum += weights[pattern * chunkCount + chunk] * states[start + chunk]
                    }
                    return sum.sum()
                }
                // The weights add up to 1, the probability of the state before.
                var rest = Double.random(in: 0..<1, using: &random[shot])
                var pattern = 0
                var probability = weight(0)
                while rest >= probability, pattern < patterns - 1 {
                    rest -= probability
                    pattern += 1
                    probability = weight(pattern)
                }
                // The last patterns may be impossible, and the rest beyond the others by rounding alone.
                while probability <= 0, pattern > 0 {
                    pattern -= 1
                    probability = weight(pattern)
                }
                for chunk in 0..<chunkCount { next[chunk] = .zero }
                for column in 0..<dimension {
                    let factor = states[start + column / 4][column % 4]
                    let from = (pattern * dimension + column) * chunkCount
                    for chunk in 0..<chunkCount { next[chunk] += factor * columns[from + chunk] }
                }
                for chunk in 0..<chunkCount { states[start + chunk] = next[chunk] / probability }
                for channel in 0..<channels where pattern >> (channels - 1 - channel) & 1 == 1 {
                    counts[step * channels + channel] += 1
                }
            }
        }
        return counts.map { $0 / Double(shots) }
    }
}

/// Σ_B b_B W_B, column by column, so that the inner loop adds vectors.
private struct BilinearMap {
    private let rowCount: Int
    private let columnCount: Int
    /// Element (B, column, row).
    private let elements: [Double]

    init(_ terms: [RealMatrix]) {
        rowCount = terms[0].rowCount
        columnCount = terms[0].columnCount
        elements = terms.flatMap { term in
            (0..<term.columnCount).flatMap { column in
                (0..<term.rowCount).map { row in term[row, column] }
            }
        }
    }

    var newImage: [Double] { [Double](repeating: 0, count: rowCount) }

    /// Σ_B b_B W_B r.
    func apply(_ embedding: [Double], to state: [Double], into image: inout [Double]) {
        for row in 0..<rowCount { image[row] = 0 }
        for (term, weight) in embedding.enumerated() where weight != 0 {
            for column in 0..<columnCount {
                let factor = weight * state[column]
                if factor == 0 { continue }
                let start = (term * columnCount + column) * rowCount
                for row in 0..<rowCount { image[row] += factor * elements[start + row] }
            }
        }
    }

    /// Σ_B b_B W_B, element (column, row).
    func contracted(with embedding: [Double]) -> [Double] {
        let size = rowCount * columnCount
        var sum = [Double](repeating: 0, count: size)
        for (term, weight) in embedding.enumerated() where weight != 0 {
            for index in 0..<size { sum[index] += weight * elements[term * size + index] }
        }
        return sum
    }
}
