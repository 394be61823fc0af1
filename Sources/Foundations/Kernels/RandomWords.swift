import KernelTasks

/// Sixteen Philox4x32-10 counters side by side; see `RandomStream` for the scalar definition.
struct PhiloxBlocks {
    var first: Words
    var second: Words
    var third: Words
    var fourth: Words

    /// High and low halves of `words · factor`, by 64-bit products of the even and the odd lanes.
    @inline(__always)
    private static func multiply(_ words: Words, _ factor: UInt32) -> (high: Words, low: Words) {
        let pairs = unsafeBitCast(words, to: SIMD8<UInt64>.self)
        let lowMask = SIMD8<UInt64>(repeating: 0xFFFF_FFFF)
        let wide = SIMD8<UInt64>(repeating: UInt64(factor))
        let even = (pairs & lowMask) &* wide
        let odd = (pairs &>> 32) &* wide
        let low = (even & lowMask) | (odd &<< 32)
        let high = (even &>> 32) | (odd & ~lowMask)
        return (unsafeBitCast(high, to: Words.self), unsafeBitCast(low, to: Words.self))
    }

    /// - Parameters: the counter's words; `element` counts up by one from lane to lane.
    @inline(__always)
    init(element: UInt32, step: UInt32, sample: UInt32, tag: UInt32, key: SIMD2<UInt32>) {
        first =
            Words(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) &+ Words(repeating: element)
        second = Words(repeating: step)
        third = Words(repeating: sample)
        fourth = Words(repeating: tag)
        var lowKey = key[0]
        var highKey = key[1]
        for _ in 0..<10 {
            let left = Self.multiply(first, 0xD251_1F53)
            let right = Self.multiply(third, 0xCD9E_8D57)
            first = right.high ^ second ^ Words(repeating: lowKey)
            second = right.low
            third = left.high ^ fourth ^ Words(repeating: highKey)
            fourth = left.low
            lowKey = lowKey &+ 0x9E37_79B9
            highKey = highKey &+ 0xBB67_AE85
        }
    }
}

extension CompiledKernels {
    public static func drawWords(_ task: RandomWordsTask) {
        for step in 0..<task.stepCount {
            let blocks = PhiloxBlocks(
                element: UInt32(truncatingIfNeeded: 16 &* task.tile),
                step: UInt32(truncatingIfNeeded: task.firstStep &+ step), sample: task.sample, tag: task.tag,
                key: task.key)
            let target = UnsafeMutableRawPointer(task.words + step &* tileWidth)
            target.storeBytes(of: blocks.first, as: Words.self)
            target.storeBytes(of: blocks.second, toByteOffset: 64, as: Words.self)
            target.storeBytes(of: blocks.third, toByteOffset: 128, as: Words.self)
            target.storeBytes(of: blocks.fourth, toByteOffset: 192, as: Words.self)
        }
    }

    /// The random words of one sample of a step task, as the sample at `place` of those that are drawn together.
    @inline(__always)
    static func drawWords<Real>(of sample: Int, _ task: NeuronStepTask<Real>, place: Int = 0) {
        drawWords(
            RandomWordsTask(
                words: task.randomWords + place &* task.stepCount &* tileWidth, firstStep: task.firstStep,
                stepCount: task.stepCount,
                tile: task.tile,
                key: task.key, sample: task.samples[sample], tag: task.tag))
    }

    /// Input i = 128 b + 32 w + 16 h + l compares its threshold with half h (0: low) of word w in lane l of
    /// the blocks with elements 16 b ..< 16 b + 16.
    public static func encodeRate(_ task: RateEncodingTask) {
        for step in 0..<task.stepCount {
            let row = task.bits + step &* task.wordsPerRow
            var block = 0
            while block &* RateEncodingTask.inputBlock < task.inputCount {
                let random = PhiloxBlocks(
                    element: UInt32(truncatingIfNeeded: 16 &* block), step: UInt32(truncatingIfNeeded: step),
                    sample: task.sample, tag: task.tag, key: task.key)
                let thresholds = task.thresholds + block &* RateEncodingTask.inputBlock
                let low =
                    pair(random.first, thresholds) | pair(random.second, thresholds + 32) &<< 32
                let high =
                    pair(random.third, thresholds + 64) | pair(random.fourth, thresholds + 96) &<< 32
                row[2 &* block] = low
                if 2 &* block &+ 1 < task.wordsPerRow { row[2 &* block &+ 1] = high }
                block &+= 1
            }
        }
    }

    /// The 32 bits of one word of random blocks.
    @inline(__always)
    private static func pair(_ words: Words, _ thresholds: UnsafePointer<UInt32>) -> UInt64 {
        let address = UnsafeRawPointer(thresholds)
        let lowThreshold = address.loadUnaligned(as: Words.self)
        let highThreshold = address.loadUnaligned(fromByteOffset: 64, as: Words.self)
        // Thresholds are at most 65536, so signed comparison is the same and is one instruction.
        let low = unsafeBitCast(
            isBelow(words & Words(repeating: 0xFFFF), lowThreshold), to: Words.self)
        let high = unsafeBitCast(isBelow(words &>> 16, highThreshold), to: Words.self)
        return Group.bits(low) | Group.bits(high) &<< 16
    }

    @inline(__always)
    private static func isBelow(_ left: Words, _ right: Words) -> SIMDMask<SIMD16<Int32>> {
        unsafeBitCast(left, to: SIMD16<Int32>.self) .< unsafeBitCast(right, to: SIMD16<Int32>.self)
    }
}
