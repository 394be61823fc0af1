import Compute

/// Where the parameters of a population's neurons are kept after an update.
package struct ParameterBounds: Sendable, Equatable {
    private let parameterCount: Int
    /// Parameters of a neuron with the bounds of their group, of groups that have any.
    private let groups: [Group]

    private struct Group: Sendable, Equatable {
        let parameters: Range<Int>
        let bounds: ClosedRange<Float>
    }

    init(_ model: any NeuronModel) {
        var (first, groups) = (0, [Group]())
        for group in model.parameterGroups {
            if let bounds = group.bounds {
                groups.append(Group(parameters: first..<first + group.count, bounds: bounds))
            }
            first += group.count
        }
        (parameterCount, self.groups) = (first, groups)
    }

    /// - Parameter values: of whole tiles, `[tile][parameter][64]`.
    package func keep(_ values: MutableBufferView<Float>) {
        guard !groups.isEmpty else { return }
        for tile in 0..<values.count / (parameterCount * tileWidth) {
            for group in groups {
                for parameter in group.parameters {
                    let row = values.part(tile * parameterCount + parameter, size: tileWidth)
                    for lane in row.indices {
                        row[lane] = min(max(row[lane], group.bounds.lowerBound), group.bounds.upperBound)
                    }
                }
            }
        }
    }
}
