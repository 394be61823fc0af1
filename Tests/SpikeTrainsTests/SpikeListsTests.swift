import Compute
import Testing

@testable import SpikeTrains

/// Expected values: the raster itself, asked neuron by neuron.
struct SpikeListsTests {
    private static func raster(samples: Int, steps: Int, neurons: Int, density: Double) -> SpikeRaster {
        var random = RandomStream(seed: 31, purpose: .analysis).generator(sample: neurons)
        var raster = SpikeRaster(sampleCount: samples, stepCount: steps, neuronCount: neurons)
        for sample in 0..<samples {
            for step in 0..<steps {
                for neuron in 0..<neurons where Double.random(in: 0..<1, using: &random) < density {
                    raster[sample, step, neuron] = true
                }
            }
        }
        return raster
    }

    private static func rows(of raster: SpikeRaster) -> [[Int]] {
        (0..<raster.rowCount).map {
            raster.activeNeurons(sample: $0 / raster.stepCount, step: $0 % raster.stepCount)
        }
    }

    private static let rasters = [
        raster(samples: 3, steps: 4, neurons: 1, density: 0.5),
        raster(samples: 40, steps: 5, neurons: 64, density: 0.2),
        raster(samples: 30, steps: 5, neurons: 130, density: 1),
        raster(samples: 2, steps: 3, neurons: 100, density: 0),
        raster(samples: 33, steps: 5, neurons: 65, density: 0.7),
        raster(samples: 1, steps: 2, neurons: 65536, density: 0.1),
    ]

    @Test("each row lists the neurons that fired, ascending, and the memory is reused", arguments: 1...3)
    func activeNeurons(threadCount: Int) {
        var lists = ActiveNeurons()
        for raster in Self.rasters {
            lists.list(raster, parallelism: Parallelism(threadCount: threadCount))
            let rows = Self.rows(of: raster)
            #expect(lists.starts.count == rows.count + 1)
            for (row, expected) in rows.enumerated() {
                let list = (Int(lists.starts[row])..<Int(lists.starts[row + 1])).map {
                    Int(lists.neurons[$0])
                }
                #expect(list == expected, "row \(row) of \(raster.neuronCount) neurons")
            }
        }
    }

    @Test(
        "each neuron lists the rows in which it fired, ascending, and the memory is reused", arguments: 1...3)
    func activeRows(threadCount: Int) {
        var lists = ActiveRows()
        for raster in Self.rasters {
            lists.transpose(raster, parallelism: Parallelism(threadCount: threadCount))
            var expected = [[Int]](repeating: [], count: 64 * raster.wordsPerRow)
            for (row, neurons) in Self.rows(of: raster).enumerated() {
                for neuron in neurons { expected[neuron].append(row) }
            }
            for neuron in expected.indices {
                let list = (Int(lists.starts[neuron])..<Int(lists.starts[neuron + 1])).map {
                    Int(lists.rows[$0])
                }
                if list != expected[neuron] {
                    Issue.record("neuron \(neuron) of \(raster.neuronCount): \(list)")
                }
            }
        }
    }
}
