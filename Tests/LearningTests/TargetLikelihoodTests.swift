import Compute
import Foundation
import Networks
import Neurons
import QuantumCircuits
import SpikeTrains
import Testing

@testable import Learning

/// Expected values: sums over all spike trains of the hidden neurons, by the reference neuron.
struct TargetLikelihoodTests {
    private static let (hiddenCount, stepCount) = (2, 3)

    /// What all hidden spike trains together say of one sample.
    private struct Enumeration {
        /// −log p(o), (14).
        var negativeLogLikelihood = 0.0
        /// (16), and the standard deviation of what one pass tells of it.
        var (bound, deviation) = (0.0, 0.0)
    }

    private static func enumeration(_ network: Network, _ input: SpikeRaster, _ targets: SpikeRaster) throws
        -> Enumeration
    {
        func currents(_ projection: Projection, _ neuron: Int, _ fired: (Int, Int) -> Bool) -> [[Double]] {
            (0..<stepCount).map { step in
                [
                    (0..<projection.inputCount).reduce(0.0) {
                        fired($1, step) ? $0 + Double(projection[$1, neuron]) : $0
                    }
                ]
            }
        }
        func run(_ population: Int, _ neuron: Int, _ currents: [[Double]], _ fired: (Int) -> Bool) throws
            -> Double
        {
            let angles = network.populations[population][parameters: neuron].map { Double($0) }
            return try ReferenceNeuron(network.populations[population].model, parameters: angles).run(
                currents: currents, spikes: (0..<stepCount).map { [fired($0) ? 1 : 0] }
            ).logLikelihood
        }
        var (likelihood, mean, square, total) = (0.0, 0.0, 0.0, 0.0)
        for history in 0..<1 << (hiddenCount * stepCount) {
            func hidden(_ neuron: Int, _ step: Int) -> Bool {
                history >> (neuron * stepCount + step) & 1 == 1
            }
            var logPrior = 0.0
            for neuron in 0..<hiddenCount {
                let own = currents(network.projections[0], neuron) { input[0, $1, $0] }
                logPrior += try run(0, neuron, own) { hidden(neuron, $0) }
            }
            var logOutput = 0.0
            for neuron in 0..<targets.neuronCount {
                logOutput += try run(1, neuron, currents(network.projections[1], neuron, hidden)) {
                    targets[0, $0, neuron]
                }
            }
            let prior = exp(logPrior)
            total += prior
            likelihood += prior * exp(logOutput)
            mean -= prior * logOutput
            square += prior * logOutput * logOutput
        }
        #expect(abs(total - 1) < 1e-9)
        return Enumeration(
            negativeLogLikelihood: -log(likelihood), bound: mean,
            deviation: max(square - mean * mean, 0).squareRoot())
    }

    /// 200 passes in each of 50 repetitions are 10,000 draws; a fixed seed.
    @Test("the bound is what all hidden spike trains say, and never below −log p, before training and after")
    func bound() throws {
        let (passes, repetitions) = (200, 50)
        for seed in 1...3 as ClosedRange<UInt64> {
            let network = try SpikeExamples.network(inputCount: 3, layers: [Self.hiddenCount, 2], seed: seed)
            let input = SpikeExamples.raster(samples: 1, steps: Self.stepCount, neurons: 3, seed: seed)
            let targets = SpikeExamples.raster(samples: 1, steps: Self.stepCount, neurons: 2, seed: seed + 9)
            let source = try ArraySamples(spikes: input, targets: .spikes(targets))
            var trainer = try Trainer(
                network: network,
                plan: TrainingPlan(stepCount: Self.stepCount, batchSize: 1, learningRate: 0.05),
                objective: TargetLikelihood(passCount: passes), seed: seed, threads: 2)
            var bounds: [Double] = []
            for _ in 0..<2 {
                let exact = try Self.enumeration(trainer.network, input, targets)
                let measured = try trainer.evaluate(on: source, repetitions: repetitions)
                let mean = measured.losses.reduce(0, +) / Double(repetitions)
                let error = exact.deviation / Double(passes * repetitions).squareRoot()
                #expect(abs(mean - exact.bound) < 5 * error + 1e-4, "\(mean), expected \(exact)")
                #expect(exact.bound >= exact.negativeLogLikelihood)
                #expect(mean > exact.negativeLogLikelihood - 5 * error)
                bounds.append(exact.bound)
                for _ in 0..<20 { _ = try trainer.trainEpoch(on: source) }
            }
            #expect(bounds[1] < 0.7 * bounds[0], "\(bounds)")
        }
    }

    @Test("without hidden neurons the loss is −log p itself, whatever the passes")
    func exact() throws {
        let network = try SpikeExamples.network(inputCount: 4, layers: [3])
        let input = SpikeExamples.raster(samples: 2, steps: 4, neurons: 4, seed: 5)
        let targets = SpikeExamples.raster(samples: 2, steps: 4, neurons: 3, seed: 6)
        let source = try ArraySamples(spikes: input, targets: .spikes(targets))
        var expected = 0.0
        for sample in 0..<2 {
            for neuron in 0..<3 {
                let currents = (0..<4).map { step in
                    [
                        input.activeNeurons(sample: sample, step: step).reduce(0.0) {
                            $0 + Double(network.projections[0][$1, neuron])
                        }
                    ]
                }
                let reference = try ReferenceNeuron(
                    network.populations[0].model,
                    parameters: network.populations[0][parameters: neuron].map { Double($0) })
                expected -=
                    try reference.run(
                        currents: currents, spikes: (0..<4).map { [targets[sample, $0, neuron] ? 1 : 0] }
                    ).logLikelihood / 2
            }
        }
        for passes in [1, 3] {
            let trainer = try Trainer(
                network: network, plan: TrainingPlan(stepCount: 4),
                objective: TargetLikelihood(passCount: passes), seed: 1, threads: 1)
            let loss = try trainer.evaluate(on: source).losses[0]
            #expect(abs(loss - expected) < 1e-4 * expected, "\(loss), expected \(expected)")
        }
    }

    @Test("a network with hidden neurons learns to give the target spike trains of each of four inputs")
    func reproduction() throws {
        let (inputs, steps, outputs) = (16, 6, 2)
        let input = SpikeExamples.raster(samples: 4, steps: steps, neurons: inputs, seed: 2)
        let targets = SpikeExamples.raster(samples: 4, steps: steps, neurons: outputs, seed: 3)
        let source = try ArraySamples(spikes: input, targets: .spikes(targets))
        let network = try SpikeExamples.network(inputCount: inputs, layers: [64, outputs])
        var trainer = try Trainer(
            network: network,
            plan: TrainingPlan(
                stepCount: steps, epochCount: 150, batchSize: 4, learningRate: 0.02, schedule: .cosine),
            objective: TargetLikelihood(passCount: 5), seed: 1, threads: 2)
        /// Share of spikes as they should be where the outputs draw their own.
        func agreement() -> Double {
            let simulator = NetworkSimulator(
                trainer.network, stepCount: steps, parallelism: Parallelism(threadCount: 1),
                precision: .fixed16)
            simulator.compile(trainer.network)
            var rightCount = 0
            for repetition in 0..<25 {
                simulator.run(
                    trainer.network, input: input, sampleIndices: [0, 1, 2, 3], seed: 7, epoch: repetition)
                let raster = simulator.outputRaster
                for index in 0..<4 * steps * outputs {
                    let (row, neuron) = index.quotientAndRemainder(dividingBy: outputs)
                    let place = (row / steps, row % steps, neuron)
                    if raster[place.0, place.1, place.2] == targets[place.0, place.1, place.2] {
                        rightCount += 1
                    }
                }
            }
            return Double(rightCount) / Double(25 * 4 * steps * outputs)
        }
        let (lossBefore, before) = (try trainer.evaluate(on: source).losses[0], agreement())
        for _ in 0..<150 { _ = try trainer.trainEpoch(on: source) }
        let (lossAfter, after) = (try trainer.evaluate(on: source).losses[0], agreement())
        #expect(lossAfter < 0.3 * lossBefore, "before \(lossBefore), after \(lossAfter)")
        #expect(before < 0.7 && after > 0.85, "before \(before), after \(after)")
    }

    @Test("classes stand for their neurons firing at every step; without given spikes they are read as rates")
    func classes() throws {
        let classes = try RateDecoder(classCount: 2, neuronsPerClass: 2)
        let objective = TargetLikelihood(passCount: 1, classes: classes)
        let silent = SpikeRaster(sampleCount: 2, stepCount: 3, neuronCount: 4)
        let given = try #require(objective.given(.classes([1, 0]), isTraining: true, outputs: silent))
        for step in 0..<3 {
            #expect(given.activeNeurons(sample: 0, step: step) == [2, 3])
            #expect(given.activeNeurons(sample: 1, step: step) == [0, 1])
        }
        #expect(objective.given(.classes([1, 0]), isTraining: false, outputs: silent) == nil)
        let judgement = objective.judge(
            OutputActivity(
                spikes: given, sampleIndices: [0, 1], ties: RandomStream(seed: 1, purpose: .tie)),
            .classes([1, 1]))
        #expect(judgement.lossSum == nil && judgement.predictions == [1, 0])
        #expect(judgement.rightCount == 1 && judgement.answerCount == 2)
    }

    @Test("what cannot be trained on given spikes is refused")
    func refused() throws {
        let network = try SpikeExamples.network(inputCount: 2, layers: [2])
        let objective = TargetLikelihood(passCount: 1)
        for gradients in [SurrogateGradients(regularization: 0.1), SurrogateGradients(truncation: 2)] {
            #expect(throws: LearningError.self) {
                try Trainer(
                    network: network, plan: TrainingPlan(stepCount: 4), objective: objective,
                    gradients: gradients, seed: 1)
            }
        }
        let trainer = try Trainer(
            network: network, plan: TrainingPlan(stepCount: 4), objective: objective, seed: 1)
        let input = SpikeExamples.raster(samples: 1, steps: 4, neurons: 2, seed: 1)
        for targets in [
            Targets.classes([0]), .spikes(SpikeExamples.raster(samples: 1, steps: 4, neurons: 3, seed: 1)),
            .spikes(SpikeExamples.raster(samples: 1, steps: 3, neurons: 2, seed: 1)),
        ] {
            let source = try ArraySamples(spikes: input, targets: targets, classCount: 2)
            let error = #expect(throws: LearningError.self) { try trainer.evaluate(on: source) }
            #expect(error?.description.contains("expected 4 steps of spikes of 2 neurons") == true)
        }
    }

    @Test("outputs whose spikes have no likelihood are refused by their model before the first batch")
    func certainSpikes() throws {
        let input = SpikeExamples.raster(samples: 1, steps: 4, neurons: 2, seed: 1)
        for (model, kind) in [(try LIF() as any NeuronModel, "lif"), (try QLIF(), "qlif")] {
            let network = try Network(
                NetworkGraph(
                    input: .init(neuronCount: 2), nodes: [.init("out", model: model, neuronCount: 2)],
                    edges: [.init("input", "out")]))
            var trainer = try Trainer(
                network: network, plan: TrainingPlan(stepCount: 4), objective: TargetLikelihood(passCount: 1),
                seed: 1)
            let error = #expect(throws: LearningError.self) {
                try trainer.trainEpoch(on: ArraySamples(spikes: input, targets: .spikes(input)))
            }
            #expect(
                error?.description.contains(
                    "found \(kind) neurons in population out, whose spikes have no likelihood; expected a model"
                )
                    == true)
            #expect(trainer.network == network)
        }
    }
}
