import KernelTasks

extension CompiledKernels {
    /// Sorts by counting, in two walks over the inputs that spiked.
    public static func listPatterns(_ task: PatternListingTask) {
        let starts = task.starts
        let patternCount = 1 &<< task.stepCount
        for pattern in 0...patternCount { starts[pattern] = 0 }
        forEachActive(task) { _, pattern in starts[pattern] &+= 1 }
        // Each count becomes the beginning of its pattern, and, as its inputs are placed, its end.
        var position = task.first
        for pattern in 0...patternCount {
            let count = starts[pattern]
            starts[pattern] = position
            position &+= count
        }
        forEachActive(task) { input, pattern in
            task.inputs[Int(starts[pattern])] = UInt16(truncatingIfNeeded: input)
            starts[pattern] &+= 1
        }
        for pattern in 0..<patternCount {
            starts[patternCount &- pattern] = starts[patternCount &- pattern &- 1]
        }
        starts[0] = task.first
    }

    /// Calls `body` with each input that spiked, in ascending order, and its pattern.
    @inline(__always)
    private static func forEachActive(_ task: PatternListingTask, _ body: (Int, Int) -> Void) {
        let (words, stride, count) = (task.words, task.wordsPerRow, task.stepCount)
        for word in 0..<stride {
            // A block has at most five steps; absent ones are silent. Kept in registers for the loop below.
            let first = words[word]
            let second = count > 1 ? words[stride &+ word] : 0
            let third = count > 2 ? words[2 &* stride &+ word] : 0
            let fourth = count > 3 ? words[3 &* stride &+ word] : 0
            let fifth = count > 4 ? words[4 &* stride &+ word] : 0
            var union = (first | second) | (third | fourth) | fifth
            while union != 0 {
                let bit = UInt64(truncatingIfNeeded: union.trailingZeroBitCount)
                let low = ((first &>> bit) & 1) | ((second &>> bit) & 1) &<< 1
                let middle = ((third &>> bit) & 1) &<< 2 | ((fourth &>> bit) & 1) &<< 3
                let pattern = low | middle | ((fifth &>> bit) & 1) &<< 4
                body(64 &* word &+ Int(truncatingIfNeeded: bit), Int(truncatingIfNeeded: pattern))
                union &= union &- 1
            }
        }
    }

    public static func transposePatterns(_ task: PatternTranspositionTask) {
        let positions = task.positions
        let first = positions[0]
        for input in 0...task.inputCount { positions[input] = 0 }
        for sample in 0..<task.sampleCount {
            let starts = task.starts + sample &* task.startStride
            task.needed[sample] = neededPatterns(starts, task.patternCount)
            for index in Int(starts[1])..<Int(starts[task.patternCount]) {
                positions[Int(task.inputs[index])] &+= 1
            }
        }
        // Each count becomes the end of its input's entries, which are then filled backwards.
        var total = first
        for input in 0..<task.inputCount {
            total &+= positions[input]
            positions[input] = total
        }
        positions[task.inputCount] = total
        // Counted loops: a stride's iterator is a call.
        for undone in 0..<task.sampleCount {
            let sample = task.sampleCount &- 1 &- undone
            let starts = task.starts + sample &* task.startStride
            for rest in 1..<task.patternCount {
                let pattern = task.patternCount &- rest
                let entry = UInt16(truncatingIfNeeded: sample &* task.patternCount &+ pattern)
                for index in Int(starts[pattern])..<Int(starts[pattern &+ 1]) {
                    let input = Int(task.inputs[index])
                    positions[input] &-= 1
                    task.entries[Int(positions[input])] = entry
                }
            }
        }
    }

    @inline(__always)
    private static func neededPatterns(_ starts: UnsafePointer<UInt32>, _ patternCount: Int) -> UInt32 {
        var needed: UInt32 = 0
        var pattern = patternCount &- 1
        while pattern > 0 {
            let occurs: UInt32 = starts[pattern] != starts[pattern &+ 1] ? 1 : 0
            let isNeeded = (needed &>> UInt32(pattern)) & 1 | occurs
            needed |= isNeeded &<< UInt32(pattern) | isNeeded &<< UInt32(pattern & (pattern &- 1))
            pattern &-= 1
        }
        return needed & ~1
    }
}
