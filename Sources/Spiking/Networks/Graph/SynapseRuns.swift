import Compute
import Glibc

/// The synapses of a projection that is not full, as runs of neighbours: `length` postsynaptic neurons from `target` on,
/// with as many weights from `parameter` on. A convolution's runs are as long as it has features, and begin anew at tiles.
///
/// One object for all copies of a projection, which are many.
package final class SynapseRuns: Sendable {
    package let inputCount: Int
    package let neuronCount: Int
    /// nil where the synapses are of no convolution.
    package let convolution: ConvolutionShape?
    /// Weights of one channel.
    package let parameterCount: Int
    /// `[inputCount + 1]`: where each input's runs begin.
    package let starts: [UInt32]
    package let runs: [SynapseRun]
    /// Synapses onto each postsynaptic neuron.
    private let fanIns: [UInt32]
    let synapseCount: Int
    /// Whether a run has less than four synapses in the mean.
    let areShort: Bool

    /// The weights of a channel come in groups of so many, as the optimisers want them.
    static let weightGroup = 16

    /// - Parameter connectivity: one that fits the numbers of neurons, and is not full.
    package init(_ connectivity: Connectivity, inputCount: Int, neuronCount: Int) {
        self.inputCount = inputCount
        self.neuronCount = neuronCount
        if case .convolution(let convolution) = connectivity {
            self.convolution = convolution.shape
        } else {
            convolution = nil
        }
        let size = ProjectionSize(
            connectivity, inputCount: inputCount, neuronCount: neuronCount, currentCount: 1)
        var fanIns = [UInt32](repeating: 0, count: neuronCount)
        var runs: [SynapseRun] = []
        runs.reserveCapacity(size.runCount.value)
        var starts: [UInt32] = [0]
        starts.reserveCapacity(inputCount + 1)
        var parameterCount = 0
        Self.forEachSynapse(connectivity, inputCount: inputCount, neuronCount: neuronCount) {
            input, target, parameter in
            fanIns[target] += 1
            parameterCount = max(parameterCount, parameter + 1)
            while starts.count <= input { starts.append(UInt32(runs.count)) }
            let isFirst = runs.count == Int(starts[starts.count - 1])
            if !isFirst, let last = runs.last, Int(last.target + last.length) == target,
                Int(last.parameter + last.length) == parameter, target % tileWidth != 0
            {
                runs[runs.count - 1].length += 1
            } else {
                runs.append(SynapseRun(target: UInt32(target), parameter: UInt32(parameter), length: 1))
            }
        }
        while starts.count <= inputCount { starts.append(UInt32(runs.count)) }
        self.parameterCount = parameterCount
        self.starts = starts
        self.runs = runs
        self.fanIns = fanIns
        synapseCount = fanIns.reduce(0) { $0 + Int($1) }
        areShort = synapseCount < 4 * runs.count
    }

    /// Calls `body` with input, target and weight of each synapse, input after input, targets ascending.
    static func forEachSynapse(
        _ connectivity: Connectivity, inputCount: Int, neuronCount: Int,
        _ body: (_ input: Int, _ target: Int, _ parameter: Int) -> Void
    ) {
        switch connectivity {
        case .full: preconditionFailure("a full projection has packed weights instead")
        case .oneToOne: for neuron in 0..<inputCount { body(neuron, neuron, neuron) }
        case .random(let probability, let seed):
            let stream = RandomStream(seed: seed, purpose: .connectivity)
            let isLarge = Count.of(inputCount, neuronCount) > Count(largestDraw)
            var count = 0
            for input in 0..<inputCount {
                var random = stream.generator(sample: input)
                func next(after target: Int) -> Int {
                    isLarge
                        ? skip(target, probability, neuronCount, &random)
                        : (target + 1..<neuronCount).first { _ in
                            Double.random(in: 0..<1, using: &random) < probability
                        } ?? neuronCount
                }
                var target = next(after: -1)
                while target < neuronCount {
                    body(input, target, count)
                    count += 1
                    target = next(after: target)
                }
            }
        case .explicit(let synapses):
            let order = synapses.indices.sorted {
                (synapses[$0].source, synapses[$0].target) < (synapses[$1].source, synapses[$1].target)
            }
            for index in order { body(synapses[index].source, synapses[index].target, index) }
        case .convolution(let convolution): forEachSynapse(convolution, body)
        }
    }

    /// Pairs of neurons that are drawn one by one; of more, the gaps between the connected are drawn: geometric numbers, so
    /// that time, too, follows the synapses.
    static let largestDraw = 1 << 27

    private static func skip(
        _ target: Int, _ probability: Double, _ neuronCount: Int, _ random: inout some RandomNumberGenerator
    ) -> Int {
        // P(gap ≥ k) = (1 − p)^k; 1 − u is never 0.
        let gap = (log1p(-Double.random(in: 0..<1, using: &random)) / log1p(-probability)).rounded(.down)
        return gap < Double(neuronCount - target - 1) ? target + 1 + Int(gap) : neuronCount
    }

    private static func forEachSynapse(
        _ convolution: Connectivity.Convolution,
        _ body: (_ input: Int, _ target: Int, _ parameter: Int) -> Void
    ) {
        let (size, features) = (convolution.kernelSize, convolution.features)
        for input in 0..<convolution.height * convolution.width * convolution.inputFeatures {
            let (place, feature) = input.quotientAndRemainder(dividingBy: convolution.inputFeatures)
            let row = place / convolution.width + convolution.padding
            let column = place % convolution.width + convolution.padding
            for y in convolution.places(row, count: convolution.outputHeight) {
                for x in convolution.places(column, count: convolution.outputWidth) {
                    let offset =
                        (row - y * convolution.stride) * size + column - x * convolution.stride
                    let target = (y * convolution.outputWidth + x) * features
                    let parameter = (offset * convolution.inputFeatures + feature) * features
                    for index in 0..<features { body(input, target + index, parameter + index) }
                }
            }
        }
    }

    /// Largest number of synapses onto one of the neurons that a weight acts on: what its initial size is measured by.
    package func fanIns(ofParameters count: Int) -> [Int] {
        var result = [Int](repeating: 1, count: count)
        for run in runs {
            for index in 0..<run.length {
                let parameter = Int(run.parameter + index)
                result[parameter] = max(result[parameter], Int(fanIns[Int(run.target + index)]))
            }
        }
        return result
    }
}

extension SynapseRuns: Equatable {
    package static func == (one: SynapseRuns, other: SynapseRuns) -> Bool {
        one === other
            || (one.inputCount, one.neuronCount, one.convolution)
                == (other.inputCount, other.neuronCount, other.convolution)
                && one.starts == other.starts && one.runs == other.runs
    }

    /// The weight of a synapse; nil where there is none.
    func parameter(_ input: Int, _ neuron: Int) -> Int? {
        for run in runs[Int(starts[input])..<Int(starts[input + 1])] {
            let offset = neuron - Int(run.target)
            if offset >= 0, offset < Int(run.length) { return Int(run.parameter) + offset }
        }
        return nil
    }
}

extension Connectivity.Convolution {
    fileprivate var shape: ConvolutionShape {
        ConvolutionShape(
            height: height, width: width, inputFeatures: inputFeatures, kernelSize: kernelSize,
            stride: stride,
            padding: padding, features: features, outputHeight: outputHeight, outputWidth: outputWidth)
    }
}
