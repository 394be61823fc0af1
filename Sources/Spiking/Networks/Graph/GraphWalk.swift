/// The nodes and edges of a graph by number, and a walk over them.
///
/// Without recursion, as graphs of files may be longer than the stack is deep.
struct GraphWalk {
    /// Nodes of each edge; −1 where the source is the input.
    let sources: [Int]
    let targets: [Int]
    /// Edges from each node, in their order.
    let outgoing: [[Int]]

    /// - Parameter isUndelayed: whether edges with delay are left out.
    init(_ graph: NetworkGraph, undelayed isUndelayed: Bool = false) {
        sources = graph.edges.map { graph.nodeIndex($0.source) ?? -1 }
        targets = graph.edges.map { graph.nodeIndex($0.target) ?? -1 }
        var outgoing = [[Int]](repeating: [], count: graph.nodes.count)
        for (index, edge) in graph.edges.enumerated() where edge.delay == 0 || !isUndelayed {
            if sources[index] >= 0, targets[index] >= 0 { outgoing[sources[index]].append(index) }
        }
        self.outgoing = outgoing
    }

    /// Visits all nodes depth first, each once.
    ///
    /// - Parameters:
    ///   - isBackwards: whether the last nodes and edges come first.
    ///   - enter: called with a node and the edge by which it is reached, nil for the first of a tree.
    ///   - meet: called with each edge to a node that has been entered already.
    ///   - leave: called with a node after all that it leads to.
    func depthFirst(
        backwards isBackwards: Bool = false, enter: (_ node: Int, _ edge: Int?) -> Void = { _, _ in },
        meet: (_ edge: Int) -> Void = { _ in }, leave: (_ node: Int) -> Void
    ) {
        var isEntered = [Bool](repeating: false, count: outgoing.count)
        /// Nodes that have not been left, and how many of their edges have been followed.
        var path: [(node: Int, followed: Int)] = []
        func begin(_ node: Int, by edge: Int?) {
            isEntered[node] = true
            enter(node, edge)
            path.append((node, 0))
        }
        for number in outgoing.indices {
            let root = isBackwards ? outgoing.count - 1 - number : number
            if !isEntered[root] { begin(root, by: nil) }
            while let (node, followed) = path.last {
                let edges = outgoing[node]
                guard followed < edges.count else {
                    path.removeLast()
                    leave(node)
                    continue
                }
                path[path.count - 1].followed += 1
                let edge = edges[isBackwards ? edges.count - 1 - followed : followed]
                if isEntered[targets[edge]] { meet(edge) } else { begin(targets[edge], by: edge) }
            }
        }
    }
}
