import Compute

/// The spikes of a raster as lists of neurons, one list a row: what the forward pass walks.
package struct ActiveNeurons: Sendable {
    /// List of row r: `neurons[starts[r] ..< starts[r + 1]]`.
    package private(set) var starts = AlignedBuffer<UInt32>(repeating: 0, count: 1)
    package private(set) var neurons = AlignedBuffer<UInt16>(repeating: 0, count: 0)

    package init() {}

    /// Lists the spikes of a raster, reusing the memory of the last one.
    package mutating func list(_ raster: SpikeRaster, parallelism: Parallelism) {
        precondition(raster.neuronCount <= 65536, "neuron indices are 16 bits here")
        let kernels = InstructionSet.current.kernels
        let rowCount = raster.rowCount
        if starts.count != rowCount + 1 { starts = AlignedBuffer(repeating: 0, count: rowCount + 1) }
        let words = SharedConstantPointer(raster.words.base)
        let first = SharedPointer(starts.mutableBase())
        let wordsPerRow = raster.wordsPerRow
        withExtendedLifetime(raster) {
            first.base[0] = 0
            kernels.countRows(
                ActiveCountTask(
                    words: words.base, wordsPerRow: wordsPerRow, rowCount: rowCount, counts: first.base + 1))
            for row in 0..<rowCount { first.base[row + 1] += first.base[row] }
            let total = Int(first.base[rowCount])
            if neurons.count < total { neurons = AlignedBuffer(repeating: 0, count: total + total / 4) }
            let lists = SharedPointer(neurons.mutableBase())
            let chunk = 64
            parallelism.forEach((rowCount + chunk - 1) / chunk) { index, _ in
                kernels.listActive(
                    ActiveListingTask(
                        words: words.base, wordsPerRow: wordsPerRow,
                        rows: index * chunk..<min((index + 1) * chunk, rowCount),
                        starts: UnsafePointer(first.base), active: lists.base))
            }
        }
    }
}

/// The spikes of a raster as lists of rows, one list a neuron: the transposed raster that the backward
/// pass walks.
package struct ActiveRows: Sendable {
    /// List of neuron n: `rows[starts[n] ..< starts[n + 1]]`. Neurons are padded to whole words.
    package private(set) var starts = AlignedBuffer<UInt32>(repeating: 0, count: 1)
    package private(set) var rows = AlignedBuffer<UInt32>(repeating: 0, count: 0)
    private var positions = AlignedBuffer<UInt32>(repeating: 0, count: 0)

    package init() {}

    /// Transposes a raster, reusing the memory of the last one.
    package mutating func transpose(_ raster: SpikeRaster, parallelism: Parallelism) {
        let kernels = InstructionSet.current.kernels
        let rowCount = raster.rowCount
        let wordsPerRow = raster.wordsPerRow
        let neuronCount = 64 * wordsPerRow
        if positions.count != neuronCount {
            positions = AlignedBuffer(repeating: 0, count: neuronCount)
            starts = AlignedBuffer(repeating: 0, count: neuronCount + 1)
        }
        let words = SharedConstantPointer(raster.words.base)
        let counts = SharedPointer(positions.mutableBase())
        let first = SharedPointer(starts.mutableBase())
        withExtendedLifetime(raster) {
            parallelism.forEach(wordsPerRow) { word, _ in
                kernels.countColumns(
                    ActiveCountTask(
                        words: words.base + word, wordsPerRow: wordsPerRow, rowCount: rowCount,
                        counts: counts.base + 64 * word))
            }
            first.base[0] = 0
            for neuron in 0..<neuronCount {
                first.base[neuron + 1] = first.base[neuron] + counts.base[neuron]
                counts.base[neuron] = first.base[neuron]
            }
            let total = Int(first.base[neuronCount])
            if rows.count < total { rows = AlignedBuffer(repeating: 0, count: total + total / 4) }
            let lists = SharedPointer(rows.mutableBase())
            parallelism.forEach(wordsPerRow) { word, _ in
                kernels.transpose(
                    TranspositionTask(
                        words: words.base + word, wordsPerRow: wordsPerRow, rowCount: rowCount,
                        positions: counts.base + 64 * word, rows: lists.base))
            }
        }
    }
}
