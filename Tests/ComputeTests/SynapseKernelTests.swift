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

    /// Lists input by input, and the patterns that each sample needs.
    private static func transposed(
        _ level: InstructionSet, stepCount: Int
    ) -> (positions: AlignedBuffer<UInt32>, entries: AlignedBuffer<UInt16>, needed: AlignedBuffer<UInt32>) {
        let (starts, listed) = lists(level, raster(stepCount: stepCount), stepCount: stepCount)
        let patternCount = 1 << stepCount
        var positions = AlignedBuffer<UInt32>(repeating: 0, count: inputCount + 1)
        var entries = AlignedBuffer<UInt16>(repeating: 0, count: listed.count)
        var needed = AlignedBuffer<UInt32>(repeating: 0, count: sampleCount)
        level.kernels.transposePatterns(
            PatternTranspositionTask(
                starts: starts.base, startStride: patternCount + 1, inputs: listed.base,
                sampleCount: sampleCount, patternCount: patternCount, inputCount: inputCount,
                positions: positions.mutableBase(), entries: entries.mutableBase(),
                needed: needed.mutableBase()))
        return (positions, entries, needed)
    }

    /// Errors are `[sample][step][64]`; inputs 7 to 69 of 75 are asked for, on top of a gradient of 1.
    private static func gradient(
        _ level: InstructionSet, _ errors: AlignedBuffer<Float>, stepCount: Int, inputs: Range<Int>,
        neuronCount: Int = tileWidth
    ) -> [Float] {
        let lists = transposed(level, stepCount: stepCount)
        var table = AlignedBuffer<Float>(repeating: .nan, count: sampleCount << stepCount * tileWidth)
        var gradient = AlignedBuffer<Float>(repeating: 1, count: inputs.count * tileWidth)
        withExtendedLifetime(lists) {
            level.kernels.addErrors(
                ErrorAdditionTask(
                    errors: errors.base, sampleStride: stepCount * tileWidth, sampleCount: sampleCount,
                    stepCount: stepCount, needed: lists.needed.base,
                    positions: lists.positions.base + inputs.lowerBound, entries: lists.entries.base,
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

    // MARK: Fixed point

    /// Rows in fixed point, with their columns in order again.
    private static func fixed(_ level: InstructionSet, _ rows: AlignedBuffer<Float>, scale: Float) -> (
        numbers: AlignedBuffer<Int16>, ordered: [Int]
    ) {
        let rowCount = rows.count / tileWidth
        var numbers = AlignedBuffer<Int16>(repeating: 0, count: rows.count)
        level.kernels.fixRows(
            FixedRowsTask(rows: rows.base, rowCount: rowCount, scale: scale, fixed: numbers.mutableBase()))
        let ordered = rows.array.indices.map { place in
            let (half, column) = (place % tileWidth / 32, place % 32)
            return Int(numbers[place - place % tileWidth + 32 * half + column % 16 * 2 + column / 16])
        }
        return (numbers, ordered)
    }

    @Test("fixed point is the nearest whole number", arguments: InstructionSet.available)
    func rounding(level: InstructionSet) {
        let rows = Self.numbers(3 * tileWidth, sample: 4)
        let found = Self.fixed(level, rows, scale: 2047).ordered
        for (place, number) in rows.array.enumerated() {
            #expect(found[place] == Int((number * 2047).rounded(.toNearestOrEven)))
        }
    }

    @Test("the scale is the largest power of two under which nothing comes above the limit")
    func scale() {
        for bound: Float in [2047, 1, 0.7, 3e-5, 1023.5, 1024, 4.1e20, .leastNormalMagnitude, 0] {
            let scale = FixedPoint.scale(bound: bound, limit: 2044)
            #expect(scale.significand == 1 && bound * scale <= 2044)
            #expect(2 * bound * scale > 2044 || scale == 0x1p100)
        }
        for bound: Float in [.infinity, .nan, -.nan] {
            #expect(FixedPoint.scale(bound: bound, limit: 2044).isNaN)
        }
    }

    /// The inputs of a projection are at most 65,536; a batch of as many samples over 1,000 steps has 13 million terms.
    @Test("no number of terms overflows", arguments: [1, 65_536, 524_545, 524_546, 13_107_200, 1 << 26])
    func terms(count: Int) {
        let largest = FixedPoint.largest(ofTerms: count)
        #expect(Double(largest) * Double(count) <= 0x1p30)
        #expect(largest == 2047 || Double(largest + 1) * Double(count) > 0x1p30)
    }

    /// Expected values: the larger of the sums of the positive and of the negative numbers, in plain loops.
    @Test("the largest sum over rows of a group is that of all numbers of one sign", arguments: [1, 3, 5])
    func largestSum(rowsPerGroup: Int) {
        var rows = Self.numbers(7 * rowsPerGroup * tileWidth, sample: 5)
        func found(_ level: InstructionSet) -> Float {
            level.kernels.largestSum(
                LargestSumTask(
                    rows: rows.base, rowsPerGroup: rowsPerGroup, groupCount: 7,
                    groupStride: rowsPerGroup * tileWidth))
        }
        var largest: Float = 0
        for place in 0..<7 * tileWidth {
            let column = (0..<rowsPerGroup).map {
                rows[(place / tileWidth * rowsPerGroup + $0) * tileWidth + place % tileWidth]
            }
            largest = max(largest, column.reduce(0) { $0 + max($1, 0) }, column.reduce(0) { $0 - min($1, 0) })
        }
        for level in InstructionSet.available { #expect(found(level) == largest, "\(level)") }
        for strange: Float in [.nan, -.nan, .infinity, -.infinity] {
            rows[100] = strange
            for level in InstructionSet.available { #expect(!found(level).isFinite, "\(level)") }
        }
    }

    private static func fixedCurrents(
        _ level: InstructionSet, _ weights: AlignedBuffer<Int16>, _ raster: AlignedBuffer<UInt64>,
        stepCount: Int, neuronCount: Int = tileWidth
    ) -> [Float] {
        let (starts, inputs) = lists(level, raster, stepCount: stepCount)
        var currents = AlignedBuffer<Float>(repeating: .nan, count: sampleCount * stepCount * tileWidth)
        for sample in 0..<sampleCount {
            level.kernels.addRows(
                RowAdditionTask(
                    weights: weights.base, unit: 0.25, starts: starts.base + sample * (1 << stepCount + 1),
                    inputs: inputs.base, stepCount: stepCount, neuronCount: neuronCount,
                    currents: currents.mutableBase() + sample * stepCount * tileWidth))
        }
        return currents.array
    }

    /// Expected values: sums of integers. With the largest numbers there are, of one sign, and all inputs firing together, sixteen
    /// bits are as full as they can be.
    @Test("sums in fixed point are exact, with the largest weights too", arguments: 1...5)
    func fixedCurrents(stepCount: Int) {
        let random = Self.numbers(Self.inputCount * tileWidth, sample: 0)
        let largest = AlignedBuffer<Float>(
            (0..<random.count).map { $0 % tileWidth % 3 == 0 ? -1 : 1 })
        let all = AlignedBuffer<UInt64>(
            (0..<Self.sampleCount * stepCount).flatMap { _ in [.max, 1 << UInt64(Self.inputCount - 64) - 1] })
        for (weights, raster) in [(random, Self.raster(stepCount: stepCount)), (largest, all)] {
            let (numbers, ordered) = Self.fixed(.v2, weights, scale: 2047)
            for level in InstructionSet.available {
                let found = Self.fixedCurrents(level, numbers, raster, stepCount: stepCount)
                let few = Self.fixedCurrents(level, numbers, raster, stepCount: stepCount, neuronCount: 31)
                for place in found.indices {
                    let sum = (0..<Self.inputCount).reduce(0) {
                        Self.fired(raster, row: place / tileWidth, input: $1)
                            ? $0 + ordered[$1 * tileWidth + place % tileWidth] : $0
                    }
                    #expect(found[place] == Float(sum) / 4, "\(level)")
                    #expect(place % tileWidth < 32 ? few[place] == found[place] : few[place].isNaN)
                }
            }
        }
    }

    private static func fixedGradient(
        _ level: InstructionSet, _ errors: AlignedBuffer<Float>, scale: Float, stepCount: Int,
        inputs: Range<Int>, neuronCount: Int = tileWidth
    ) -> [Int32] {
        let lists = transposed(level, stepCount: stepCount)
        var table = AlignedBuffer<Int16>(repeating: .max, count: sampleCount << stepCount * tileWidth)
        var gradient = AlignedBuffer<Int32>(repeating: 1, count: inputs.count * tileWidth)
        withExtendedLifetime(lists) {
            level.kernels.addErrors(
                ErrorAdditionTask(
                    errors: errors.base, scale: scale, sampleStride: stepCount * tileWidth,
                    sampleCount: sampleCount, stepCount: stepCount, needed: lists.needed.base,
                    positions: lists.positions.base + inputs.lowerBound, entries: lists.entries.base,
                    inputCount: inputs.count, neuronCount: neuronCount,
                    patternErrors: table.mutableBase(), gradient: gradient.mutableBase()))
        }
        return gradient.array
    }

    @Test("weight gradients in fixed point are exact sums of the rounded errors", arguments: 1...5)
    func fixedGradients(stepCount: Int) {
        let random = Self.numbers(Self.sampleCount * stepCount * tileWidth, sample: 1)
        let largest = AlignedBuffer<Float>(repeating: -1, count: random.count)
        let inputs = 7..<70
        for errors in [random, largest] {
            let scale = Float(2047 / stepCount)
            let ordered = Self.fixed(.v2, errors, scale: scale).ordered
            let raster = Self.raster(stepCount: stepCount)
            for level in InstructionSet.available {
                let found = Self.fixedGradient(
                    level, errors, scale: scale, stepCount: stepCount, inputs: inputs)
                let few = Self.fixedGradient(
                    level, errors, scale: scale, stepCount: stepCount, inputs: inputs, neuronCount: 31)
                for place in found.indices {
                    let (input, lane) = (inputs.lowerBound + place / tileWidth, place % tileWidth)
                    let sum = (0..<Self.sampleCount * stepCount).reduce(1) {
                        Self.fired(raster, row: $1, input: input)
                            ? $0 + ordered[$1 * tileWidth + lane] : $0
                    }
                    #expect(Int(found[place]) == sum, "\(level)")
                    #expect(few[place] == (lane < 32 ? found[place] : 1))
                }
            }
        }
    }

    @Test("whole numbers become the nearest numbers", arguments: InstructionSet.available)
    func wholeNumbers(level: InstructionSet) {
        let wholes: [Int32] = [
            0, 1, -1, 4095, 4096, -4096, -4097, 16_777_215, 16_777_217, -16_777_219, 134_152_193,
            -134_152_193,
            1 << 29 - 1, -(1 << 29), 12_345_678, -87_654_321,
        ]
        var sums = AlignedBuffer(wholes)
        level.kernels.scaleSums(FixedSumsTask(sums: sums.mutableBase(), count: wholes.count, unit: 0.125))
        #expect(sums.array.map { Float(bitPattern: UInt32(bitPattern: $0)) } == wholes.map { Float($0) / 8 })
    }

    // MARK: Errors of the layer below

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
        level.kernels.multiplyRows(
            DenseProductTask(
                factors: errors.base, columns: transposed.base, termCount: neuronCount, rowCount: rowCount,
                tileStride: rowCount, products: spikeErrors.mutableBase()))
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
