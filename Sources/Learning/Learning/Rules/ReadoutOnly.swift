import Compute
import Networks

/// No gradient for the network: only the objective's own numbers are trained, as a reservoir's read-out is.
package struct ReadoutOnly: LearningRule {
    package init() {}

    package var needsWholeGradient: Bool { false }

    package func check(_ graph: NetworkGraph, _ objective: any Objective) throws(LearningError) {
        guard objective.trainedValues == nil else { return }
        throw .recipe("training of the read-out alone: found an objective without numbers of its own")
    }

    package func memoryCeiling(
        _ graph: NetworkGraph, _ plan: TrainingPlan, passCount: Int, threadCount: Int
    ) -> Count {
        SimulatorSize(
            graph, stepCount: plan.stepCount, threadCount: threadCount, precision: plan.precision
        )
        .forwardCeiling(sampleCount: Count.of(plan.batchSize, passCount))
    }

    package func learner(for network: Network, _ plan: TrainingPlan, _ parallelism: Parallelism)
        -> any Learner
    {
        ForwardLearner(
            simulator: NetworkSimulator(
                network, stepCount: plan.stepCount, parallelism: parallelism, precision: plan.precision))
    }

    private final class ForwardLearner: Learner {
        private let simulator: NetworkSimulator

        init(simulator: NetworkSimulator) { self.simulator = simulator }

        func learn(
            _ batch: SampleBatch, _ place: BatchPlace, _ network: Network, _ objective: inout any Objective,
            receiver: some GradientReceiver
        ) -> BatchOutcome {
            simulator.compile(network)
            let isGiven = simulator.run(network, batch, place, objective, isTraining: true)
            let (judgement, _) = objective.learn(
                simulator.outputActivity(network, place, isGiven: isGiven), batch.targets)
            return BatchOutcome(
                judgement, spikeCounts: simulator.spikeCounts, passCount: objective.passCount)
        }
    }
}
