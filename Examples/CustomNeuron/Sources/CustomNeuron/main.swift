import Foundation
import SQSNN

// From here on graph files and run folders can name it.
NeuronModels.register(AdaptiveNeuron.self)
let neuron = try AdaptiveNeuron()

let check = try NeuronCheck(of: neuron)
print(check)
guard check.passed else { exit(1) }

let data = try await DatasetCatalog.loadImages("fashion-mnist")
var recipe = Recipe.standard
recipe.hiddenCounts = [200]
recipe.epochCount = 4
let configuration = RunConfiguration(
    dataset: "fashion-mnist", trainingLimit: 6000, neuron: neuron, seed: 1, recipe: recipe)

let path = FileManager.default.temporaryDirectory.appending(path: "adaptive-\(UUID().uuidString)").path
defer { try? FileManager.default.removeItem(atPath: path) }
let folder = RunFolder(path: path)
let threads = ProcessInfo.processInfo.activeProcessorCount
var run = try TrainingRun(configuration, data: data.labelled, folder: folder, threads: threads)
while let epoch = try run.trainEpoch(afterBatch: { _ in true }) {
    print("epoch \(epoch.epoch): loss \(epoch.loss), \(epoch.spikesPerStep) spikes a step")
    if run.isComplete { break }
}

// What the folder holds is enough to go on: its run.json names the neuron by its kind.
let (trainer, _) = try folder.trainedNetwork(threads: threads)
let hidden = trainer.network.populations[0]
print("run.json: \(try folder.configuration().neuron.model)")
print("decays of hidden neuron 0: \(hidden[parameters: 0])")
let evaluation = try trainer.evaluate(on: data.test, repetitions: 1)
print("test accuracy \(evaluation.meanAccuracy)")
