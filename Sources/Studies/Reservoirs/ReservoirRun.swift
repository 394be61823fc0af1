import Compute
import LinearAlgebra

/// A reservoir under way. A value: a copy goes on from where it was taken.
struct ReservoirRun: Sendable {
    private let reservoir: Reservoir
    private var neurons: [any NeuronRun]

    /// - Parameter neurons: one for each of the reservoir's.
    init(_ reservoir: Reservoir, _ neurons: [any NeuronRun]) {
        self.reservoir = reservoir
        self.neurons = neurons
        restart(series: 0)
    }

    /// Goes back to the ground state.
    ///
    /// - Parameter series: which of several begins, below 65,536: each has shots of its own.
    mutating func restart(series: Int) {
        for neuron in neurons.indices {
            neurons[neuron].restart(random: reservoir.random(neuron: neuron, series: series))
        }
    }

    /// Goes on.
    ///
    /// - Parameters:
    ///   - inputs: u, in 0 … 1, `[step][input]`.
    ///   - parallelism: neurons are shared out; without effect on the result.
    /// - Returns: one row for each step, one column for each feature.
    /// - Throws: ``ReservoirError/notFinite(neuron:)``.
    /// - Complexity: for each neuron and step 3^N 16^M_q products, and as many again for each shot and spike pattern.
    mutating func features(
        _ inputs: RealMatrix, parallelism: Parallelism = Parallelism(threadCount: 1)
    ) throws(ReservoirError) -> RealMatrix {
        let (reservoir, before) = (reservoir, neurons)
        let after = parallelism.map(before.count) { neuron, _ in
            var run = before[neuron]
            let firing = run.firing(reservoir.embeddings(of: inputs, neuron: neuron))
            return (run: run, firing: firing)
        }
        neurons = after.map(\.run)
        var features = RealMatrix(rowCount: inputs.rowCount, columnCount: reservoir.featureCount)
        var column = 0
        for (neuron, entry) in after.enumerated() {
            guard entry.firing.allSatisfy(\.isFinite) else { throw .notFinite(neuron: neuron) }
            let channels = reservoir.channelCount(of: neuron)
            for channel in 0..<channels {
                for step in 0..<inputs.rowCount {
                    features[step, column] = entry.firing[step * channels + channel]
                }
                column += 1
            }
        }
        return features
    }
}
