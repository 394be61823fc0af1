extension NetworkGraph {
    /// The column of each node in a drawing, the input's being 0: one more than the last of those that it depends on,
    /// leaving out the ways back of cycles.
    public var ranks: [Int] {
        let walk = GraphWalk(self)
        var incoming = [[Int]](repeating: [], count: nodes.count)
        for edge in edges.indices { incoming[walk.targets[edge]].append(walk.sources[edge]) }
        var ranks = [Int?](repeating: nil, count: nodes.count)
        for node in NetworkSchedule(self).components.flatMap(\.nodes) {
            let before = incoming[node].map { $0 < 0 ? 0 : ranks[$0] ?? 0 }
            ranks[node] = (before.max() ?? 0) + 1
        }
        return ranks.map { $0 ?? 1 }
    }

    /// Whether populations depend on their own past spikes.
    public var isCyclic: Bool { NetworkSchedule(self).components.contains(where: \.isCyclic) }
}

extension NetworkGraph.Edge {
    /// Pooling and synapses, in words.
    public var summary: String { (pooling.map { "\($0), " } ?? "") + connectivity.description }

    /// The same in fewer letters, for a drawing.
    public var label: String { (pooling.map { "\($0), " } ?? "") + connectivity.label }
}

extension Connectivity: CustomStringConvertible {
    public var description: String {
        switch self {
        case .full: "full"
        case .oneToOne: "one to one"
        case .random(let probability, let seed): "random, p = \(probability), seed \(seed)"
        case .convolution(let convolution):
            "\(convolution.kernelSize) × \(convolution.kernelSize) convolution"
                + (convolution.stride > 1 ? ", stride \(convolution.stride)" : "")
        case .explicit(let synapses): "\(synapses.count) " + (synapses.count == 1 ? "synapse" : "synapses")
        }
    }

    /// A few letters, for a drawing.
    public var label: String {
        switch self {
        case .full, .oneToOne, .explicit: description
        case .random(let probability, _): "random, p = \(probability)"
        case .convolution(let convolution): "\(convolution.kernelSize) × \(convolution.kernelSize)"
        }
    }
}
