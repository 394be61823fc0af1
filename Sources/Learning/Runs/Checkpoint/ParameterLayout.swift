import Compute
import Networks
import Neurons

/// Between the layouts of the kernels and plain arrays: of each part (channel) either tiles of 64 neurons, or weights in
/// a row, padded.
struct ParameterLayout {
    private enum Kind {
        /// Neurons in tiles, each with `rowLength` numbers, inputs or parameters, of which these are meant.
        case tiles(neuronCount: Int, rowLength: Int, columns: Range<Int>)
        /// So many numbers in a row.
        case row(count: Int)
    }

    private let kind: Kind
    private let partCount: Int
    /// Elements of one part in the kernels' layout.
    private let packedSize: Int

    static func weights(_ projection: Projection) -> ParameterLayout {
        ParameterLayout(
            kind: projection.runs.map { .row(count: $0.parameterCount) }
                ?? .tiles(
                    neuronCount: projection.neuronCount, rowLength: projection.inputCount,
                    columns: 0..<projection.inputCount),
            partCount: projection.currentCount, packedSize: projection.currentSize)
    }

    /// One group of a population's parameters.
    static func parameters(_ population: Population, _ group: Range<Int>) -> ParameterLayout {
        ParameterLayout(
            kind: .tiles(
                neuronCount: population.neuronCount, rowLength: population.parameterCount, columns: group),
            partCount: 1, packedSize: population.parameters.count)
    }

    static func row(of values: AlignedBuffer<Float>) -> ParameterLayout { rows(1, of: values) }

    /// Rows of the same length, one after the other.
    static func rows(_ count: Int, of values: AlignedBuffer<Float>) -> ParameterLayout {
        let size = values.count / count
        return ParameterLayout(kind: .row(count: size), partCount: count, packedSize: size)
    }

    var shape: [Int] {
        switch kind {
        case .tiles(let neuronCount, _, let columns):
            partCount == 1 ? [neuronCount, columns.count] : [partCount, neuronCount, columns.count]
        case .row(let count): [partCount, count]
        }
    }

    /// Numbers of one part.
    private var plainSize: Int {
        switch kind {
        case .tiles(let neuronCount, _, let columns): neuronCount * columns.count
        case .row(let count): count
        }
    }

    /// Where a number of a part lies in the kernels' layout.
    private func packedIndex(_ index: Int) -> Int {
        switch kind {
        case .tiles(_, let rowLength, let columns):
            let (neuron, column) = index.quotientAndRemainder(dividingBy: columns.count)
            let row = neuron / tileWidth * rowLength + columns.lowerBound + column
            return row * tileWidth + neuron % tileWidth
        case .row: return index
        }
    }

    /// Where an element stands in a tensor, one number a dimension.
    private func place(of index: Int) -> [Int] {
        var rest = index
        let place = shape.reversed().map { length in
            defer { rest /= length }
            return rest % length
        }
        return place.reversed()
    }

    func unpack(_ packed: AlignedBuffer<Float>) -> [Float] {
        var plain = [Float](repeating: 0, count: partCount * plainSize)
        let source = packed.view
        for part in 0..<partCount {
            for index in 0..<plainSize {
                plain[part * plainSize + index] = source[part * packedSize + packedIndex(index)]
            }
        }
        return plain
    }

    func tensor(_ packed: AlignedBuffer<Float>) -> Tensor { Tensor(unpack(packed), shape: shape) }

    /// Puts a tensor's numbers in their places.
    ///
    /// - Throws: `SafetensorsError` for a tensor that is missing or of another shape, ``RunError/damaged(_:problem:)`` for
    ///   one with a number outside of a range.
    func read(
        _ file: SafetensorsFile, _ name: String, in range: ClosedRange<Float>,
        to packed: inout AlignedBuffer<Float>
    ) throws {
        let values = try file.values(name, as: Float.self, shape: shape)
        if let index = values.firstIndex(where: { !range.contains($0) }) {
            throw RunError.damaged(
                file.source,
                problem: "tensor '\(name)': element \(place(of: index)) is \(values[index]), expected "
                    + "\(range.lowerBound) to \(range.upperBound)")
        }
        let target = packed.mutableView()
        for part in 0..<partCount {
            for index in 0..<plainSize {
                target[part * packedSize + packedIndex(index)] = values[part * plainSize + index]
            }
        }
    }
}
