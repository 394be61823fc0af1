import Compute
import Networks
import SpikeTrains
import TestSupport
import Testing

@testable import Learning

/// One trainer for samples of every kind: the same statements of each.
struct TrainerSourcesTests {
    private struct Case: Sendable {
        let name: String
        let source: ArraySamples
        let objective: any Objective
        var gradients = SurrogateGradients()
        var limit: Double?

        func trainer(
            threads: Int = 1, shards: Int = 1, batch: Int = 16, optimizer: Optimizer = .adam()
        ) throws -> Trainer {
            try Trainer(
                network: SpikeExamples.network(inputCount: 6, layers: [20, 4]),
                plan: TrainingPlan(
                    stepCount: 5, epochCount: 30, batchSize: batch, optimizer: optimizer, learningRate: 0.02,
                    gradientNormLimit: limit, gradientShards: shards), objective: objective,
                gradients: gradients, seed: 2, threads: threads)
        }
    }

    private static func cases() throws -> [Case] {
        // 40 samples; the first three of six inputs tell the odd ones from the even ones.
        var series = [Float](repeating: 0, count: 40 * 5 * 6)
        for index in series.indices { series[index] = Float((index * 7919) % 101) / 100 }
        for row in 0..<200 {
            for input in 0..<3 { series[row * 6 + input] = row / 5 % 2 == 0 ? 1 : 0 }
        }
        let answers = (0..<40).map { index -> Float in index % 2 == 0 ? 1 : 0 }
        func source(_ targets: Targets, classCount: Int = 0) throws -> ArraySamples {
            try ArraySamples(
                series: series, inputCount: 6, stepCount: 5, targets: targets, classCount: classCount)
        }
        func readout(_ count: Int, _ loss: LinearReadout.Loss) -> LinearReadout {
            LinearReadout(
                neuronCount: 4, outputCount: count, loss: loss,
                random: RandomStream(seed: 2, purpose: .initialization, population: 9))
        }
        let rates = try RateDecoder(classCount: 2, neuronsPerClass: 2)
        let labels = Targets.classes((0..<40).map { $0 % 2 })
        var clipped = Case(
            name: "rates, clipped and regularised", source: try source(labels, classCount: 2),
            objective: RateClassification(rates, loss: .rateCrossEntropy(floor: 0.01)))
        (clipped.limit, clipped.gradients.regularization) = (0.5, 1e-3)
        return [
            clipped,
            Case(
                name: "classes by a linear read-out", source: try source(labels, classCount: 2),
                objective: readout(2, .squaredError), limit: 0.5),
            Case(
                name: "regression on rates", source: try source(.values(TargetValues(answers))),
                objective: readout(1, .squaredError)),
            Case(
                name: "answers at two steps",
                source: try source(.values(TargetValues(answers.flatMap { [$0, $0] }, steps: [1, 4]))),
                objective: readout(1, .logistic)),
            Case(
                name: "target spikes",
                source: try source(
                    .spikes(SpikeExamples.raster(samples: 40, steps: 5, neurons: 4, seed: 12))),
                objective: TargetLikelihood(passCount: 3)),
        ]
    }

    private static func epoch(_ trainer: inout Trainer, _ source: ArraySamples) throws -> EpochMetrics {
        var metrics = try #require(try trainer.trainEpoch(on: source))
        metrics.seconds = 0
        if metrics.trainAccuracy.isNaN { metrics.trainAccuracy = -1 }
        return metrics
    }

    @Test("the loss goes down, and evaluation tells it", arguments: 0..<5)
    func learning(number: Int) throws {
        let test = try Self.cases()[number]
        var trainer = try test.trainer()
        let before = try trainer.evaluate(on: test.source, repetitions: 4).losses.reduce(0, +)
        for _ in 0..<30 { _ = try trainer.trainEpoch(on: test.source) }
        let after = try trainer.evaluate(on: test.source, repetitions: 4)
        #expect(after.losses.reduce(0, +) < 0.8 * before, "\(test.name)")
        #expect(after.accuracies.allSatisfy { $0 > 0.6 })
    }

    @Test("threads and interruptions are without effect", arguments: 0..<5)
    func threadsAndInterruption(number: Int) throws {
        let test = try Self.cases()[number]
        var whole = try test.trainer()
        let expected = [try Self.epoch(&whole, test.source), try Self.epoch(&whole, test.source)]
        var several = try test.trainer(threads: 3)
        #expect(try Self.epoch(&several, test.source) == expected[0])
        // 40 samples in batches of 16: three an epoch.
        for stop in 1...2 {
            var stopped = try test.trainer()
            #expect(try stopped.trainEpoch(on: test.source) { $0.batch < stop } == nil)
            #expect(stopped.progress.batch == stop)
            #expect(try Self.epoch(&stopped, test.source) == expected[0])
            #expect(try Self.epoch(&stopped, test.source) == expected[1])
            #expect(stopped.network == whole.network)
            #expect(stopped.objective.trainedValues == whole.objective.trainedValues)
            #expect(stopped.optimizerState == whole.optimizerState)
        }
    }

    private static func numbers(_ trainer: Trainer) -> [Float] {
        trainer.network.projections.flatMap(\.weights.array)
            + trainer.network.populations.flatMap(\.parameters.array)
            + (trainer.objective.trainedValues?.array ?? [])
    }

    @Test("the gradient of a batch is the sum of its shards'", arguments: 0..<5)
    func shards(number: Int) throws {
        let test = try Self.cases()[number]
        /// What one batch of plain gradient descent changes, and what it tells.
        func change(_ shards: Int) throws -> ([Float], EpochMetrics) {
            var trainer = try test.trainer(
                threads: 2, shards: shards, batch: 40, optimizer: .gradientDescent())
            let before = Self.numbers(trainer)
            let metrics = try Self.epoch(&trainer, test.source)
            return (zip(Self.numbers(trainer), before).map { $0 - $1 }, metrics)
        }
        let (whole, expected) = try change(1)
        #expect(whole.contains { $0 != 0 })
        for count in [2, 3, 40, 50] {
            let (sum, metrics) = try change(count)
            for (found, expected) in zip(sum, whole) {
                #expect(abs(found - expected) < 1e-6 + 1e-4 * abs(expected), "\(test.name), \(count) shards")
            }
            #expect(metrics.layerSpikesPerStep == expected.layerSpikesPerStep)
            #expect(metrics.trainAccuracy == expected.trainAccuracy)
            #expect(abs(metrics.loss - expected.loss) < 1e-6)
            #expect(abs(metrics.regulariser - expected.regulariser) < 1e-6)
        }
    }

    @Test("ranks are without effect, and stop together", arguments: 0..<5)
    func ranks(number: Int) throws {
        let test = try Self.cases()[number]
        var alone = try test.trainer(shards: 12)
        let expected = [try Self.epoch(&alone, test.source), try Self.epoch(&alone, test.source)]
        for count in [2, 3, 4, 13] {
            let trained = try ThreadRanks.run(count) { ranks in
                var trainer = try test.trainer(threads: ranks.rank % 2 + 1, shards: 12)
                trainer.ranks = ranks
                // One of them asks; all stop there.
                let stopped = try trainer.trainEpoch(on: test.source) { _ in ranks.rank != count - 1 }
                #expect(stopped == nil && trainer.progress.batch == 1)
                #expect(try Self.epoch(&trainer, test.source) == expected[0])
                #expect(try Self.epoch(&trainer, test.source) == expected[1])
                return Self.numbers(trainer)
            }
            for numbers in trained { #expect(numbers == Self.numbers(alone), "\(test.name), \(count) ranks") }
        }
    }

    @Test("a gradient that cannot be summed is refused")
    func tooLarge() throws {
        var test = try Self.cases()[0]
        test.gradients.regularization = 1e9
        var trainer = try test.trainer(shards: 2)
        let before = Self.numbers(trainer)
        #expect(throws: LearningError.gradient(limit: 1024)) { try trainer.trainEpoch(on: test.source) }
        #expect(Self.numbers(trainer) == before)
    }

    @Test("a read-out alone is trained, and the network stays as it is")
    func readoutOnly() throws {
        let test = try Self.cases()[3]
        let network = try SpikeExamples.network(inputCount: 6, layers: [40])
        let readout = LinearReadout(
            neuronCount: 40, loss: .logistic,
            random: RandomStream(seed: 2, purpose: .initialization, population: 9))
        let plan = TrainingPlan(stepCount: 5, batchSize: 40, learningRate: 0.05)
        var trainer = try Trainer(
            network: network, plan: plan, objective: readout, gradients: nil, seed: 1, threads: 1)
        let before = try trainer.evaluate(on: test.source).losses[0]
        for _ in 0..<50 { _ = try trainer.trainEpoch(on: test.source) }
        #expect(try trainer.evaluate(on: test.source).losses[0] < before)
        #expect(trainer.network == network)
        #expect(trainer.objective.trainedValues?.array != readout.parameters.array)
        #expect(throws: LearningError.self) {
            try Trainer(
                network: network, plan: plan, objective: TargetLikelihood(passCount: 1), gradients: nil,
                seed: 1)
        }
    }

    @Test("samples of another shape are refused by name")
    func shapes() throws {
        let trainer = try Self.cases()[2].trainer()
        let targets = Targets.values(TargetValues([1, 0]))
        let wide = try ArraySamples(
            series: [Float](repeating: 0, count: 2 * 5 * 7), inputCount: 7, stepCount: 5, targets: targets)
        let short = try ArraySamples(
            series: [Float](repeating: 0, count: 2 * 4 * 6), inputCount: 6, stepCount: 4, targets: targets)
        let late = try ArraySamples(
            series: [Float](repeating: 0, count: 2 * 5 * 6), inputCount: 6, stepCount: 5,
            targets: .values(TargetValues([1, 0], steps: [5])))
        for (source, problem) in [
            (wide, "found 7 inputs, expected 6"), (short, "found 4 steps, expected 5"),
            (late, "found one at step 5, expected steps below 5"),
        ] {
            let error = #expect(throws: LearningError.self) { try trainer.evaluate(on: source) }
            #expect(error?.description.contains(problem) == true, "\(String(describing: error))")
        }
    }
}
