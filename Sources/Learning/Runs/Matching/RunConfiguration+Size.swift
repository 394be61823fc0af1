import Baselines
import Networks
import SpikeDatasets

extension RunConfiguration {
    /// Trainable numbers of the network that is trained on data of a shape, weights and parameters of neurons, counted without
    /// making it; of random synapses as they are drawn, or, where they are too many to draw, as many as are expected.
    ///
    /// - Throws: `NetworkError` and ``RunError`` for a network that cannot be.
    public func parameterCount(inputCount: Int, classCount: Int) throws -> Int {
        if let qnn { return qnn.parameterCount(inputCount: inputCount, classCount: classCount) }
        let (graph, _) = try structure(inputCount: inputCount, classCount: classCount)
        return graph.parameterCount(graph.projectionSizes(counts: true)).value
    }

    /// Trainable numbers of the network that is trained on a data set.
    public func parameterCount(for dataset: CatalogEntry) throws -> Int {
        try parameterCount(
            inputCount: dataset.inputShape(input).inputCount, classCount: dataset.classNames.count)
    }
}

extension RunConfiguration {
    /// The number that makes the model larger or smaller: neurons of its largest hidden layer, circuits of a QNN; nil where it has
    /// neither.
    var width: Int? { qnn?.circuitCount ?? recipe.hiddenCounts.max() }

    /// Every ``width`` that there can be.
    var widths: ClosedRange<Int> { qnn?.possibleCircuitCounts ?? Recipe.layerSizes }

    /// The same model with another ``width``: all hidden layers larger or smaller by one factor, with at least a neuron each.
    func scaled(toWidth width: Int) -> RunConfiguration {
        var scaled = self
        if let qnn {
            scaled.qnn = qnn.withCircuits(width)
            return scaled
        }
        let largest = Double(self.width ?? width)
        scaled.recipe.hiddenCounts = recipe.hiddenCounts.map {
            max(Int((Double($0) * Double(width) / largest).rounded()), 1)
        }
        return scaled
    }

    /// What the model's size is by, as in `hidden 500,250`.
    var sizeText: String {
        qnn.map { "circuits \($0.circuitCount)" }
            ?? "hidden " + recipe.hiddenCounts.map(String.init).joined(separator: ",")
    }
}
