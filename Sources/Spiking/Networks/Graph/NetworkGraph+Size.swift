import Compute
import SpikeTrains
import Neurons

extension NetworkGraph {
    /// How much the projection of each edge holds.
    ///
    /// - Parameter isCounting: whether random projections are drawn to count their synapses; else their expectation is told.
    package func projectionSizes(counts isCounting: Bool = false) -> [ProjectionSize] {
        edges.map {
            ProjectionSize(
                $0.connectivity, inputCount: sourceCount($0), neuronCount: targetCount($0),
                currentCount: targetCurrentCount($0), counts: isCounting)
        }
    }

    /// Elements of the parameters of each population, as they are laid out.
    package var neuronParameterSizes: [Count] {
        nodes.map { Count.of(Population.tileCount($0.neuronCount), tileWidth, $0.model.parameterCount) }
    }

    /// Weights and parameters of neurons, as they are laid out.
    package var parameterSize: Count {
        projectionSizes().total(\.weightCount) + neuronParameterSizes.total { $0 }
    }

    /// Trainable numbers: weights, as `sizes` counts them, and parameters of neurons.
    package func parameterCount(_ sizes: [ProjectionSize]) -> Count {
        sizes.total(\.parameterCount) + nodes.total { Count.of($0.neuronCount, $0.model.parameterCount) }
    }

    /// Bytes of a network over this graph: weights, synapses and parameters of neurons.
    package var networkBytes: Count {
        projectionSizes().total(\.bytes) + neuronParameterSizes.total { $0.times(4) }
    }

    /// What to do where a network or a batch is too large for the machine.
    package static let memoryRemedy = "take smaller populations, fewer synapses or steps, or a smaller batch"

    /// Why so many samples cannot be run together, nil if they can: the spikes of a projection are listed at 32-bit
    /// positions.
    package func batchProblem(sampleCount: Count, stepCount: Int) -> String? {
        let inputs = edges.filter { $0.connectivity == .full }.map(sourceCount).max() ?? 0
        let places = sampleCount.times(SpikePatterns.blockCount(stepCount: stepCount), inputs)
        guard places.value > Int(UInt32.max) else { return nil }
        return
            "\(sampleCount.value) samples of \(stepCount) steps and \(inputs) inputs are too many to list; "
            + "take a smaller batch or fewer steps"
    }
}
