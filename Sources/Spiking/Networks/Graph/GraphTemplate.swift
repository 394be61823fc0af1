import Neurons

/// Graphs that are made to measure, by name: for images of a size, a number of outputs, and neurons of one model.
public enum GraphTemplate: String, Sendable, CaseIterable {
    /// The shape of Brand and Petruccione's convolutional network of QLIF neurons (npj Quantum Information 10, 2024), which is that
    /// of snnTorch's tutorial: convolution 5 × 5 with 12 features, pooling 2 × 2, convolution 5 × 5 with 64 features, pooling
    /// 2 × 2, full synapses onto the outputs. The tutorial pools currents, before the neurons; here spikes are pooled, after them.
    case qscnn

    /// - Parameters:
    ///   - height: rows of an image, of which each pixel is an input.
    ///   - width: pixels of a row.
    ///   - outputCount: neurons that are read out.
    /// - Throws: ``NetworkError/graph(place:problem:)`` for images that are too small.
    public func graph(height: Int, width: Int, outputCount: Int, model: any NeuronModel) throws
        -> NetworkGraph
    {
        switch self {
        case .qscnn:
            try convolutional(
                stages: [12, 64], kernelSize: 5, poolingSize: 2, height: height, width: width,
                outputCount: outputCount, model: model)
        }
    }

    private func convolutional(
        stages: [Int], kernelSize: Int, poolingSize: Int, height: Int, width: Int, outputCount: Int,
        model: any NeuronModel
    ) throws -> NetworkGraph {
        // The least side of which each stage leaves something, from the last stage back.
        let least = stages.reduce(1) { side, _ in side * poolingSize + kernelSize - 1 }
        guard min(height, width) >= least else {
            throw NetworkError.graph(
                place: "graph \(rawValue)",
                problem: "found images of \(height) × \(width), expected at least \(least) × \(least); "
                    + "take another data set, or layers with --hidden")
        }
        let input = NetworkGraph.Input(neuronCount: height * width, channelCount: model.channelCount)
        var (nodes, edges): ([NetworkGraph.Node], [NetworkGraph.Edge]) = ([], [])
        var (source, plane, pooling) = (input.name, (height: height, width: width), SpikePooling?.none)
        for (stage, features) in stages.enumerated() {
            let convolution = Connectivity.Convolution(
                height: plane.height, width: plane.width, inputFeatures: pooling?.features ?? 1,
                kernelSize: kernelSize, features: features)
            let (height, width) = (convolution.outputHeight, convolution.outputWidth)
            let name = "convolution \(stage + 1)"
            nodes.append(.init(name, model: model, neuronCount: height * width * features))
            edges.append(.init(source, name, .convolution(convolution), pooling: pooling))
            let next = SpikePooling(height: height, width: width, features: features, size: poolingSize)
            (source, plane, pooling) = (name, (next.outputHeight, next.outputWidth), next)
        }
        nodes.append(.init("output", model: model, neuronCount: outputCount))
        edges.append(.init(source, "output", pooling: pooling))
        return try NetworkGraph(input: input, nodes: nodes, edges: edges)
    }
}
