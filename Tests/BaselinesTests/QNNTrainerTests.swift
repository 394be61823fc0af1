import Compute
import Foundation
import Learning
import Neurons
import SpikeDatasets
import Testing

@testable import Baselines

@Suite struct QNNTrainerTests {
    /// Two classes, bright above or below.
    private static func images(_ count: Int, seed: UInt64 = 1) throws -> ImageDataset {
        var random = RandomStream(seed: seed, purpose: .analysis).generator()
        let labels = (0..<count).map { UInt8($0 % 2) }
        let pixels = labels.flatMap { label in
            (0..<12).map { UInt8.random(in: $0 / 6 == Int(label) ? 100...255 : 0...120, using: &random) }
        }
        return try ImageDataset(
            name: "halves", width: 3, height: 4, classNames: ["above", "below"], pixels: pixels,
            labels: labels)
    }

    private static func trainer(
        _ qnn: QNN? = nil, threads: Int = 1, epochs: Int = 4, limit: Double? = nil
    ) throws -> QNNTrainer {
        let plan = TrainingPlan(
            stepCount: 1, epochCount: epochs, batchSize: 20, learningRate: 0.05, schedule: .cosine,
            gradientNormLimit: limit)
        return try QNNTrainer(
            qnn ?? QNN(qubits: 3, circuits: 2, layers: 2), inputCount: 12, classCount: 2, plan: plan, seed: 5,
            angleDeviation: 1, threads: threads)
    }

    @Test("the parameters are counted, by hand and by the trainer")
    func counts() throws {
        let qnn = try QNN(qubits: 4, circuits: 250, layers: 2, entangler: .strong)
        // 784 · 1000 + 1000, 250 · 2 · 4 · 3, 1000 · 10 + 10
        #expect(qnn.parameterCount(inputCount: 784, classCount: 10) == 801_010)
        for entangler in QNN.Entangler.allCases {
            let qnn = try QNN(qubits: 3, circuits: 5, layers: 2, entangler: entangler)
            let trainer = try QNNTrainer(
                qnn, inputCount: 12, classCount: 2, plan: TrainingPlan(stepCount: 1), seed: 1)
            #expect(trainer.parameterCount == qnn.parameterCount(inputCount: 12, classCount: 2))
        }
    }

    @Test("the gradient of the loss is that of differences", arguments: QNN.Entangler.allCases)
    func gradient(_ entangler: QNN.Entangler) throws {
        let qnn = try QNN(qubits: 3, circuits: 2, layers: 2, embedding: .rotationX, entangler: entangler)
        var parameters = try Self.trainer(qnn).parameters
        let images = try Self.images(21)
        var pass = QNNPass(qnn, inputCount: 12, classCount: 2, parallelism: Parallelism(threadCount: 2))
        let loss = Loss.softmaxCrossEntropy(temperature: 1)
        func value(_ parameters: QNNParameters) -> Double {
            pass.run(parameters, pixels: images.pixels)
            return images.labels.enumerated().reduce(0.0) { sum, entry in
                sum + loss.value(rates: pass.logits(entry.offset), label: Int(entry.element))
            }
        }
        _ = value(parameters)
        let slopes = images.labels.enumerated().flatMap { sample, label in
            loss.gradient(rates: pass.logits(sample), label: Int(label)).map { Float($0) }
        }
        pass.reverse(&parameters, slopes: slopes)
        for part in QNNParameters.parts {
            let gradient = parameters[keyPath: part.field].gradient.array
            for index in stride(from: 0, to: gradient.count, by: 3) {
                var (ahead, behind) = (parameters, parameters)
                ahead[keyPath: part.field].values[index] += 0.01
                behind[keyPath: part.field].values[index] -= 0.01
                let difference = (value(ahead) - value(behind)) / 0.02
                #expect(
                    abs(difference - Double(gradient[index])) < 2e-3 * max(1, abs(difference)),
                    "\(part.name) \(index)")
            }
        }
    }

    @Test("it learns, and so every part of it")
    func learns() throws {
        var trainer = try Self.trainer(epochs: 10)
        let (train, test) = (try Self.images(200), try Self.images(100, seed: 2))
        let before = trainer.parameters
        let first = try #require(try trainer.trainEpoch(on: train))
        var last = first
        while trainer.progress.epoch < 10 { last = try #require(try trainer.trainEpoch(on: train)) }
        #expect(last.loss < first.loss / 2)
        #expect(last.layerSpikesPerStep.isEmpty)
        for part in QNNParameters.parts {
            #expect(
                trainer.parameters[keyPath: part.field].values != before[keyPath: part.field].values,
                "\(part.name)")
        }
        let evaluation = try trainer.evaluate(on: test, repetitions: 5)
        #expect(evaluation.accuracies.count == 1)
        #expect(evaluation.meanAccuracy > 0.95)
        #expect(evaluation.confusion.joined().reduce(0, +) == 100)
    }

    @Test("any number of threads, and an epoch in two pieces, give the same bits")
    func bits() throws {
        let images = try Self.images(110)
        var plain = try Self.trainer(limit: 0.5)
        _ = try plain.trainEpoch(on: images)
        var threaded = try Self.trainer(threads: 3, limit: 0.5)
        _ = try threaded.trainEpoch(on: images)
        #expect(threaded.parameters == plain.parameters)
        var cut = try Self.trainer(limit: 0.5)
        #expect(try cut.trainEpoch(on: images) { $0.batch < 3 } == nil)
        var other = cut
        let metrics = try #require(try other.trainEpoch(on: images))
        #expect(other.parameters == plain.parameters)
        #expect(metrics.epoch == 1)
        #expect(other.progress == plain.progress)
    }

    @Test("what does not fit is refused")
    func refusals() throws {
        #expect(throws: NeuronError.input(place: "qubits", problem: "found 11, expected 1 to 10")) {
            try QNN(qubits: 11)
        }
        #expect(
            throws: NeuronError.input(
                place: "circuits", problem: "found 60000 of 4 qubits, expected at most 65536 qubits in all")
        ) { try QNN(circuits: 60000) }
        var trainer = try Self.trainer()
        let other = try ImageDataset(
            name: "other", width: 2, height: 2, classNames: ["a", "b"], pixels: [1, 2, 3, 4], labels: [0])
        #expect(
            throws: LearningError.datasetShape(
                name: "other", inputs: 4, classes: 2, expectedInputs: 12, expectedClasses: 2)
        ) { _ = try trainer.trainEpoch(on: other) }
    }
}
