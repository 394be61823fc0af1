import Compute

/// The synapses of a projection that is not full, as runs of neighbours: `length` postsynaptic neurons from `target` on,
/// with as many weights from `parameter` on. A convolution's runs are as long as it has features.
package struct SynapseRuns: Sendable, Hashable {
    package let inputCount: Int
    package let neuronCount: Int
    /// Weights of one channel.
    package let parameterCount: Int
    /// `[inputCount + 1]`: where each input's runs begin.
    package let starts: [UInt32]
    package let runs: [SynapseRun]
    /// Synapses onto each postsynaptic neuron.
    private let fanIns: [UInt32]

    private struct Entry {
        var input: Int
        var target: Int
        var parameter: Int
    }

    /// - Parameter connectivity: one that fits the numbers of neurons, and is not full.
    package init(_ connectivity: Connectivity, inputCount: Int, neuronCount: Int) {
        self.inputCount = inputCount
        self.neuronCount = neuronCount
        let entries = Self.entries(connectivity, inputCount: inputCount, neuronCount: neuronCount)
        parameterCount = (entries.map(\.parameter).max() ?? -1) + 1
        var fanIns = [UInt32](repeating: 0, count: neuronCount)
        var runs: [SynapseRun] = []
        var starts: [UInt32] = [0]
        for entry in entries {
            fanIns[entry.target] += 1
            while starts.count <= entry.input { starts.append(UInt32(runs.count)) }
            let isFirst = runs.count == Int(starts[starts.count - 1])
            if !isFirst, let last = runs.last, Int(last.target + last.length) == entry.target,
                Int(last.parameter + last.length) == entry.parameter, entry.target % tileWidth != 0
            {
                runs[runs.count - 1].length += 1
            } else {
                runs.append(
                    SynapseRun(target: UInt32(entry.target), parameter: UInt32(entry.parameter), length: 1))
            }
        }
        while starts.count <= inputCount { starts.append(UInt32(runs.count)) }
        self.starts = starts
        self.runs = runs
        self.fanIns = fanIns
    }

    /// Synapses, input after input, targets ascending.
    private static func entries(_ connectivity: Connectivity, inputCount: Int, neuronCount: Int) -> [Entry] {
        switch connectivity {
        case .full: preconditionFailure("a full projection has packed weights instead")
        case .oneToOne: return (0..<inputCount).map { Entry(input: $0, target: $0, parameter: $0) }
        case .random(let probability, let seed):
            let stream = RandomStream(seed: seed, purpose: .connectivity)
            var entries: [Entry] = []
            for input in 0..<inputCount {
                var random = stream.generator(sample: input)
                for target in 0..<neuronCount where Double.random(in: 0..<1, using: &random) < probability {
                    entries.append(Entry(input: input, target: target, parameter: entries.count))
                }
            }
            return entries
        case .explicit(let synapses):
            return synapses.enumerated().map {
                Entry(input: $1.source, target: $1.target, parameter: $0)
            }.sorted { ($0.input, $0.target) < ($1.input, $1.target) }
        case .convolution(let convolution): return entries(convolution)
        }
    }

    private static func entries(_ convolution: Connectivity.Convolution) -> [Entry] {
        var entries: [Entry] = []
        let (size, features) = (convolution.kernelSize, convolution.features)
        for input in 0..<convolution.height * convolution.width * convolution.inputFeatures {
            let (place, feature) = input.quotientAndRemainder(dividingBy: convolution.inputFeatures)
            let row = place / convolution.width + convolution.padding
            let column = place % convolution.width + convolution.padding
            for y in places(row, size, convolution.stride, count: convolution.outputHeight) {
                for x in places(column, size, convolution.stride, count: convolution.outputWidth) {
                    let offset =
                        (row - y * convolution.stride) * size + column - x * convolution.stride
                    let target = (y * convolution.outputWidth + x) * features
                    let parameter = (offset * convolution.inputFeatures + feature) * features
                    for index in 0..<features {
                        entries.append(
                            Entry(input: input, target: target + index, parameter: parameter + index))
                    }
                }
            }
        }
        return entries
    }

    /// Places of the kernel at which it covers a row or column.
    private static func places(_ position: Int, _ size: Int, _ stride: Int, count: Int) -> Range<Int> {
        let first = max(0, (position - size + stride) / stride)
        let end = min(count, position / stride + 1)
        return first..<max(first, end)
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

extension SynapseRuns {
    /// The weight of a synapse; nil where there is none.
    func parameter(_ input: Int, _ neuron: Int) -> Int? {
        for run in runs[Int(starts[input])..<Int(starts[input + 1])] {
            let offset = neuron - Int(run.target)
            if offset >= 0, offset < Int(run.length) { return Int(run.parameter) + offset }
        }
        return nil
    }
}
