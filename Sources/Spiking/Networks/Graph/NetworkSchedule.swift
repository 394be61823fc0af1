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
        let walk = GraphWalk(graph)
        let rank = Dictionary(uniqueKeysWithValues: Self.order(graph).enumerated().map { ($1, $0) })
        components = Self.stronglyConnected(walk).map { nodes in
            Component(
                nodes: nodes.sorted { (rank[$0] ?? 0, $0) < (rank[$1] ?? 0, $1) },
                isCyclic: nodes.count > 1
                    || walk.outgoing[nodes[0]].contains { walk.targets[$0] == nodes[0] })
        }
    }

    /// Whether an edge is part of a cycle.
    func isReturning(_ edge: NetworkGraph.Edge, of graph: NetworkGraph) -> Bool {
        guard let source = graph.nodeIndex(edge.source), let target = graph.nodeIndex(edge.target) else {
            return false
        }
        return components.contains { $0.nodes.contains(source) && $0.nodes.contains(target) }
    }

    /// All nodes, each after those that it depends on within a step.
    private static func order(_ graph: NetworkGraph) -> [Int] {
        var order: [Int] = []
        GraphWalk(graph, undelayed: true).depthFirst(backwards: true, leave: { order.append($0) })
        return order.reversed()
    }

    /// Edges of a cycle without delay, in their order; nil if there is none.
    static func undelayedCycle(_ graph: NetworkGraph) -> [Int]? {
        let walk = GraphWalk(graph, undelayed: true)
        var isOnPath = [Bool](repeating: false, count: graph.nodes.count)
        var path: [Int] = []
        var cycle: [Int]?
        walk.depthFirst(
            enter: { node, edge in
                isOnPath[node] = true
                if let edge { path.append(edge) }
            },
            meet: { edge in
                guard cycle == nil, isOnPath[walk.targets[edge]] else { return }
                let closed = path + [edge]
                let first = closed.lastIndex { walk.sources[$0] == walk.targets[edge] }
                cycle = Array(closed[(first ?? closed.startIndex)...])
            },
            leave: { node in
                isOnPath[node] = false
                _ = path.popLast()
            })
        return cycle
    }

    /// Tarjan's strongly connected components, each after those that it depends on.
    private static func stronglyConnected(_ walk: GraphWalk) -> [[Int]] {
        let count = walk.outgoing.count
        var number = 0
        var numbers = [Int](repeating: 0, count: count)
        var lowest = numbers
        var stack: [Int] = []
        var isOnStack = [Bool](repeating: false, count: count)
        var parents = [Int?](repeating: nil, count: count)
        var components: [[Int]] = []
        walk.depthFirst(
            enter: { node, edge in
                parents[node] = edge.map { walk.sources[$0] }
                (numbers[node], lowest[node]) = (number, number)
                number += 1
                stack.append(node)
                isOnStack[node] = true
            },
            meet: { edge in
                let (node, next) = (walk.sources[edge], walk.targets[edge])
                if isOnStack[next] { lowest[node] = min(lowest[node], numbers[next]) }
            },
            leave: { node in
                if let parent = parents[node] { lowest[parent] = min(lowest[parent], lowest[node]) }
                guard lowest[node] == numbers[node] else { return }
                let first = stack.lastIndex(of: node) ?? stack.startIndex
                let component = Array(stack[first...])
                stack.removeSubrange(first...)
                for member in component { isOnStack[member] = false }
                components.append(component)
            })
        return components.reversed()
    }
}
