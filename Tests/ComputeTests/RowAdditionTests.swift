import Compute
import Testing

/// The event-driven sums and the dense product of the synapses. Expected values: the same sums in a plain loop.
struct RowAdditionTests {
    private static func numbers(_ count: Int, sample: Int) -> [Float] {
        var random = RandomStream(seed: 21, purpose: .analysis).generator(sample: sample)
        return (0..<count).map { _ in Float.random(in: -1...1, using: &random) }
    }

    /// Lists of ascending indices below `bound`; some empty, some full.
    private static func lists(_ count: Int, below bound: Int) -> [[Int]] {
        var random = RandomStream(seed: 22, purpose: .analysis).generator()
        return (0..<count).map { list in
            if list % 5 == 0 { return [] }
            if list % 5 == 1 { return Array(0..<bound) }
            return (0..<bound).filter { _ in Bool.random(using: &random) }
        }
    }

    private static func starts(_ lists: [[Int]]) -> AlignedBuffer<UInt32> {
        AlignedBuffer(lists.reduce(into: [UInt32(0)]) { $0.append($0[$0.count - 1] + UInt32($1.count)) })
    }

    @Test(
        "currents are the sums of the weight rows of the active inputs, to the bit",
        arguments: InstructionSet.available)
    func currents(level: InstructionSet) {
        let (inputCount, rowCount) = (37, 23)
        let weights = AlignedBuffer(Self.numbers(inputCount * tileWidth, sample: 0))
        let lists = Self.lists(rowCount, below: inputCount)
        let starts = Self.starts(lists)
        let active = AlignedBuffer(lists.flatMap { $0 }.map { UInt16($0) })
        var currents = AlignedBuffer<Float>(repeating: .nan, count: rowCount * tileWidth)
        level.kernels.addRows(
            RowAdditionTask(
                weights: weights.base, starts: starts.base, active: active.base, rowCount: rowCount,
                currents: currents.mutableBase()))
        for (row, list) in lists.enumerated() {
            for lane in 0..<tileWidth {
                let sum = list.reduce(Float(0)) { $0 + weights[$1 * tileWidth + lane] }
                #expect(currents[row * tileWidth + lane] == sum)
            }
        }
    }

    @Test(
        "weight gradients are the sums of the error rows at which an input spiked, to the bit",
        arguments: InstructionSet.available)
    func weightGradients(level: InstructionSet) {
        let (inputCount, rowCount) = (29, 31)
        let errors = AlignedBuffer(Self.numbers(rowCount * tileWidth, sample: 1))
        let lists = Self.lists(inputCount, below: rowCount)
        let starts = Self.starts(lists)
        let rows = AlignedBuffer(lists.flatMap { $0 }.map { UInt32($0) })
        let inputs = 7..<23
        var gradient = AlignedBuffer<Float>(repeating: .nan, count: inputs.count * tileWidth)
        level.kernels.addErrors(
            ErrorAdditionTask(
                errors: errors.base, starts: starts.base, rows: rows.base, inputs: inputs,
                gradient: gradient.mutableBase()))
        for input in inputs {
            for lane in 0..<tileWidth {
                let sum = lists[input].reduce(Float(0)) { $0 + errors[$1 * tileWidth + lane] }
                #expect(gradient[(input - inputs.lowerBound) * tileWidth + lane] == sum)
            }
        }
    }

    /// `[postsynaptic tile][row][64]` errors of 70 neurons, and the weights of 37 inputs onto them. Nine rows:
    /// two blocks of four that share loads, and one left over.
    @Test(
        "spike errors are the errors of the layer above times its weights",
        arguments: InstructionSet.available)
    func spikeErrors(level: InstructionSet) {
        let (inputCount, neuronCount, rowCount) = (37, 70, 9)
        let errors = AlignedBuffer(Self.numbers(2 * rowCount * tileWidth, sample: 2))
        let weights = AlignedBuffer(Self.numbers(2 * inputCount * tileWidth, sample: 3))
        var transposed = AlignedBuffer<Float>(repeating: .nan, count: neuronCount * tileWidth)
        transposeWeights(
            weights.base, inputCount: inputCount, neuronCount: neuronCount, tile: 0,
            to: transposed.mutableBase())
        var spikeErrors = AlignedBuffer<Float>(repeating: .nan, count: rowCount * tileWidth)
        level.kernels.propagateErrors(
            ErrorPropagationTask(
                errors: errors.base, weights: transposed.base, neuronCount: neuronCount, rowCount: rowCount,
                batchRowCount: rowCount, spikeErrors: spikeErrors.mutableBase()))
        for row in 0..<rowCount {
            for input in 0..<tileWidth {
                let sum = (0..<neuronCount).reduce(Float(0)) { sum, neuron in
                    let (tile, lane) = (neuron / tileWidth, neuron % tileWidth)
                    let weight =
                        input < inputCount ? weights[(tile * inputCount + input) * tileWidth + lane] : 0
                    return sum + weight * errors[(tile * rowCount + row) * tileWidth + lane]
                }
                #expect(spikeErrors[row * tileWidth + input] == sum, "row \(row), input \(input)")
            }
        }
    }
}
