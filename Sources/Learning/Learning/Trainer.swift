import Compute
import Foundation
import LocalLearning
import SpikeDatasets
import SpikeTrains
import Networks

/// Trains a network on images by surrogate gradients through time, (S9)–(S11), or by the local rule, (20)–(25).
///
/// A value: a copy goes on independently. Same seed, same spikes and weights, bit for bit, for any number of
/// threads, and after interruption at any batch.
public struct Trainer: Sendable {
    public private(set) var recipe: Recipe
    public let seed: UInt64
    public private(set) var network: Network
    /// Reads the classes from the output spikes.
    public let decoder: RateDecoder
    /// Where the run stands.
    public internal(set) var progress = TrainingProgress()
    public let parallelism: Parallelism
    var optimizerState: OptimizerState
    /// Whether the machine has been asked for the memory of training; not again, as what an epoch took is not always given
    /// back to it.
    private var hasMemory = false

    /// Parameters beyond this have diverged: neighbouring numbers in single precision are 1/128 of a half turn
    /// apart there. Rates and losses stay finite whatever happens to the parameters, and cannot tell.
    static let largestParameter: Float = 65_536

    /// - Parameters:
    ///   - network: with `classCount × recipe.neuronsPerClass` outputs.
    ///   - threads: by default one for each core.
    public init(
        network: Network, recipe: Recipe, seed: UInt64,
        threads: Int = ProcessInfo.processInfo.activeProcessorCount
    ) throws {
        if let problem = recipe.problem { throw LearningError.recipe(problem) }
        try recipe.checkSizes(network.graph)
        guard network.outputCount % recipe.neuronsPerClass == 0 else {
            throw LearningError.outputs(found: network.outputCount, perClass: recipe.neuronsPerClass)
        }
        self.network = network
        self.recipe = recipe
        self.seed = seed
        decoder = try RateDecoder(
            classCount: network.outputCount / recipe.neuronsPerClass,
            neuronsPerClass: recipe.neuronsPerClass)
        parallelism = Parallelism(threadCount: max(threads, 1))
        optimizerState = OptimizerState(recipe.optimizerRule, network: network)
    }

    /// Trains one epoch, or the rest of one that was interrupted.
    ///
    /// - Parameters:
    ///   - dataset: images with as many pixels as the network has inputs.
    ///   - backend: runs the circuits of the local rule; nil where they are simulated here.
    ///   - afterBatch: called with the samples done in this epoch; return `false` to stop here. The trainer
    ///     can then be saved, and goes on later with the next batch.
    /// - Returns: what the epoch did, or nil if it was stopped.
    /// - Throws: `MemoryError` where the machine has not the memory; ``LearningError`` for data that does not fit, or when the parameters have diverged at the end of
    ///   the epoch; `BackendError` and `JournalError` where the backend fails, and the trainer is then as after the last batch.
    public mutating func trainEpoch(
        on dataset: ImageDataset, backend: BackendRun? = nil,
        afterBatch: (TrainingProgress) -> Bool = { _ in true }
    ) throws -> EpochMetrics? {
        try check(dataset)
        if !hasMemory {
            try ProcessMemory.require(
                recipe.trainingBytes(
                    network.graph, threadCount: parallelism.threadCount, isOnBackend: backend != nil),
                for: "training", remedy: Recipe.memoryRemedy)
            hasMemory = true
        }
        let simulator = NetworkSimulator(
            network, stepCount: recipe.stepCount, parallelism: parallelism, truncation: recipe.truncation)
        let learner = try localLearner()
        var order = Array(0..<dataset.count)
        var shuffling = RandomStream(seed: seed, purpose: .shuffle, epoch: progress.epoch).generator()
        order.shuffle(using: &shuffling)
        let batchCount = (dataset.count + recipe.batchSize - 1) / recipe.batchSize
        let start = Date()
        let earlierSeconds = progress.partial.seconds
        func samples(ofBatch number: Int) -> [Int] {
            let first = number * recipe.batchSize
            return Array(order[first..<min(first + recipe.batchSize, dataset.count)])
        }
        var input =
            progress.batch < batchCount ? encode(samples(ofBatch: progress.batch), of: dataset) : nil
        while let encoding = input {
            let next = progress.batch + 1
            // The next batch is encoded while this one trains.
            input = next < batchCount ? encode(samples(ofBatch: next), of: dataset) : nil
            let batch = samples(ofBatch: progress.batch)
            let labels = batch.map { Int(dataset.labels[$0]) }
            let updateTotal = batchCount * recipe.epochCount
            if let learner {
                try trainLocally(
                    on: try encoding.take(), labels: labels, sampleIndices: batch, learner: learner,
                    simulator: simulator, backend: backend, updateTotal: updateTotal)
            } else {
                train(
                    on: try encoding.take(), labels: labels, sampleIndices: batch, simulator: simulator,
                    updateTotal: updateTotal)
            }
            progress.batch = next
            progress.partial.seconds = earlierSeconds + Date().timeIntervalSince(start)
            if !afterBatch(progress) && progress.batch < batchCount { return nil }
        }
        guard isSound else {
            throw LearningError.diverged(epoch: progress.epoch + 1)
        }
        let metrics = progress.partial.metrics(
            epoch: progress.epoch + 1, stepCount: recipe.stepCount)
        progress = TrainingProgress(epoch: progress.epoch + 1)
        return metrics
    }

    /// Bytes that training takes beyond the data at most, with network and optimiser.
    ///
    /// - Parameter isOnBackend: whether a backend runs the circuits of the local rule, which are then all held at once.
    public func memoryCeiling(isOnBackend: Bool = false) -> Int {
        // A rule that cannot be made is an error where training begins.
        let training = try? recipe.trainingBytes(
            network.graph, threadCount: parallelism.threadCount, isOnBackend: isOnBackend)
        return (recipe.trainerBytes(network.graph) + (training ?? .zero)).value
    }

    /// Puts the trainer into another state of the same run.
    mutating func replace(
        network: Network, optimizerState: OptimizerState, progress: TrainingProgress
    ) {
        self.network = network
        self.optimizerState = optimizerState
        self.progress = progress
    }

    /// Makes the run longer or shorter.
    mutating func setEpochCount(_ epochCount: Int) {
        precondition(recipe.schedule == .constant, "a schedule over the whole run decides every update")
        recipe.epochCount = epochCount
    }

    /// Whether a data set has samples, and the shape of the network.
    func check(_ dataset: ImageDataset) throws {
        guard dataset.count > 0 else { throw LearningError.emptyDataset(dataset.name) }
        guard dataset.inputCount == network.inputCount, dataset.classCount == decoder.classCount else {
            throw LearningError.datasetShape(
                name: dataset.name, inputs: dataset.inputCount, classes: dataset.classCount,
                expectedInputs: network.inputCount, expectedClasses: decoder.classCount)
        }
    }

    private func encode(_ batch: [Int], of dataset: ImageDataset) -> EncodingAhead {
        let random = RandomStream(seed: seed, purpose: .encoding, epoch: progress.epoch)
        let channelCount = network.graph.input.channelCount
        return EncodingAhead(parallelism) { [recipe] in
            try recipe.encoder.encode(
                pixels: dataset.gather(batch), inputCount: dataset.inputCount, sampleIndices: batch,
                stepCount: recipe.stepCount, random: random, parallelism: Parallelism(threadCount: 1)
            ).repeated(channelCount: channelCount)
        }
    }

    /// Trains on one encoded batch: forward, loss, backward, update.
    ///
    /// - Parameters:
    ///   - labels: the class of each sample.
    ///   - sampleIndices: identity of each sample in the random streams.
    ///   - updateTotal: updates of the whole run, for the schedule.
    package mutating func train(
        on input: SpikeRaster, labels: [Int], sampleIndices: [Int], simulator: NetworkSimulator,
        updateTotal: Int
    ) {
        let epoch = progress.epoch
        simulator.compile(network)
        simulator.run(
            network, input: input, sampleIndices: sampleIndices, seed: seed, epoch: epoch,
            regularizes: recipe.regularization != 0)

        let channelCount = network.outputChannelCount
        let spikeCounts = decoder.counts(simulator.outputRaster)
        let rates = decoder.rates(
            spikeCounts: spikeCounts, stepCount: recipe.stepCount, channelCount: channelCount)
        let predictions = decoder.predictions(
            spikeCounts: spikeCounts, sampleIndices: sampleIndices,
            random: RandomStream(seed: seed, purpose: .tie, epoch: epoch))
        var errors = [Float](repeating: 0, count: labels.count * decoder.neuronCount)
        let loss = recipe.lossFunction
        let classCount = decoder.classCount
        let perSpike =
            1 / Double(decoder.neuronsPerClass * recipe.stepCount * channelCount * labels.count)
        var lossSum = 0.0
        var sampleRates = [Double](repeating: 0, count: classCount)
        var slopes = sampleRates
        for (sample, label) in labels.enumerated() {
            for index in 0..<classCount { sampleRates[index] = Double(rates[sample * classCount + index]) }
            lossSum += loss.value(rates: sampleRates, label: label)
            loss.setGradient(rates: sampleRates, label: label, &slopes)
            for (label, slope) in slopes.enumerated() {
                let first = sample * decoder.neuronCount + label * decoder.neuronsPerClass
                for neuron in first..<first + decoder.neuronsPerClass {
                    errors[neuron] = Float(slope * perSpike)
                }
            }
            if predictions[sample] == label { progress.partial.rightCount += 1 }
        }

        let regularization = Float(recipe.regularization / Double(labels.count))
        let regulariser = update(
            simulator, outputErrors: errors, regularization: regularization, updateTotal: updateTotal)
        progress.partial.regulariserSum += regulariser * Double(labels.count)
        progress.partial.lossSum += lossSum
        progress.partial.sampleCount += labels.count
        progress.partial.add(spikeCounts: simulator.spikeCounts)
    }

    private mutating func update(
        _ simulator: NetworkSimulator, outputErrors: [Float], regularization: Float, updateTotal: Int
    ) -> Double {
        guard recipe.gradientNormLimit != nil else {
            let update = beginUpdate(total: updateTotal)
            return simulator.reverse(
                network, outputErrors: .perSample(outputErrors), surrogate: recipe.surrogate.kernelKind,
                regularization: regularization, receiver: update)
        }
        let store = GradientStore(network, trained: recipe.trained ?? .all)
        let regulariser = simulator.reverse(
            network, outputErrors: .perSample(outputErrors), surrogate: recipe.surrogate.kernelKind,
            regularization: regularization, receiver: store)
        apply(store, updateTotal: updateTotal)
        return regulariser
    }

    /// One update by a gradient that has been kept, clipped where the recipe says so.
    mutating func apply(_ store: GradientStore, updateTotal: Int) {
        let limit = recipe.gradientNormLimit ?? .infinity
        let norm = limit.isFinite ? store.norm : 0
        store.replay(to: beginUpdate(total: updateTotal, scale: norm > limit ? Float(limit / norm) : 1))
    }

    /// - Parameter total: updates of the whole run, for the schedule.
    private mutating func beginUpdate(total: Int, scale: Float = 1) -> ParameterUpdate {
        let rate =
            recipe.learningRate
            * recipe.schedule.factor(update: optimizerState.updateCount, of: total)
        optimizerState.updateCount += 1
        return ParameterUpdate(
            &network, &optimizerState, optimizer: recipe.optimizerRule, trained: recipe.trained ?? .all,
            learningRate: rate, angleRateFactor: recipe.angleRateFactor, gradientScale: scale,
            kernels: InstructionSet.current.kernels)
    }
}
