import Figures
import Networks
import SpikeTrains

extension ActivityFigure {
    /// Of one sample; of several channels, spikes on any of them and the probabilities of the first.
    init(title: String, input inputName: String, _ input: NetworkInput, _ activity: Activity) {
        let first =
            switch input {
            case .spikes(let raster):
                Row(name: inputName, neuronCount: raster.neuronCount, spikes: Self.spikes(raster))
            case .values(let series):
                Row(
                    name: inputName, neuronCount: series.inputCount, spikes: [],
                    values: Self.nested(series.values, series.inputCount))
            }
        self.init(
            title: title,
            rows: [first]
                + activity.populations.map { population in
                    let raster = population.spikes
                    let memory = population.mostVaryingMemory
                    return Row(
                        name: population.name, neuronCount: raster.neuronCount, spikes: Self.spikes(raster),
                        probabilities: population.probabilities.map { numbers in
                            Self.nested(
                                stride(from: 0, to: numbers.count, by: raster.channelCount).map {
                                    numbers[$0]
                                },
                                raster.neuronCount)
                        },
                        memory: memory.map { Self.nested($0.numbers, raster.neuronCount) },
                        memoryName: memory?.name ?? "")
                })
    }

    private static func spikes(_ raster: SpikeRaster) -> [[Int]] {
        (0..<raster.stepCount).map { step in
            Set(
                (0..<raster.channelCount).flatMap { raster.activeNeurons(sample: 0, step: step, channel: $0) }
            ).sorted()
        }
    }

    /// `[step][neuron]`
    private static func nested(_ numbers: [Float], _ count: Int) -> [[Double]] {
        stride(from: 0, to: numbers.count, by: count).map { first in
            numbers[first..<first + count].map { Double($0) }
        }
    }
}
