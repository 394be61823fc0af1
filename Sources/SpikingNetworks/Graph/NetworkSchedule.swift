/// In which order the populations of a graph are run.
///
/// Populations that do not depend on one another in a circle run one after the other, all steps at once; those of a
/// cycle run together, step by step. The reverse order takes gradients back.
struct NetworkSchedule: Sendable, Equatable {
    /// Populations that run together.
    struct Component: Sendable, Equatable {
        /// Nodes, such that a projection without delay goes from an earlier to a later one.
        var nodes: [Int]
        /// Whether they depend on their own past spikes.
        var isCyclic: Bool
    }

    let components: [Component]

    init(_ graph: NetworkGraph) {
        let successors = Self.successors(graph) { _ in true }
        let undelayed = Self.order(graph)
        let rank = Dictionary(uniqueKeysWithValues: undelayed.enumerated().map { ($1, $0) })
        components = Self.stronglyConnected(successors).map { nodes in
            Component(
                nodes: nodes.sorted { (rank[$0] ?? 0, $0) < (rank[$1] ?? 0, $1) },
                isCyclic: nodes.count > 1 || successors[nodes[0]].contains(nodes[0]))
        }
    }

    /// Nodes that each node projects onto, over the edges that `isIncluded`.
    private static func successors(
        _ graph: NetworkGraph, where isIncluded: (NetworkGraph.Edge) -> Bool
    ) -> [[Int]] {
        var successors = [[Int]](repeating: [], count: graph.nodes.count)
        for edge in graph.edges where isIncluded(edge) {
            if let source = graph.nodeIndex(edge.source), let target = graph.nodeIndex(edge.target) {
                successors[source].append(target)
            }
        }
        return successors
    }

    /// All nodes, each after those that it depends on within a step.
    private static func order(_ graph: NetworkGraph) -> [Int] {
        let successors = successors(graph) { $0.delay == 0 }
        var order: [Int] = []
        var seen = [Bool](repeating: false, count: graph.nodes.count)
        func visit(_ node: Int) {
            if seen[node] { return }
            seen[node] = true
            for next in successors[node].reversed() { visit(next) }
            order.append(node)
        }
        for node in graph.nodes.indices.reversed() { visit(node) }
        return order.reversed()
    }

    /// Edges of a cycle without delay, in their order; nil if there is none.
    static func undelayedCycle(_ graph: NetworkGraph) -> [Int]? {
        let edges = graph.edges.indices.filter { graph.edges[$0].delay == 0 }
        var state = [Int](repeating: 0, count: graph.nodes.count)
        var path: [Int] = []
        func visit(_ node: Int) -> [Int]? {
            state[node] = 1
            for edge in edges where graph.edges[edge].source == graph.nodes[node].name {
                guard let next = graph.nodeIndex(graph.edges[edge].target) else { continue }
                path.append(edge)
                if state[next] == 1 {
                    let name = graph.nodes[next].name
                    let first = path.lastIndex { graph.edges[$0].source == name } ?? path.startIndex
                    return Array(path[first...])
                }
                if state[next] == 0, let cycle = visit(next) { return cycle }
                path.removeLast()
            }
            state[node] = 2
            return nil
        }
        for node in graph.nodes.indices where state[node] == 0 {
            if let cycle = visit(node) { return cycle }
        }
        return nil
    }

    /// Tarjan's strongly connected components, each after those that it depends on.
    private static func stronglyConnected(_ successors: [[Int]]) -> [[Int]] {
        var index = 0
        var numbers = [Int?](repeating: nil, count: successors.count)
        var lowest = [Int](repeating: 0, count: successors.count)
        var stack: [Int] = []
        var isOnStack = [Bool](repeating: false, count: successors.count)
        var components: [[Int]] = []
        func visit(_ node: Int) {
            numbers[node] = index
            lowest[node] = index
            index += 1
            stack.append(node)
            isOnStack[node] = true
            for next in successors[node] {
                if let number = numbers[next] {
                    if isOnStack[next] { lowest[node] = min(lowest[node], number) }
                } else {
                    visit(next)
                    lowest[node] = min(lowest[node], lowest[next])
                }
            }
            guard lowest[node] == numbers[node] else { return }
            let first = stack.lastIndex(of: node) ?? stack.startIndex
            let component = Array(stack[first...])
            stack.removeSubrange(first...)
            for member in component { isOnStack[member] = false }
            components.append(component)
        }
        for node in successors.indices where numbers[node] == nil { visit(node) }
        return components.reversed()
    }
}
