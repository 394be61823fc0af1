import Compute

/// Draws the shots of one parameter set after the other, and owns the working memory for it.
struct ShotSampler {
    private let program: ShotProgram
    private let shots: Int
    private var state: [Double]
    private var result: [Double]
    /// Shots in the order of their groups; a group has one history.
    private var order: [Int32]
    private var patterns: [Int32]
    private var groups: [Group] = []
    private var nextGroups: [Group] = []
    /// Memory of each group, normalized, `[group][coefficient]`.
    private var memory: [Double] = []
    private var nextMemory: [Double] = []

    /// Probabilities that came out as no numbers, from which nothing can be drawn.
    struct NotFinite: Error {}

    private struct Group {
        var history: SpikeHistory
        var shots: Range<Int>
    }

    init(_ program: ShotProgram, shots: Int) {
        self.program = program
        self.shots = shots
        // A map has at most as many rows as there are coefficients of all qubits.
        state = [Double](repeating: 0, count: program.stateCount)
        result = state
        order = [Int32](repeating: 0, count: shots)
        patterns = order
    }

    /// - Parameter set: number of the set in the batch, part of the address of its random numbers.
    mutating func counts(_ parameters: [Double], set: Int, random: RandomStream)
        throws(NotFinite) -> SpikeCounts
    {
        let neuron = program.neuron
        let turns = program.turns(parameters)
        for shot in 0..<shots { order[shot] = Int32(shot) }
        groups.removeAll(keepingCapacity: true)
        groups.append(Group(history: SpikeHistory(channelCount: neuron.channelCount), shots: 0..<shots))
        // |0…0⟩: every product of 1 and Z is 1.
        memory = (0..<program.memoryCount).map { Self.hasOnlyZ($0) ? 1 : 0 }
        for step in 0..<neuron.stepCount {
            let embedded = program.embedded(parameters, step: step)
            nextGroups.removeAll(keepingCapacity: true)
            nextMemory.removeAll(keepingCapacity: true)
            for group in groups.indices {
                try advance(group, embedded, turns, set: set, step: step, random: random)
            }
            swap(&groups, &nextGroups)
            swap(&memory, &nextMemory)
        }
        return SpikeCounts(groups.map { .init(history: $0.history, count: $0.shots.count) })
    }

    private static func hasOnlyZ(_ index: Int) -> Bool {
        var rest = index
        while rest > 0 {
            guard rest & 3 == 0 || rest & 3 == 3 else { return false }
            rest >>= 2
        }
        return true
    }

    /// One step of the shots of a group, which splits by what is read.
    private mutating func advance(
        _ number: Int, _ embedded: [Double], _ turns: [Double], set: Int, step: Int, random: RandomStream
    ) throws(NotFinite) {
        let group = groups[number]
        let size = program.memoryCount
        for (index, form) in embedded.enumerated() {
            for place in 0..<size { state[index * size + place] = form * memory[number * size + place] }
        }
        program.run(&state, &result, turns: turns)
        try draw(group, set: set, step: step, random: random)
        // Sorts the shots by pattern, those of one pattern in their old order.
        let former = Array(order[group.shots])
        let drawn = Array(patterns[group.shots])
        var first = group.shots.lowerBound
        for pattern in 0..<program.patternCount {
            var end = first
            for (index, shot) in former.enumerated() where drawn[index] == pattern {
                order[end] = shot
                end += 1
            }
            guard end > first else { continue }
            var history = group.history
            history.append(pattern)
            nextGroups.append(Group(history: history, shots: first..<end))
            let scale = 1 / result[pattern * size]
            for place in 0..<size { nextMemory.append(scale * result[pattern * size + place]) }
            first = end
        }
    }

    /// A pattern for each shot of a group.
    private mutating func draw(
        _ group: Group, set: Int, step: Int, random: RandomStream
    ) throws(NotFinite) {
        let size = program.memoryCount
        let last = program.patternCount - 1
        // Rounding may make an impossible pattern's probability negative.
        let probabilities = (0...last).map { max(0, result[$0 * size]) }
        let total = probabilities.reduce(0, +)
        guard total > 0, total.isFinite, (0...last).allSatisfy({ result[$0 * size].isFinite }) else {
            throw NotFinite()
        }
        for place in group.shots {
            let shot = Int(order[place])
            let word = random.words(sample: set, step: step, element: shot / 4)[shot % 4]
            var point = (Double(word) + 0.5) * 0x1p-32 * total
            var pattern = 0
            while pattern < last, point >= probabilities[pattern] {
                point -= probabilities[pattern]
                pattern += 1
            }
            // The last pattern may be impossible, and the point beyond the others by rounding alone.
            while probabilities[pattern] == 0 { pattern -= 1 }
            patterns[place] = Int32(pattern)
        }
    }
}
