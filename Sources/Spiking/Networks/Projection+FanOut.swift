import Compute
import Neurons

extension Projection {
    /// Synapses onto all currents, whether their weight is 0 or not.
    package var synapseCount: Int { currentCount * (runs?.synapseCount ?? inputCount * neuronCount) }

    /// Synapses from each presynaptic neuron onto one current whose weight is not 0, `[input]`.
    package func fanOuts(current: Int) -> [Int] {
        let first = current * currentSize
        func count(_ length: Int, from parameter: Int) -> Int {
            (first + parameter..<first + parameter + length).count { weights[$0] != 0 }
        }
        return (0..<inputCount).map { input in
            guard let runs else {
                return (0..<Population.tileCount(neuronCount)).reduce(0) { sum, tile in
                    let length = min(tileWidth, neuronCount - tile * tileWidth)
                    return sum + count(length, from: (tile * inputCount + input) * tileWidth)
                }
            }
            return runs.runs[Int(runs.starts[input])..<Int(runs.starts[input + 1])].reduce(0) { sum, run in
                sum + count(Int(run.length), from: Int(run.parameter))
            }
        }
    }
}
