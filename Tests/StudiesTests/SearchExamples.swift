import Compute
import Files
import Learning
import Neurons
import Runs
import SpikeDatasets

@testable import Studies

/// Searches of a moment: networks of a few LIF neurons on images of 6 × 6 pixels, each class bright in a third of the rows.
enum SearchExamples {
    static func images(_ count: Int, seed: UInt64) -> ImageDataset {
        var random = RandomStream(seed: seed, purpose: .analysis).generator()
        let labels = (0..<count).map { UInt8($0 % 3) }
        let pixels = labels.flatMap { label in
            (0..<36).map { UInt8.random(in: $0 / 12 == Int(label) ? 90...255 : 0...160, using: &random) }
        }
        return ImageDataset(
            checkedName: "synthetic", width: 6, height: 6, classNames: ["a", "b", "c"], pixels: pixels,
            labels: labels)
    }

    static func data(testSeed: UInt64 = 2) -> DatasetSplits<LabelledDataset> {
        DatasetSplits(
            train: images(90, seed: 1), test: images(30, seed: testSeed), files: [], note: "synthetic"
        ).labelled
    }

    static let sources: [DataKey: Search.Images] = ["synthetic": Search.Images(data())]

    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    /// The options that there are: those of `sqsnn train` are the command line's.
    static func configuration(_ options: [String: String]) throws -> RunConfiguration {
        var recipe = Recipe.standard
        (recipe.hiddenCounts, recipe.stepCount, recipe.batchSize, recipe.neuronsPerClass) = ([8], 4, 6, 2)
        recipe.weightGain = 3
        var configuration = RunConfiguration(
            dataset: "synthetic", neuron: try LIF(), seed: 1, recipe: recipe)
        for (name, text) in options.sorted(by: { $0.key < $1.key }) {
            let refusal = Refusal(description: "--\(name): found '\(text)'")
            func number(_ range: ClosedRange<Double>) throws -> Double {
                guard let number = Double(text), range.contains(number) else { throw refusal }
                return number
            }
            switch name {
            case "learning-rate": configuration.recipe.learningRate = try number(0...1e6)
            case "optimizer": configuration.recipe.optimizer = .sgd
            case "epochs": configuration.recipe.epochCount = Int(try number(1...100))
            case "validation": configuration.validationCount = Int(try number(1...1000))
            case "hidden": configuration.recipe.hiddenCounts = [Int(try number(1...100))]
            case "decay": configuration.neuron = AnyNeuronModel(try LIF(decay: Float(number(0...1))))
            case "model":
                guard text == "lif" || text == "qlif" else { throw refusal }
                if text == "qlif" { configuration.neuron = AnyNeuronModel(try QLIF()) }
            case "dataset": configuration.dataset = text
            case "backend": configuration.backend = text
            default: throw Refusal(description: "unknown option '--\(name)'")
            }
        }
        if options["hidden"] == "13", options["decay"] != nil {
            throw Refusal(description: "13 with a decay")
        }
        return configuration
    }

    /// Six trials of one or two LIF networks, of which three go on, and then one.
    static func space(trials: Int = 6, seeds: Int = 1) -> SearchSpace {
        var space = SearchSpace(
            trials: trials,
            rungs: [
                .init(epochs: 1, limit: 30, keep: 0.5), .init(epochs: 2, limit: 30, keep: 0.34),
                .init(epochs: 2),
            ], validation: 30)
        space.seeds = seeds
        space.free = [
            "learning-rate": .range(.init(1e-4, 0.1, scale: .log)),
            "hidden": .range(.init(4, 12, whole: true)),
        ]
        return space
    }

    static func search(_ space: SearchSpace = space()) throws -> Search {
        try Search(space, path: "space.json", configure: configuration)
    }
}

extension SearchReport {
    /// Without the time that trainings took.
    var arithmetic: String {
        get throws {
            String(decoding: try JSONDocument.encode(self), as: UTF8.self).replacing(#/"seconds":[-+.e0-9]+/#)
            {
                _ in "\"seconds\":0"
            }
        }
    }
}
