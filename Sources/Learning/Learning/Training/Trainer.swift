import Compute
import FoundationEssentials
import Networks
import Ranks
import SpikeTrains

/// Trains a network on samples of any kind, for any objective, by a learning rule.
///
/// A value: a copy goes on independently. Same seed, same spikes and weights, bit for bit, for any number of
/// threads, and after interruption at any batch.
public struct Trainer: Sendable {
    public internal(set) var plan: TrainingPlan
    public let seed: UInt64
    public private(set) var network: Network
    /// What the network is trained for, with the numbers of its own that are trained too.
    public private(set) var objective: any Objective
    package let rule: any LearningRule
    /// The ranks that train together, each on its shards of every batch; nil for one process. All have the same plan, samples and
    /// parameters.
    public var ranks: (any RankGroup)?
    /// Where the run stands.
    public private(set) var progress = TrainingProgress()
    public let parallelism: Parallelism
    package private(set) var optimizerState: OptimizerState
    /// Whether the machine has been asked for the memory of training; not again, as what an epoch took is not always given
    /// back to it.
    private var hasMemory = false

    /// Parameters beyond this have diverged: neighbouring numbers in single precision are 1/128 of a half turn
    /// apart there. Rates and losses stay finite whatever happens to the parameters, and cannot tell.
    package static let largestParameter: Float = 65_536

    /// Training by surrogate gradients, or of a read-out alone.
    ///
    /// - Parameters:
    ///   - network: its first output population is read by the objective.
    ///   - gradients: nil trains the objective's own numbers and leaves the network as it is, as in reservoir computing.
    ///   - threads: by default one for each core.
    /// - Throws: ``LearningError`` for what does not fit together.
    public init(
        network: Network, plan: TrainingPlan, objective: some Objective,
        gradients: SurrogateGradients? = SurrogateGradients(), seed: UInt64,
        threads: Int = ProcessInfo.processInfo.activeProcessorCount
    ) throws {
        let rule: any LearningRule = gradients ?? ReadoutOnly()
        try self.init(
            network: network, plan: plan, anyObjective: objective, rule: rule, seed: seed, threads: threads)
    }

    package init(
        network: Network, plan: TrainingPlan, anyObjective objective: any Objective, rule: any LearningRule,
        seed: UInt64, threads: Int
    ) throws {
        if let problem = plan.problem { throw LearningError.recipe(problem) }
        if let problem = network.graph.batchProblem(
            sampleCount: Count.of(plan.batchSize, objective.passCount), stepCount: plan.stepCount)
        {
            throw LearningError.batch(problem)
        }
        if let decoder = objective.decoder, decoder.neuronCount != network.outputCount {
            throw LearningError.outputsOfObjective(
                found: network.outputCount, expected: decoder.neuronCount)
        }
        try rule.check(network.graph, objective)
        self.network = network
        self.plan = plan
        self.objective = objective
        self.rule = rule
        self.seed = seed
        parallelism = Parallelism(threadCount: max(threads, 1))
        optimizerState = OptimizerState(plan.optimizer, network: network)
        self.objective.trainedValues?.prepare(plan.optimizer)
    }

    /// Trains one epoch, or the rest of one that was interrupted.
    ///
    /// - Parameters:
    ///   - source: samples with as many inputs as the network has, and targets that the objective judges by.
    ///   - afterBatch: called with the samples done in this epoch; return `false` to stop here. The trainer
    ///     can then be saved, and goes on later with the next batch.
    /// - Returns: what the epoch did, or nil if it was stopped.
    /// - Throws: `MemoryError` where the machine has not the memory; ``LearningError`` for samples that do not fit, or when the
    ///   parameters have diverged at the end of the epoch; what the source and the reduction throw, and the trainer is then as after
    ///   the last batch.
    public mutating func trainEpoch(
        on source: some SampleSource, afterBatch: (TrainingProgress) -> Bool = { _ in true }
    ) throws -> EpochMetrics? {
        try trainEpoch(on: source, learner: { try $0.learner() }, afterBatch: afterBatch)
    }

    /// - Parameter learner: makes the learner of this epoch.
    package mutating func trainEpoch(
        on source: some SampleSource, learner: (Trainer) throws -> any Learner,
        afterBatch: (TrainingProgress) -> Bool
    ) throws -> EpochMetrics? {
        try check(source)
        if !hasMemory {
            try ProcessMemory.require(trainingBytes(), for: "training", remedy: Self.memoryRemedy)
            hasMemory = true
        }
        let learner = try learner(self)
        let random = RandomStream(seed: seed, purpose: .encoding, epoch: progress.epoch)
        let channelCount = network.graph.input.channelCount
        let own = ranks?.own(of: plan.gradientShards) ?? 0..<plan.gradientShards
        var batches = EpochBatches(
            sampleCount: source.count, isShuffled: source.isShuffled, plan: plan, seed: seed,
            progress: progress, parallelism: parallelism
        ) { [plan] indices in
            try Shard.indices(of: indices, plan.gradientShards, own).map { indices in
                Shard(
                    batch: try source.batch(
                        indices, stepCount: plan.stepCount, channelCount: channelCount, random: random,
                        parallelism: Parallelism(threadCount: 1)), indices: indices)
            }
        }
        let sum =
            plan.gradientShards > 1 || ranks != nil
            ? GradientSum(network, trained: plan.trained, objective, parallelism) : nil
        let start = Date()
        let earlierSeconds = progress.partial.seconds
        while let (shards, indices) = try batches.next() {
            try learn(
                shards, sampleCount: indices.count, sum: sum, learner: learner,
                updateTotal: batches.count * plan.epochCount)
            progress.batch += 1
            progress.partial.seconds = earlierSeconds + Date().timeIntervalSince(start)
            if try isStopped(!afterBatch(progress)) && !batches.isAtEnd { return nil }
        }
        guard isSound else {
            throw LearningError.diverged(epoch: progress.epoch + 1)
        }
        let metrics = progress.partial.metrics(
            epoch: progress.epoch + 1, stepCount: plan.stepCount)
        progress = TrainingProgress(epoch: progress.epoch + 1)
        return metrics
    }

    /// Whether this rank, or any other, is to stop.
    private func isStopped(_ isStopped: Bool) throws -> Bool {
        guard let ranks else { return isStopped }
        let votes = WorkingBuffer<Int64>(count: 1)
        votes.view[0] = isStopped ? 1 : 0
        try ranks.sum(votes.view)
        return votes[0] > 0
    }

    /// The working memory of one epoch.
    package func learner() throws -> any Learner { try rule.learner(for: network, plan, parallelism) }

    /// Trains on one batch, given its shards, or one's own of them.
    ///
    /// - Parameters:
    ///   - sampleCount: samples of the whole batch.
    ///   - sum: of the shards' gradients; nil for one shard and one process.
    ///   - updateTotal: updates of the whole run, for the schedule.
    private mutating func learn(
        _ shards: [Shard], sampleCount: Int, sum: GradientSum?, learner: any Learner, updateTotal: Int
    ) throws {
        guard let sum else {
            guard let shard = shards.first else { return }
            return try learn(
                shard.batch, sampleIndices: shard.indices, learner: learner, updateTotal: updateTotal)
        }
        let (network, numbers) = (network, self)
        let (outcome, count) = try sum.take(shards, sampleCount: sampleCount, &objective, ranks) {
            try learner.learn($0.batch, numbers.place($0.indices), network, &$1, receiver: $2)
        }
        apply(sum.gradient(), updateTotal: updateTotal)
        progress.partial.add(outcome, sampleCount: count)
    }

    /// Trains on one batch.
    ///
    /// - Parameters:
    ///   - sampleIndices: identity of each sample in the random streams.
    ///   - updateTotal: updates of the whole run, for the schedule.
    package mutating func learn(
        _ batch: SampleBatch, sampleIndices: [Int], learner: any Learner, updateTotal: Int
    ) throws {
        let place = place(sampleIndices)
        let outcome: BatchOutcome
        if rule.needsWholeGradient || plan.gradientNormLimit != nil {
            let store = GradientStore(network, trained: plan.trained)
            outcome = try learner.learn(batch, place, network, &objective, receiver: store)
            apply(store, updateTotal: updateTotal)
        } else {
            let update = beginUpdate(total: updateTotal)
            outcome = try learner.learn(batch, place, network, &objective, receiver: update)
            stepObjective(update)
        }
        progress.partial.add(outcome, sampleCount: sampleIndices.count)
    }

    private func place(_ sampleIndices: [Int]) -> BatchPlace {
        BatchPlace(sampleIndices: sampleIndices, seed: seed, epoch: progress.epoch, batch: progress.batch)
    }

    /// One update by a gradient that has been kept, clipped where the plan says so.
    private mutating func apply(_ store: GradientStore, updateTotal: Int) {
        var scale: Float = 1
        if let limit = plan.gradientNormLimit {
            let norm = store.norm(with: objective.trainedValues?.gradient.view)
            if norm > limit { scale = Float(limit / norm) }
        }
        let update = beginUpdate(total: updateTotal, scale: scale)
        store.replay(to: update, parallelism)
        stepObjective(update)
    }

    /// - Parameter total: updates of the whole run, for the schedule.
    private mutating func beginUpdate(total: Int, scale: Float = 1) -> ParameterUpdate {
        let rate =
            plan.learningRate * plan.schedule.factor(update: optimizerState.updateCount, of: total)
        optimizerState.updateCount += 1
        return ParameterUpdate(
            &network, &optimizerState, optimizer: plan.optimizer, trained: plan.trained, learningRate: rate,
            angleRateFactor: plan.angleRateFactor, gradientScale: scale,
            kernels: InstructionSet.current.kernels)
    }

    private mutating func stepObjective(_ update: ParameterUpdate) {
        objective.trainedValues?.step(
            plan.optimizer, updateCount: optimizerState.updateCount, rate: update.learningRate,
            gradientScale: update.gradientScale)
    }

    /// Whether all numbers are such that a checkpoint of them can be gone on with.
    package var isSound: Bool {
        network.parametersAreWithin(Self.largestParameter)
            && (optimizerState.weightMoments + optimizerState.neuronMoments).joined().allSatisfy(\.isFinite)
            && (objective.trainedValues.map { ([$0.values] + $0.moments).allSatisfy(\.isFinite) } ?? true)
            && progress.partial.lossSum.isFinite && progress.partial.regulariserSum.isFinite
    }

    /// Puts the trainer into another state of the same run.
    package mutating func replace(
        network: Network, trainedValues: TrainedValues?, optimizerState: OptimizerState,
        progress: TrainingProgress
    ) {
        self.network = network
        if let trainedValues { objective.trainedValues = trainedValues }
        self.optimizerState = optimizerState
        self.progress = progress
    }

    /// Makes the run longer or shorter.
    package mutating func setEpochCount(_ epochCount: Int) {
        precondition(plan.schedule == .constant, "a schedule over the whole run decides every update")
        plan.epochCount = epochCount
    }
}

/// A part of a batch whose gradient is found by itself.
struct Shard: Sendable {
    let batch: SampleBatch
    let indices: [Int]

    /// The samples of some of so many shards of a batch, neighbours; without those that have none.
    static func indices(of batch: [Int], _ count: Int, _ wanted: Range<Int>) -> [[Int]] {
        wanted.map { Array(batch[$0 * batch.count / count..<($0 + 1) * batch.count / count]) }
            .filter { !$0.isEmpty }
    }
}

extension AlignedBuffer where Element == Float {
    fileprivate var isFinite: Bool { withUnsafeBufferPointer { $0.allSatisfy(\.isFinite) } }
}
