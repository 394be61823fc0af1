import Compute

/// Where some samples of a tile lie in the arrays of a population.
struct TilePlace {
    let tile, tileCount, laneCount, neuronCount: Int
    let samples: Range<Int>
    let shape: ArrayPopulation.Shape

    private var rows: Range<Int> {
        samples.lowerBound * shape.steps..<samples.upperBound * shape.steps
    }
    /// Rows from one part to the next of what is packed.
    private var capacity: Int { shape.pieceLength * shape.steps }

    var window: NeuronWindow {
        NeuronWindow(
            tile: tile, neuronCount: laneCount, sampleCount: samples.count, rowStride: shape.steps,
            stepCount: shape.steps, firstStep: 0, channelStride: capacity * tileWidth)
    }

    // Views are taken no parts of in loops: each would count references, and a count waits until all that was stored before has
    // arrived in memory.

    /// Where the tile's neurons of the first row begin in an array of so many elements.
    private func first(parts: Int, in count: Int) -> Int {
        func first(_ row: Int) -> Int { (row * neuronCount + tile * tileWidth) * parts }
        precondition(first(rows.upperBound - 1) + laneCount * parts <= count, "the rows are in the array")
        return first(rows.lowerBound)
    }

    /// To `[part][row][64]`, 0 in lanes past the last neuron.
    func pack(_ array: BufferView<Float>, parts: Int, to packed: MutableBufferView<Float>) {
        precondition(size(parts) <= packed.count, "there is room")
        let source = array.pointer + first(parts: parts, in: array.count)
        for row in 0..<rows.count {
            let source = source + row * neuronCount * parts
            for part in 0..<parts {
                let target = packed.pointer + (part * capacity + row) * tileWidth
                if parts == 1 {
                    target.update(from: source, count: laneCount)
                } else {
                    for lane in 0..<laneCount { target[lane] = source[lane * parts + part] }
                }
                for lane in laneCount..<tileWidth { target[lane] = 0 }
            }
        }
    }

    /// From `[part][row][64]`.
    func unpack(_ packed: BufferView<Float>, parts: Int, to array: MutableBufferView<Float>) {
        precondition(size(parts) <= packed.count, "the rows are there")
        let target = array.pointer + first(parts: parts, in: array.count)
        for row in 0..<rows.count {
            let target = target + row * neuronCount * parts
            for part in 0..<parts {
                let source = packed.pointer + (part * capacity + row) * tileWidth
                if parts == 1 {
                    target.update(from: source, count: laneCount)
                } else {
                    for lane in 0..<laneCount { target[lane * parts + part] = source[lane] }
                }
            }
        }
    }

    /// Elements of what is packed.
    private func size(_ parts: Int) -> Int { ((parts - 1) * capacity + rows.count) * tileWidth }

    /// The tile's words in a record `[tile][row][channel]`.
    private func words(channels: Int) -> Range<Int> {
        let first = (tile * shape.rows + rows.lowerBound) * channels
        return first..<first + rows.count * channels
    }

    func words(_ record: BufferView<UInt64>, channels: Int) -> BufferView<UInt64> {
        record[words(channels: channels)]
    }

    func words(_ record: MutableBufferView<UInt64>, channels: Int) -> MutableBufferView<UInt64> {
        record[words(channels: channels)]
    }

    /// Spikes from bits, `[row][channel]`.
    func unpack(_ words: BufferView<UInt64>, channels: Int, to spikes: MutableBufferView<Float>) {
        precondition(rows.count * channels <= words.count, "the words are there")
        let first = spikes.pointer + first(parts: channels, in: spikes.count)
        for row in 0..<rows.count {
            let spikes = first + row * neuronCount * channels
            for channel in 0..<channels {
                let word = words.pointer[row * channels + channel]
                for group in stride(from: 0, to: laneCount, by: 16) {
                    let lanes = SIMD16<Float>(laneBits: word &>> UInt64(group))
                    if channels == 1 && group + 16 <= laneCount {
                        UnsafeMutableRawPointer(spikes + group).storeBytes(of: lanes, as: SIMD16<Float>.self)
                    } else {
                        for lane in 0..<min(16, laneCount - group) {
                            spikes[(group + lane) * channels + channel] = lanes[lane]
                        }
                    }
                }
            }
        }
    }

    /// Memories of the samples, `[sample][tile][…]` in the array.
    func packMemory(_ array: BufferView<Float>, _ size: Int, to packed: MutableBufferView<Float>) {
        for (index, sample) in samples.enumerated() {
            packed.part(index, size: size).copy(array.part(sample * tileCount + tile, size: size))
        }
    }

    func unpackMemory(_ packed: BufferView<Float>, _ size: Int, to array: MutableBufferView<Float>) {
        for (index, sample) in samples.enumerated() {
            array.part(sample * tileCount + tile, size: size).copy(packed.part(index, size: size))
        }
    }
}
