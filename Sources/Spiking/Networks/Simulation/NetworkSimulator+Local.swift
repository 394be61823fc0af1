import Compute
import SpikeTrains
import Neurons

/// What a rule needs that learns in each population for itself.
extension NetworkSimulator {
    /// Currents (1) of a population in the last run, `[tile][current][row][64]`: until the next run.
    package func currents(of node: Int) -> BufferView<Float> { populations[node].currents.view.view }

    /// Spikes of a population in the last run.
    package func raster(of node: Int) -> SpikeRaster { populations[node].raster }

    /// Projections onto a population.
    package func projections(onto node: Int) -> [Int] { edges[node].incoming }

    /// All populations, each after those that it depends on; nil where some depend on their own past spikes.
    package var orderWithoutCycles: [Int]? {
        schedule.components.contains(where: \.isCyclic) ? nil : schedule.components.flatMap(\.nodes)
    }

    /// Spikes as they arrived along a projection in the last run, delayed: of the channel that makes a current.
    package func arrivingSpikes(_ projection: Int, current: Int) -> SpikeRaster {
        let node = projections[projection].target
        // Inside a cycle, spikes have been brought step by step only.
        if edges[node].returning.contains(projection) { bringAllSteps(projection) }
        return arrivingRaster(projection, projections[projection].channel(ofCurrent: current))
    }

    /// Hands over the gradient of the weights onto a population for ∂L/∂z given, in the layout of ``currents(of:)``.
    package func handOverWeights(
        onto node: Int, currentErrors: WorkingBuffer<Float>, _ network: Network,
        _ receiver: some GradientReceiver
    ) {
        precondition(currentErrors.count == populations[node].currents.count, "one error for each current")
        populations[node].errors = currentErrors
        handOverWeights(node, network, receiver)
    }
}
