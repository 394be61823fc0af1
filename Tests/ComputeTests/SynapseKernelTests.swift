import Compute
import Testing

/// The event-driven sums and the dense product of the synapses. Expected values: the same sums in plain loops over
/// all spikes, in double precision; and the narrowest level's bits for the others.
struct SynapseKernelTests {
    private static let (sampleCount, inputCount, wordsPerRow) = (9, 75, 2)

    private static func numbers(_ count: Int, sample: Int) -> AlignedBuffer<Float> {
        var random = RandomStream(seed: 21, purpose: .analysis).generator(sample: sample)
        return AlignedBuffer((0..<count).map { _ in Float.random(in: -1...1, using: &random) })
    }

    /// Words of a random raster of one block, `[sample][step][word]`; the last sample is silent.
    private static func raster(stepCount: Int) -> AlignedBuffer<UInt64> {
        var random = RandomStream(seed: 22, purpose: .analysis).generator(sample: stepCount)
        return AlignedBuffer(
            (0..<sampleCount * stepCount).flatMap { row -> [UInt64] in
                if row / stepCount == sampleCount - 1 { return [0, 0] }
                return [random.next() & random.next(), random.next() & (1 << UInt64(inputCount - 64) - 1)]
            })
    }

    private static func fired(_ raster: AlignedBuffer<UInt64>, row: Int, input: Int) -> Bool {
        raster[row * wordsPerRow + input / 64] >> UInt64(input % 64) & 1 == 1
    }

    /// Lists of all samples, `[sample][2^L + 1]` starts and the inputs.
    private static func lists(
        _ level: InstructionSet, _ raster: AlignedBuffer<UInt64>, stepCount: Int
    ) -> (starts: AlignedBuffer<UInt32>, inputs: AlignedBuffer<UInt16>) {
        let size = 1 << stepCount + 1
        var starts = AlignedBuffer<UInt32>(repeating: 0, count: sampleCount * size)
        var inputs = AlignedBuffer<UInt16>(repeating: 0, count: sampleCount * inputCount)
        for sample in 0..<sampleCount {
            let task = PatternListingTask(
                words: raster.base + sample * stepCount * wordsPerRow, wordsPerRow: wordsPerRow,
                stepCount: stepCount, starts: starts.mutableBase() + sample * size,
                first: UInt32(sample * inputCount), inputs: inputs.mutableBase())
            level.kernels.listPatterns(task)
            let active = (0..<inputCount).count { input in
                (0..<stepCount).contains { fired(raster, row: sample * stepCount + $0, input: input) }
            }
            #expect(Int(task.starts[1 << stepCount] - task.starts[1]) == active)
        }
        return (starts, inputs)
    }

    private static func currents(
        _ level: InstructionSet, _ weights: AlignedBuffer<Float>, stepCount: Int, neuronCount: Int = tileWidth
    ) -> [Float] {
        let raster = raster(stepCount: stepCount)
        let (starts, inputs) = lists(level, raster, stepCount: stepCount)
        var currents = AlignedBuffer<Float>(repeating: .nan, count: sampleCount * stepCount * tileWidth)
        for sample in 0..<sampleCount {
            level.kernels.addRows(
                RowAdditionTask(
                    weights: weights.base, starts: starts.base + sample * (1 << stepCount + 1),
                    inputs: inputs.base, stepCount: stepCount, neuronCount: neuronCount,
                    currents: currents.mutableBase() + sample * stepCount * tileWidth))
        }
        return currents.array
    }

    @Test("currents are the sums of the weights of the inputs that fired", arguments: 1...5)
    func currents(stepCount: Int) {
        let weights = Self.numbers(Self.inputCount * tileWidth, sample: 0)
        let raster = Self.raster(stepCount: stepCount)
        let found = Self.currents(.v2, weights, stepCount: stepCount)
        for row in 0..<Self.sampleCount * stepCount {
            for lane in 0..<tileWidth {
                let sum = (0..<Self.inputCount).reduce(0.0) {
                    Self.fired(raster, row: row, input: $1)
                        ? $0 + Double(weights[$1 * tileWidth + lane]) : $0
                }
                #expect(abs(Double(found[row * tileWidth + lane]) - sum) < 1e-5)
            }
        }
        for level in InstructionSet.available {
            #expect(Self.currents(level, weights, stepCount: stepCount) == found, "\(level)")
        }
    }

    /// The same bits as in a whole tile: what lies beyond the first sixteen columns is left as it was.
    @Test("a tile of few neurons is summed in its first sixteen columns only")
    func fewNeurons() {
        let weights = Self.numbers(Self.inputCount * tileWidth, sample: 0)
        let errors = Self.numbers(Self.sampleCount * 5 * tileWidth, sample: 1)
        for level in InstructionSet.available {
            let whole = Self.currents(level, weights, stepCount: 5)
            let few = Self.currents(level, weights, stepCount: 5, neuronCount: 10)
            let wholeGradient = Self.gradient(level, errors, stepCount: 5, inputs: 7..<70)
            let fewGradient = Self.gradient(level, errors, stepCount: 5, inputs: 7..<70, neuronCount: 10)
            for place in few.indices {
                #expect(place % tileWidth < 16 ? few[place] == whole[place] : few[place].isNaN)
            }
            for place in fewGradient.indices {
                #expect(fewGradient[place] == (place % tileWidth < 16 ? wholeGradient[place] : 1))
            }
        }
    }

    /// Errors are `[sample][step][64]`; inputs 7 to 69 of 75 are asked for, on top of a gradient of 1.
    private static func gradient(
        _ level: InstructionSet, _ errors: AlignedBuffer<Float>, stepCount: Int, inputs: Range<Int>,
        neuronCount: Int = tileWidth
    ) -> [Float] {
        let raster = raster(stepCount: stepCount)
        let patternCount = 1 << stepCount
        let (starts, listed) = lists(level, raster, stepCount: stepCount)
        var positions = AlignedBuffer<UInt32>(repeating: 0, count: inputCount + 1)
        var entries = AlignedBuffer<UInt16>(repeating: 0, count: listed.count)
        level.kernels.transposePatterns(
            PatternTranspositionTask(
                starts: starts.base, startStride: patternCount + 1, inputs: listed.base,
                sampleCount: sampleCount, patternCount: patternCount, inputCount: inputCount,
                positions: positions.mutableBase(), entries: entries.mutableBase()))
        var table = AlignedBuffer<Float>(repeating: .nan, count: sampleCount * patternCount * tileWidth)
        var gradient = AlignedBuffer<Float>(repeating: 1, count: inputs.count * tileWidth)
        withExtendedLifetime((positions, entries)) {
            level.kernels.addErrors(
                ErrorAdditionTask(
                    errors: errors.base, sampleStride: stepCount * tileWidth, sampleCount: sampleCount,
                    stepCount: stepCount, starts: starts.base, startStride: patternCount + 1,
                    positions: positions.base + inputs.lowerBound, entries: entries.base,
                    inputCount: inputs.count, neuronCount: neuronCount,
                    patternErrors: table.mutableBase(), gradient: gradient.mutableBase()))
        }
        return gradient.array
    }

    @Test(
        "weight gradients are the sums of the errors of the rows in which an input fired", arguments: 1...5)
    func weightGradients(stepCount: Int) {
        let errors = Self.numbers(Self.sampleCount * stepCount * tileWidth, sample: 1)
        let raster = Self.raster(stepCount: stepCount)
        let inputs = 7..<70
        let found = Self.gradient(.v2, errors, stepCount: stepCount, inputs: inputs)
        for input in inputs {
            for lane in 0..<tileWidth {
                let sum = (0..<Self.sampleCount * stepCount).reduce(1.0) {
                    Self.fired(raster, row: $1, input: input)
                        ? $0 + Double(errors[$1 * tileWidth + lane]) : $0
                }
                let value = Double(found[(input - inputs.lowerBound) * tileWidth + lane])
                #expect(abs(value - sum) < 1e-5)
            }
        }
        for level in InstructionSet.available {
            #expect(
                Self.gradient(level, errors, stepCount: stepCount, inputs: inputs) == found, "\(level)")
        }
    }

    /// `[postsynaptic tile][row][64]` errors of 70 neurons, and the weights of 37 inputs onto them. Nine rows:
    /// two blocks of four that share loads, and one left over.
    @Test(
        "spike errors are the errors of the layer above times its weights",
        arguments: InstructionSet.available)
    func spikeErrors(level: InstructionSet) {
        let (inputCount, neuronCount, rowCount) = (37, 70, 9)
        let errors = Self.numbers(2 * rowCount * tileWidth, sample: 2)
        let weights = Self.numbers(2 * inputCount * tileWidth, sample: 3)
        var transposed = AlignedBuffer<Float>(repeating: .nan, count: neuronCount * tileWidth)
        transposeWeights(
            weights.base, inputCount: inputCount, neuronCount: neuronCount, tile: 0,
            to: transposed.mutableBase())
        var spikeErrors = AlignedBuffer<Float>(repeating: .nan, count: rowCount * tileWidth)
        level.kernels.propagateErrors(
            ErrorPropagationTask(
                errors: errors.base, weights: transposed.base, neuronCount: neuronCount, rowCount: rowCount,
                tileStride: rowCount, spikeErrors: spikeErrors.mutableBase()))
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
