import SpikeDatasets
import TestSupport
import Testing

@testable import Learning

struct PredictionTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// The pixels of some images as an IDX file.
    private func file(_ images: ImageDataset) throws -> ImageFile {
        let header = [0x803, UInt32(images.count), 6, 6].flatMap { word in
            (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) }
        }
        let path = try folder.write(header + images.pixels, as: "images")
        return try ImageFile(path: path, height: 6, width: 6)
    }

    @Test("one pass gives the classes of an evaluation, on any number of threads")
    func agreesWithEvaluation() throws {
        let images = SyntheticImages.make(300)
        for threads in [1, 3] {
            var trainer = try SyntheticImages.trainer(threads: threads)
            _ = try trainer.trainEpoch(on: images)
            let predictions = try trainer.predict(file(images))
            var confusion = [[Int]](repeating: [0, 0, 0], count: 3)
            for (prediction, label) in zip(predictions, images.labels) {
                confusion[Int(label)][prediction.label] += 1
            }
            #expect(confusion == (try trainer.evaluate(on: images)).confusion)
        }
    }

    /// 3 classes of 4 neurons, 4 steps, 500 passes: a rate is the mean of 8,000 draws, whose deviation given their
    /// probabilities is at most 0.5 / √8,000; bounds at 5 of them.
    @Test("rates are a sample of the firing probabilities, and both those of the seed")
    func probabilities() throws {
        let trainer = try SyntheticImages.trainer()
        let images = try file(SyntheticImages.make(12))
        let predictions = try trainer.predict(images, repetitions: 500, seed: 9)
        for prediction in predictions {
            #expect(prediction.rates.count == 3 && prediction.firingProbabilities.count == 3)
            for (rate, probability) in zip(prediction.rates, prediction.firingProbabilities) {
                #expect(abs(rate - probability) < 5 * 0.5 / 8000.0.squareRoot())
                #expect(probability > 0 && probability < 1)
            }
            #expect(prediction.rates[prediction.label] == prediction.rates.max())
        }
        #expect(try trainer.predict(images, repetitions: 500, seed: 9) == predictions)
        #expect(try trainer.predict(images, repetitions: 500, seed: 8) != predictions)
    }

    @Test("no images, images of another size and passes that cannot be are refused")
    func refused() throws {
        let trainer = try SyntheticImages.trainer()
        let images = try file(SyntheticImages.make(2))
        for repetitions in [0, -1, 32_769, .max] {
            #expect(throws: LearningError.repetitions(found: repetitions)) {
                try trainer.predict(images, repetitions: repetitions)
            }
            #expect(throws: LearningError.repetitions(found: repetitions)) {
                try trainer.evaluate(on: SyntheticImages.make(2), repetitions: repetitions)
            }
        }
        #expect(throws: LearningError.self) { try trainer.predict(file(SyntheticImages.make(0))) }
        let path = folder.path("images")
        #expect(throws: DatasetError.self) { try ImageFile(path: path, height: 6, width: 7) }
        let narrow = try ImageFile(
            path: folder.write([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 9], as: "one"), height: 1,
            width: 1)
        #expect(throws: LearningError.self) { try trainer.predict(narrow) }
    }
}
