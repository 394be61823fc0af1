import Compute
import Networks
import Neurons

/// Between the layouts of the kernels and plain arrays: of each part (channel) either tiles of 64 neurons, or weights in
/// a row, padded.
struct ParameterLayout {
    private enum Kind {
        /// Neurons in tiles, each with so many numbers: inputs or angles.
        case tiles(neuronCount: Int, rowLength: Int)
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
                ?? .tiles(neuronCount: projection.neuronCount, rowLength: projection.inputCount),
            partCount: projection.channelCount, packedSize: projection.channelSize)
    }

    static func angles(_ population: Population) -> ParameterLayout {
        ParameterLayout(
            kind: .tiles(neuronCount: population.neuronCount, rowLength: population.model.angleCount),
            partCount: 1, packedSize: population.angles.count)
    }

    static func row(of values: AlignedBuffer<Float>) -> ParameterLayout {
        ParameterLayout(kind: .row(count: values.count), partCount: 1, packedSize: values.count)
    }

    var shape: [Int] {
        switch kind {
        case .tiles(let neuronCount, let rowLength):
            partCount == 1 ? [neuronCount, rowLength] : [partCount, neuronCount, rowLength]
        case .row(let count): [partCount, count]
        }
    }

    /// Numbers of one part.
    private var plainSize: Int {
        switch kind {
        case .tiles(let neuronCount, let rowLength): neuronCount * rowLength
        case .row(let count): count
        }
    }

    /// Where a number of a part lies in the kernels' layout.
    private func packedIndex(_ index: Int) -> Int {
        switch kind {
        case .tiles(_, let rowLength):
            let (neuron, column) = index.quotientAndRemainder(dividingBy: rowLength)
            return (neuron / tileWidth * rowLength + column) * tileWidth + neuron % tileWidth
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
        packed.withUnsafeBufferPointer { source in
            for part in 0..<partCount {
                for index in 0..<plainSize {
                    plain[part * plainSize + index] = source[part * packedSize + packedIndex(index)]
                }
            }
        }
        return plain
    }

    func tensor(_ packed: AlignedBuffer<Float>) -> Tensor { Tensor(unpack(packed), shape: shape) }

    /// - Throws: `SafetensorsError` for a tensor that is missing or of another shape, ``RunError/damaged(_:problem:)`` for
    ///   one with a number outside of a range.
    func read(_ file: SafetensorsFile, _ name: String, in range: ClosedRange<Float>) throws -> AlignedBuffer<
        Float
    > {
        let values = try file.values(name, as: Float.self, shape: shape)
        if let index = values.firstIndex(where: { !range.contains($0) }) {
            throw RunError.damaged(
                file.source,
                problem: "tensor '\(name)': element \(place(of: index)) is \(values[index]), expected "
                    + "\(range.lowerBound) to \(range.upperBound)")
        }
        var packed = [Float](repeating: 0, count: partCount * packedSize)
        for part in 0..<partCount {
            for index in 0..<plainSize {
                packed[part * packedSize + packedIndex(index)] = values[part * plainSize + index]
            }
        }
        return AlignedBuffer(packed)
    }
}
