import Compute
import Networks
import Ranks
import Synchronization

/// The gradient of a batch from those of its shards, and what the batch did: whole numbers, whose sums are the same in any order, so on
/// any number of ranks (docs/decisions/0031).
final class GradientSum: GradientReceiver, @unchecked Sendable {
    // Each element of the terms is written by one thread at a time: the simulator hands it over once a shard.
    /// What a whole number of 1 stands for in a gradient: one of 10⁻⁶ still has the 24 bits of single precision.
    private static let unit = 0x1p-44
    /// In a loss.
    private static let lossUnit = 0x1p-32
    /// That a shard may give of one gradient, so that those of ``TrainingPlan/shardCounts`` have room in 63 bits: 1024.
    private static let largest = 0x1p54 * unit

    private let store: GradientStore
    private let populationCount: Int
    /// Where the weights of each projection, the parameters of each population and the objective's numbers begin.
    private let weights, parameters: [Int]
    private let objectiveTerms: Range<Int>
    /// All of these, and what the batch did.
    private let terms: WorkingBuffer<Int64>
    private let parallelism: Parallelism
    /// From a shard's gradient to whole numbers of the batch's.
    private var scale = 0.0
    /// Whether the shard is the first, whose terms begin the sums.
    private var isFirst = true
    private let isBeyond = Atomic<Bool>(false)

    init(
        _ network: Network, trained: TrainedParameters, _ objective: any Objective,
        _ parallelism: Parallelism
    ) {
        let store = GradientStore(network, trained: trained)
        var count = 0
        func place(_ size: Int, if isTrained: Bool) -> Int {
            defer { count += isTrained ? size : 0 }
            return count
        }
        weights = store.weights.indices.map { place(store.weights[$0].count, if: store.trainsProjection($0)) }
        parameters = store.neurons.indices.map {
            place(store.neurons[$0].count, if: store.trainsPopulation($0))
        }
        (self.store, self.parallelism) = (store, parallelism)
        populationCount = network.populations.count
        objectiveTerms = count..<count + (objective.trainedValues?.gradient.count ?? 0)
        terms = WorkingBuffer(count: objectiveTerms.upperBound + Tally.size(populationCount: populationCount))
    }

    func trainsProjection(_ index: Int) -> Bool { store.trainsProjection(index) }
    func trainsPopulation(_ index: Int) -> Bool { store.trainsPopulation(index) }

    func receiveWeights(projection: Int, offset: Int, gradient: BufferView<Float>) {
        add(gradient, at: weights[projection] + offset)
    }

    func receiveParameters(population: Int, offset: Int, gradient: BufferView<Float>) {
        add(gradient, at: parameters[population] + offset)
    }

    private func add(_ gradient: BufferView<Float>, at first: Int) {
        let sums = terms.view[first..<first + gradient.count].pointer
        for index in 0..<gradient.count {
            let term = Double(gradient.pointer[index]) * scale
            // Not a number fails this too.
            guard term.magnitude < Self.largest / Self.unit else {
                return isBeyond.store(true, ordering: .relaxed)
            }
            let whole = Int64(term + (term < 0 ? -0.5 : 0.5))
            sums[index] = isFirst ? whole : sums[index] &+ whole
        }
    }

    /// Finds the gradients of some shards of a batch, and sums them over all ranks.
    ///
    /// - Parameters:
    ///   - sampleCount: samples of the whole batch.
    ///   - learn: runs a shard, and hands its gradient to the receiver.
    /// - Returns: what the batch did, and its samples.
    /// - Throws: ``LearningError/gradient(limit:)``, what `learn` and the ranks throw.
    func take(
        _ shards: [Shard], sampleCount: Int, _ objective: inout any Objective, _ ranks: (any RankGroup)?,
        learn: (Shard, inout any Objective, GradientSum) throws -> BatchOutcome
    ) throws -> (BatchOutcome, sampleCount: Int) {
        if shards.isEmpty { terms.view.fill(with: 0) }
        isFirst = true
        let tally = terms.view[objectiveTerms.upperBound...]
        for shard in shards {
            scale = Double(shard.indices.count) / Double(sampleCount) / Self.unit
            let outcome = try learn(shard, &objective, self)
            if let values = objective.trainedValues {
                add(values.gradient.view, at: objectiveTerms.lowerBound)
            }
            if isFirst { tally.fill(with: 0) }
            Tally(outcome, sampleCount: shard.indices.count).add(to: tally, lossUnit: Self.lossUnit)
            isFirst = false
        }
        if isBeyond.load(ordering: .relaxed) { throw LearningError.gradient(limit: Self.largest) }
        try ranks?.sum(terms.view)
        if let gradient = objective.trainedValues?.gradient.mutableView() {
            read(objectiveTerms, to: gradient)
        }
        let sum = Tally(tally.view, populationCount: populationCount, lossUnit: Self.lossUnit)
        return (sum.outcome, sum.sampleCount)
    }

    private func read(_ range: Range<Int>, to part: MutableBufferView<Float>) {
        precondition(range.count == part.count, "as many numbers as are summed")
        let sums = terms.view[range].pointer
        for index in 0..<part.count { part.pointer[index] = Float(Double(sums[index]) * Self.unit) }
    }

    /// The sum in single precision.
    func gradient() -> GradientStore {
        var first = 0
        for part in store.trainedParts.map(\.view) {
            let size = 1 << 14
            parallelism.forEach((part.count + size - 1) / size) { [first] chunk, _ in
                let range = chunk * size..<min((chunk + 1) * size, part.count)
                read(first + range.lowerBound..<first + range.upperBound, to: part[range])
            }
            first += part.count
        }
        return store
    }
}

/// What shards did, as whole numbers.
private struct Tally {
    var sampleCount: Int
    var outcome: BatchOutcome

    /// Shards, shards of passes, samples, answers right and given, loss, shards whose loss is none and not finite, regulariser; eight of the
    /// ledger and shards that have one; spikes of each population.
    static func size(populationCount: Int) -> Int { 18 + populationCount }

    init(_ outcome: BatchOutcome, sampleCount: Int) {
        (self.outcome, self.sampleCount) = (outcome, sampleCount)
    }

    private static let ledger: [WritableKeyPath<ShotLedger, Int> & Sendable] = [
        \.passes.circuits, \.passes.shots, \.likelihoods.circuits, \.likelihoods.shots, \.synapses.circuits,
        \.synapses.shots, \.angles.circuits, \.angles.shots,
    ]

    func add(to sums: MutableBufferView<Int64>, lossUnit: Double) {
        func whole(_ value: Double) -> (Int, isLost: Bool) {
            let scaled = (value / lossUnit).rounded()
            return scaled.magnitude < 0x1p60 ? (Int(scaled), false) : (0, true)
        }
        let loss = whole(outcome.judgement.lossSum ?? 0)
        let regulariser = whole(outcome.regulariser * Double(sampleCount))
        let numbers =
            [
                1, outcome.passCount, sampleCount, outcome.judgement.rightCount,
                outcome.judgement.answerCount,
                loss.0, outcome.judgement.lossSum == nil ? 1 : 0, loss.isLost || regulariser.isLost ? 1 : 0,
                regulariser.0, outcome.ledger == nil ? 0 : 1,
            ] + Self.ledger.map { outcome.ledger?[keyPath: $0] ?? 0 } + outcome.spikeCounts
        for (index, number) in numbers.enumerated() { sums[index] &+= Int64(number) }
    }

    init(_ sums: BufferView<Int64>, populationCount: Int, lossUnit: Double) {
        let numbers = sums.array.map { Int($0) }
        let shardCount = max(numbers[0], 1)
        sampleCount = numbers[2]
        let isLost = numbers[7] > 0
        let lossSum = isLost ? Double.nan : Double(numbers[5]) * lossUnit
        var ledger: ShotLedger?
        if numbers[9] > 0 {
            ledger = ShotLedger()
            for (index, field) in Self.ledger.enumerated() { ledger?[keyPath: field] = numbers[10 + index] }
        }
        outcome = BatchOutcome(
            Judgement(
                lossSum: numbers[6] > 0 ? nil : lossSum, rightCount: numbers[3], answerCount: numbers[4]),
            regulariser: isLost ? .nan : Double(numbers[8]) * lossUnit / Double(max(sampleCount, 1)),
            spikeCounts: Array(numbers[18..<18 + populationCount]), passCount: numbers[1] / shardCount,
            ledger: ledger)
    }
}
