import SQSNN

let data = try await DatasetCatalog.loadImages("fashion-mnist")
let training = data.train.prefix(6000)

// 200 hidden neurons, then ten output neurons for each class; one circuit, and angles of its own for each neuron.
let neuron = SQS(try Ansatz.exchange.circuit())
var network = try Network(
    inputCount: training.inputCount,
    populations: [
        Population(model: neuron, neuronCount: 200),
        Population(model: neuron, neuronCount: 10 * training.classCount),
    ])
try network.initialize(seed: 1)

var recipe = Recipe.standard
recipe.epochCount = 4
var trainer = try Trainer(network: network, recipe: recipe, seed: 1)
for _ in 0..<recipe.epochCount {
    guard let epoch = try trainer.trainEpoch(on: training) else { break }
    print("epoch \(epoch.epoch): loss \(epoch.loss), \(epoch.spikesPerStep) spikes a step")
}

let evaluation = try trainer.evaluate(on: data.test, repetitions: 5)
var accuracy = "\(evaluation.meanAccuracy)"
if let deviation = evaluation.accuracyDeviation { accuracy += " ± \(deviation)" }
print("test accuracy \(accuracy), one pass an image")
