import Compute
import Glibc
import LinearAlgebra
import NeuronAnalysis

/// The likelihood of the intervals of a train under a neuron at constant current, each given all those before.
///
/// Of an interval of n steps the memory r becomes W_1 W_0^{n−1} r, W_s being the maps of the neuron's instrument: made once for
/// each n, so that a spike costs one product however long its interval.
package struct IntervalLikelihood: Sendable {
    private let dimension: Int
    private let ground: [Double]
    /// Row after row, interval after interval.
    private let maps: [Double]

    /// - Parameter longest: interval that there is.
    init(_ instrument: SpikingInstrument, currents: [Double], longest: Int) {
        self.init(
            steps: instrument.maps(currents: currents), ground: instrument.ground, longest: longest)
    }

    /// - Parameters:
    ///   - steps: W_0 and W_1, of states whose first number is the probability of what has happened.
    ///   - ground: the state to begin with.
    init(steps: [RealMatrix], ground: [Double], longest: Int) {
        dimension = ground.count
        self.ground = ground
        var maps = [Double]()
        maps.reserveCapacity(longest * dimension * dimension)
        var image = steps[1]
        for _ in 0..<longest {
            maps += image.elements
            image = image * steps[0]
        }
        self.maps = maps
    }

    /// log p of each interval given those before, nats; the first follows a spike that left the memory in its ground state.
    package func logProbabilities(of intervals: some Collection<Int>) -> [Double] {
        var logs = [Double]()
        logs.reserveCapacity(intervals.count)
        run(intervals) { logs.append(log(max($0, 1e-300))) }
        return logs
    }

    /// Their sum.
    package func logLikelihood(of intervals: some Collection<Int>) -> Double {
        var (sum, product) = (0.0, 1.0)
        run(intervals) { probability in
            product *= max(probability, 1e-300)
            if product < 1e-200 {
                sum += log(product)
                product = 1
            }
        }
        return sum + log(product)
    }

    /// Calls `body` with the probability of each interval.
    private func run(_ intervals: some Collection<Int>, _ body: (Double) -> Void) {
        var state = ground
        var image = state
        for interval in intervals {
            var place = (interval - 1) * dimension * dimension
            for row in 0..<dimension {
                var sum = 0.0
                for column in 0..<dimension {
                    sum += maps[place] * state[column]
                    place += 1
                }
                image[row] = sum
            }
            let probability = image[0]
            body(probability)
            guard probability > 0 else {
                // What cannot happen has happened: the memory says nothing any more.
                state = ground
                continue
            }
            let share = 1 / probability
            for row in 0..<dimension { state[row] = image[row] * share }
        }
    }
}
