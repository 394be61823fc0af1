import Compute
import Learning
import SpikeTrains
import Networks
import Neurons

/// What the local rule makes and takes on a network over a graph, counted without making the network.
package struct LocalCounts: Sendable {
    private let rule: LocalRule
    private let graph: NetworkGraph
    private let stepCount: Int
    private let threadCount: Int
    /// Of each node, nil where nothing is estimated.
    private let probes: [ProbeCounts?]
    private let output: Int

    /// Populations of a network that learns by the rule, at most: shots at two scales of the noise have random numbers of
    /// their own.
    package static let largestPopulationCount = NetworkGraph.largestCount / 2

    /// - Parameters:
    ///   - trainsProjection, trainsPopulation: which parameters are trained.
    package init(
        _ rule: LocalRule, graph: NetworkGraph, stepCount: Int, threadCount: Int,
        trainsProjection: (Int) -> Bool, trainsPopulation: (Int) -> Bool
    ) {
        self.rule = rule
        self.graph = graph
        self.stepCount = stepCount
        self.threadCount = threadCount
        let output = graph.outputIndex
        self.output = output
        var isTrained = [Bool](repeating: false, count: graph.nodes.count)
        for (index, edge) in graph.edges.enumerated() where trainsProjection(index) {
            if let target = graph.nodeIndex(edge.target) { isTrained[target] = true }
        }
        probes = graph.nodes.enumerated().map { node, population in
            // The outputs' likelihood is the feedback, trained or not.
            guard isTrained[node] || trainsPopulation(node) || node == output else { return nil }
            return ProbeCounts(
                rule, model: population.model, neuronCount: population.neuronCount, stepCount: stepCount,
                trainsSynapses: isTrained[node], trainsAngles: trainsPopulation(node))
        }
    }

    /// Refuses neurons that cannot learn by the rule, where they should.
    package func check() throws(LocalRuleError) {
        for (node, probes) in zip(graph.nodes, probes) where probes != nil {
            _ = try node.model.asLocalNeuron(of: node.name)
        }
    }

    private var hiddenCount: Count {
        graph.nodes.indices.total { $0 == output ? .zero : Count(graph.nodes[$0].neuronCount) }
    }

    /// Circuits and shots of an update on so many samples: what the formulas say. A count beyond `Int.max` is told as that.
    package func ledger(sampleCount: Int) -> ShotLedger {
        let runCount = Count.of(sampleCount, rule.passCount)
        var ledger = ShotLedger()
        if rule.estimator != .exact {
            for case let probes? in probes { ledger += probes.ledger(runCount: runCount) }
        }
        let passes = runCount.times(hiddenCount).value
        ledger.passes = .init(circuits: passes, shots: passes)
        return ledger
    }

    /// Bytes that an update on so many samples takes at most, with a gradient of all parameters.
    ///
    /// - Parameter isOnBackend: whether the circuits of all probes and their counts are held too.
    /// - Throws: `CircuitError` or `NoiseError` for a circuit that cannot be folded or run.
    package func memoryCeiling(sampleCount: Int, isOnBackend: Bool) throws -> Count {
        let runCount = Count.of(sampleCount, rule.passCount)
        let rows = runCount.times(stepCount)
        var bytes = SimulatorSize(
            graph, stepCount: stepCount, threadCount: threadCount, precision: .float32
        )
        .memoryCeiling(sampleCount: runCount, regularizes: false)
        let sizes = graph.projectionSizes()
        bytes += sizes.total { $0.weightCount.times(8) } + graph.neuronParameterSizes.total { $0.times(4) }
        // Spikes of the inputs and the targets, once for each pass.
        let words =
            Population.tileCount(graph.input.neuronCount) * graph.input.channelCount
            + Population.tileCount(graph.nodes[output].neuronCount)
        bytes += rows.times(16, words)
        for (node, probes) in zip(graph.nodes, probes) {
            guard let probes else { continue }
            if rule.estimator == .exact {
                bytes += ExactPopulation.memoryCeiling(
                    node.model, neuronCount: node.neuronCount, stepCount: stepCount, runCount: runCount,
                    threadCount: threadCount)
                continue
            }
            bytes += try probes.memoryCeiling(node.model, runCount: runCount, threadCount: threadCount)
            if isOnBackend { bytes += probes.backendCeiling(runCount: runCount) }
        }
        for (index, size) in sizes.enumerated() {
            let inputs = Population.tileCount(size.inputCount)
            // The gradient of each synapse, and which inputs are connected to each neuron.
            bytes += Count.of(4, size.neuronCount, inputs, tileWidth)
            if graph.edges[index].connectivity != .full { bytes += Count.of(8, size.neuronCount, inputs) }
        }
        return bytes
    }
}
