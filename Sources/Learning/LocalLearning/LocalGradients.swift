import Compute
import Learning
import Networks
import QuantumBackends
import SpikeTrains

/// The local rule as a rule of the trainer. Its objective is the likelihood of the target spikes, with the rule's passes.
package struct LocalGradients: LearningRule {
    package let rule: LocalRule
    /// Whether a backend runs the circuits, which are then all held at once.
    private let isOnBackend: Bool

    package init(_ rule: LocalRule, isOnBackend: Bool = false) {
        self.rule = rule
        self.isOnBackend = isOnBackend
    }

    package var needsWholeGradient: Bool { true }

    package func check(_ graph: NetworkGraph, _ objective: any Objective) throws(LearningError) {
        guard objective is TargetLikelihood, objective.passCount == rule.passCount else {
            throw .recipe(
                "the local rule: found another objective than the likelihood of target spikes with \(rule.passCount) passes"
            )
        }
        if let problem = rule.problem { throw .recipe("local.\(problem)") }
        guard graph.input.signal == .spikes else {
            throw .recipe(
                "the local rule: found an input of \(graph.input.signal.rawValue), expected spikes; encode them, or train by "
                    + "surrogate gradients")
        }
        guard graph.nodes.count <= LocalCounts.largestPopulationCount else {
            throw .recipe(
                "the local rule is for at most \(LocalCounts.largestPopulationCount) populations, found "
                    + "\(graph.nodes.count); join some of them, or train by surrogate gradients")
        }
    }

    package func memoryCeiling(
        _ graph: NetworkGraph, _ plan: TrainingPlan, passCount: Int, threadCount: Int
    ) throws -> Count {
        let free = SimulatorSize(
            graph, stepCount: plan.stepCount, threadCount: threadCount, precision: .float32
        )
        .memoryCeiling(sampleCount: Count(plan.batchSize), regularizes: false)
        return try free
            + counts(graph, plan, threadCount: threadCount).memoryCeiling(
                sampleCount: plan.batchSize, isOnBackend: isOnBackend)
    }

    package func learner(for network: Network, _ plan: TrainingPlan, _ parallelism: Parallelism) throws
        -> any Learner
    {
        try learner(for: network, plan, parallelism, backend: nil)
    }

    func learner(
        for network: Network, _ plan: TrainingPlan, _ parallelism: Parallelism, backend: BackendRun?
    ) throws -> any Learner {
        BatchLearner(
            try LocalLearner(
                rule, network: network, stepCount: plan.stepCount, parallelism: parallelism,
                trains: GradientStore(network, trained: plan.trained)),
            NetworkSimulator(
                network, stepCount: plan.stepCount, parallelism: parallelism, precision: .float32), backend)
    }

    /// What the rule makes and takes on a graph.
    package func counts(_ graph: NetworkGraph, _ plan: TrainingPlan, threadCount: Int) -> LocalCounts {
        let trained = TrainedParts(plan.trained, of: graph)
        return LocalCounts(
            rule, graph: graph, stepCount: plan.stepCount, threadCount: threadCount,
            trainsProjection: trained.includesProjection, trainsPopulation: trained.includesPopulation)
    }

    private final class BatchLearner: Learner {
        private let learner: LocalLearner
        /// For one free run before each update, which tells the accuracy and is not part of the rule.
        private let simulator: NetworkSimulator
        private let backend: BackendRun?

        init(_ learner: LocalLearner, _ simulator: NetworkSimulator, _ backend: BackendRun?) {
            self.learner = learner
            self.simulator = simulator
            self.backend = backend
        }

        func learn(
            _ batch: SampleBatch, _ place: BatchPlace, _ network: Network, _ objective: inout any Objective,
            receiver: some GradientReceiver
        ) throws -> BatchOutcome {
            simulator.compile(network)
            simulator.run(
                network, input: batch.input, sampleIndices: place.sampleIndices, seed: place.seed,
                epoch: place.epoch)
            let outputs = simulator.outputRaster
            var judgement = objective.judge(
                OutputActivity(spikes: outputs, sampleIndices: place.sampleIndices, ties: place.ties),
                batch.targets)
            let given = objective.given(
                batch.targets, isTraining: true,
                outputs: SpikeRaster(
                    sampleCount: outputs.sampleCount, stepCount: outputs.stepCount,
                    neuronCount: outputs.neuronCount, channelCount: outputs.channelCount))
            guard let given, case .spikes(let input) = batch.input else {
                preconditionFailure("the rule was checked to have spikes and target spikes")
            }
            let name = "epoch \(place.epoch + 1), batch \(place.batch + 1)"
            let runner = backend.map { backend in
                { (part: String, tasks: [CircuitTask]) in
                    try backend.run(name: "\(name), \(part)", tasks, seed: place.seed)
                }
            }
            let update = try learner.learn(
                network, input: input, targets: given, sampleIndices: place.sampleIndices,
                seed: place.seed, epoch: place.epoch, runner: runner, receiver: receiver)
            judgement.lossSum = -update.logLikelihood * Double(place.sampleIndices.count)
            return BatchOutcome(judgement, spikeCounts: simulator.spikeCounts, ledger: update.ledger)
        }
    }
}

extension Trainer {
    /// Training by the local rule: the outputs learn to give target spikes.
    ///
    /// - Parameter classes: of targets that are classes, whose neurons should fire at every step; nil where targets are spikes.
    /// - Throws: `LearningError` for what does not fit together.
    public init(
        network: Network, plan: TrainingPlan, localRule: LocalRule, classes: RateDecoder? = nil, seed: UInt64,
        threads: Int
    ) throws {
        if let problem = localRule.problem { throw LearningError.recipe("local.\(problem)") }
        try self.init(
            network: network, plan: plan,
            anyObjective: TargetLikelihood(passCount: localRule.passCount, classes: classes),
            rule: LocalGradients(localRule), seed: seed, threads: threads)
    }

    /// What one update of a full batch costs by the local rule; nil for other rules.
    public var costOfUpdate: ShotLedger? {
        (rule as? LocalGradients)?.counts(network.graph, plan, threadCount: 1)
            .ledger(sampleCount: plan.batchSize)
    }

    /// ``Trainer/trainEpoch(on:afterBatch:)`` with the circuits of the local rule on a backend.
    ///
    /// - Throws: what training throws; `BackendError` and `JournalError` where the backend fails, and the trainer is then as after
    ///   the last batch.
    public mutating func trainEpoch(
        on source: some SampleSource, backend: BackendRun,
        afterBatch: (TrainingProgress) -> Bool = { _ in true }
    ) throws -> EpochMetrics? {
        guard let local = rule as? LocalGradients else {
            throw LearningError.recipe("a backend: found surrogate gradients, expected the local rule")
        }
        return try trainEpoch(
            on: source,
            learner: { try local.learner(for: $0.network, $0.plan, $0.parallelism, backend: backend) },
            afterBatch: afterBatch)
    }
}
