import ComputeKernels

extension Kernels {
    public static func countRows(_ task: ActiveCountTask) {
        for row in 0..<task.rowCount {
            let words = task.words + row &* task.wordsPerRow
            var count = 0
            for word in 0..<task.wordsPerRow { count &+= words[word].nonzeroBitCount }
            task.counts[row] = UInt32(truncatingIfNeeded: count)
        }
    }

    public static func countColumns(_ task: ActiveCountTask) {
        // Sixteen neurons a register: lane i of the mask is −1 where neuron i spiked.
        var (first, second, third, fourth) = (Words(), Words(), Words(), Words())
        for row in 0..<task.rowCount {
            let word = task.words[row &* task.wordsPerRow]
            first = first &- Group.mask(bits: word)
            second = second &- Group.mask(bits: word &>> 16)
            third = third &- Group.mask(bits: word &>> 32)
            fourth = fourth &- Group.mask(bits: word &>> 48)
        }
        let counts = UnsafeMutableRawPointer(task.counts)
        counts.storeBytes(of: first, as: Words.self)
        counts.storeBytes(of: second, toByteOffset: 64, as: Words.self)
        counts.storeBytes(of: third, toByteOffset: 128, as: Words.self)
        counts.storeBytes(of: fourth, toByteOffset: 192, as: Words.self)
    }

    public static func listActive(_ task: ActiveListingTask) {
        for row in task.rows {
            let words = task.words + row &* task.wordsPerRow
            var target = task.active + Int(task.starts[row])
            for word in 0..<task.wordsPerRow {
                var bits = words[word]
                while bits != 0 {
                    target.pointee = UInt16(truncatingIfNeeded: 64 &* word &+ bits.trailingZeroBitCount)
                    target += 1
                    bits &= bits &- 1
                }
            }
        }
    }

    public static func transpose(_ task: TranspositionTask) {
        for row in 0..<task.rowCount {
            var bits = task.words[row &* task.wordsPerRow]
            while bits != 0 {
                let neuron = bits.trailingZeroBitCount
                let position = task.positions[neuron]
                task.rows[Int(position)] = UInt32(truncatingIfNeeded: row)
                task.positions[neuron] = position &+ 1
                bits &= bits &- 1
            }
        }
    }
}
