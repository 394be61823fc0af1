import SpikeTrains

extension NetworkGraph {
    /// Refuses what cannot be run, with the path of the node or edge at fault.
    func check() throws {
        try checkNodes()
        for index in edges.indices { try checkEdge(index) }
        try checkOutputs()
        try checkCycles()
    }

    private func fail(_ place: String, _ problem: String) -> NetworkError {
        .graph(place: place, problem: problem)
    }

    /// The path of an edge, in the words of a graph file.
    func path(ofEdge index: Int) -> String {
        "projections[\(index)] (\(edges[index].source) → \(edges[index].target))"
    }

    private func checkNodes() throws {
        guard !nodes.isEmpty else {
            throw fail("populations", "found none, expected at least one; add an output population")
        }
        for (place, count) in [("populations", nodes.count), ("projections", edges.count)]
        where count > Self.largestCount {
            throw fail(place, "found \(count), expected at most \(Self.largestCount); join some of them")
        }
        guard !input.name.isEmpty else { throw fail("input.name", "found an empty name; name it") }
        guard (1...Self.largestPopulation).contains(input.neuronCount) else {
            throw fail(
                "input", "found \(input.neuronCount) neurons, expected 1 to \(Self.largestPopulation)")
        }
        guard (1...Self.channelCounts.upperBound).contains(input.channelCount) else {
            throw fail(
                "input",
                "found \(input.channelCount) channels, expected 1 to \(Self.channelCounts.upperBound)")
        }
        guard input.signal == .spikes || input.channelCount == 1 else {
            throw fail("input", "found \(input.channelCount) channels of values, expected 1")
        }
        var names: Set<String> = [input.name]
        for (index, node) in nodes.enumerated() {
            let place = "populations[\(index)] (\(node.name))"
            guard !node.name.isEmpty else { throw fail(place, "found an empty name; name it") }
            guard names.insert(node.name).inserted else {
                throw fail(place, "the name is taken; give each population a name of its own")
            }
            guard (1...Self.largestPopulation).contains(node.neuronCount) else {
                throw fail(
                    place, "found \(node.neuronCount) neurons, expected 1 to \(Self.largestPopulation)")
            }
            guard Self.channelCounts.contains(node.model.channelCount) else {
                throw fail(
                    place,
                    "found \(node.model.channelCount) input-output qubits, expected 1 to "
                        + "\(Self.channelCounts.upperBound); choose a smaller circuit")
            }
            do { try node.model.check(neuronCount: node.neuronCount) } catch {
                throw fail(place, "\(error)")
            }
        }
    }

    /// Channels N of the neurons of a network.
    public static let channelCounts = 1...4

    private func checkEdge(_ index: Int) throws {
        let edge = edges[index]
        let place = path(ofEdge: index)
        var known: String { ([input.name] + nodes.map(\.name)).joined(separator: ", ") }
        guard edge.source == input.name || nodeIndex(edge.source) != nil else {
            throw fail(place, "unknown population '\(edge.source)'; expected one of \(known)")
        }
        guard edge.target != input.name else {
            throw fail(place, "the input takes no spikes; project onto a population")
        }
        guard let target = nodeIndex(edge.target) else {
            throw fail(place, "unknown population '\(edge.target)'; expected one of \(known)")
        }
        guard (0...1).contains(edge.delay) else {
            throw fail(place, "found delay \(edge.delay), expected 0 or 1")
        }
        let (from, to) = (sourceChannelCount(edge), nodes[target].model.currentCount)
        guard from == to || from == 1 else {
            throw fail(
                place,
                "found \(from) channels before and \(to) after the synapses, expected as many, or one before; "
                    + "give both populations the same number of input-output qubits")
        }
        if let problem = edge.pooling?.problem(sourceCount: sendingCount(edge))
            ?? edge.connectivity.problem(
                sourceCount: sourceCount(edge), isPooled: edge.pooling != nil,
                targetCount: nodes[target].neuronCount)
        {
            throw fail(place, problem)
        }
        if edge.source == input.name, input.signal == .values,
            edge.pooling != nil || edge.connectivity != .full
        {
            throw fail(
                place,
                "found pooling or connectivity for spikes, expected full synapses from an input of values")
        }
        let size = ProjectionSize(
            edge.connectivity, inputCount: sourceCount(edge), neuronCount: nodes[target].neuronCount,
            currentCount: 1)
        guard size.isFull || size.currentSize.value <= Int(UInt32.max) else {
            throw fail(
                place,
                "found \(size.currentSize.value) weights, expected at most \(UInt32.max); connect fewer neurons"
            )
        }
    }

    private func checkOutputs() throws {
        guard !outputs.isEmpty else {
            throw fail(
                "outputs", "every population projects onto another, expected one that does not; add an output"
            )
        }
        var listed = Set<String>()
        let feeding = Dictionary(
            edges.enumerated().map { ($1.source, $0) }, uniquingKeysWith: { first, _ in first })
        for (index, name) in outputs.enumerated() {
            let place = "outputs[\(index)]"
            guard nodeIndex(name) != nil else {
                throw fail(place, "unknown population '\(name)'; name one of the populations")
            }
            guard listed.insert(name).inserted else {
                throw fail(place, "'\(name)' is listed twice; list it once")
            }
            if let edge = feeding[name] {
                throw fail(
                    path(ofEdge: edge),
                    "'\(name)' is an output and feeds nothing (9); read out another population, "
                        + "or remove the projection")
            }
        }
    }

    private func checkCycles() throws {
        guard let cycle = NetworkSchedule.undelayedCycle(self) else { return }
        let names = cycle.map { edges[$0].source } + [edges[cycle[0]].source]
        let last = cycle[cycle.count - 1]
        throw fail(
            path(ofEdge: last),
            "closes a cycle without delay, \(names.joined(separator: " → ")); "
                + "give one of its projections delay 1")
    }
}
