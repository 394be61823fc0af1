import Compute
import LinearAlgebra

extension Reservoir {
    /// Runs the reservoir on series, each from the ground state.
    ///
    /// - Parameters:
    ///   - values: u, in 0 … 1, `[series][step][input]`.
    ///   - stepCount: of each series.
    ///   - shots: runs that the firing probabilities are estimated from; nil for exact ones.
    /// - Returns: `[series][step][feature]`.
    /// - Throws: ``ReservoirError/notFinite(neuron:)``.
    package func features(
        ofSeries values: [Double], stepCount: Int, shots: Int?, parallelism: Parallelism
    ) throws -> [Double] {
        let length = stepCount * inputCount
        precondition(length > 0 && values.count % length == 0, "series are whole")
        var run = run(shots: shots)
        var found: [Double] = []
        found.reserveCapacity(values.count / inputCount * featureCount)
        for series in 0..<values.count / length {
            run.restart(series: series % 65_536)
            var inputs = RealMatrix(rowCount: stepCount, columnCount: inputCount)
            for step in 0..<stepCount {
                for input in 0..<inputCount {
                    inputs[step, input] = values[series * length + step * inputCount + input]
                }
            }
            let features = try run.features(inputs, parallelism: parallelism)
            for step in 0..<stepCount {
                for feature in 0..<featureCount { found.append(features[step, feature]) }
            }
        }
        return found
    }
}
