import Compute
import SpikeTrains
import Testing

/// What a user can get wrong in a release build, where a trap has no message.
struct SpikeTrainErrorTests {
    private let random = RandomStream(seed: 1, purpose: .encoding)
    private let single = Parallelism(threadCount: 1)

    private func encode(
        _ encoder: any SpikeEncoder, pixels: Int, inputs: Int, samples: Int, steps: Int
    ) throws {
        _ = try encoder.encode(
            pixels: [UInt8](repeating: 1, count: pixels), inputCount: inputs,
            sampleIndices: Array(0..<samples), stepCount: steps, random: random, parallelism: single)
    }

    @Test(
        "an encoder refuses pixels that are not its samples' inputs, and steps that cannot be",
        arguments: 0..<2)
    func encoders(which: Int) throws {
        let encoder: any SpikeEncoder = which == 0 ? RateEncoder() : LatencyEncoder()
        #expect(throws: SpikeTrainError.pixelCount(found: 5, samples: 2, inputs: 3)) {
            try encode(encoder, pixels: 5, inputs: 3, samples: 2, steps: 4)
        }
        #expect(throws: SpikeTrainError.pixelCount(found: 1, samples: 2, inputs: .max)) {
            try encode(encoder, pixels: 1, inputs: .max, samples: 2, steps: 4)
        }
        #expect(throws: SpikeTrainError.pixelCount(found: 0, samples: 0, inputs: -1)) {
            try encode(encoder, pixels: 0, inputs: -1, samples: 0, steps: 4)
        }
        for steps in [-1, .min, .max, 1 << 50] {
            #expect(throws: SpikeTrainError.shape(samples: 2, steps: steps, neurons: 3, channels: 1)) {
                try encode(encoder, pixels: 6, inputs: 3, samples: 2, steps: steps)
            }
        }
        try encode(encoder, pixels: 6, inputs: 3, samples: 2, steps: 0)
        try encode(encoder, pixels: 0, inputs: 3, samples: 0, steps: 4)
    }

    @Test("a firing probability lies in 0…1", arguments: [-0.001, 1.001, .nan, .infinity])
    func ceiling(value: Double) {
        #expect(throws: SpikeTrainError.self) { try RateEncoder(ceiling: value) }
    }

    // By the formula ⌊(255 − v)·T / 255⌋ in arbitrary precision: 254·(2⁶³ − 1)/255 and 0.
    @Test("a latency is right for any number of steps")
    func latency() {
        #expect(LatencyEncoder.step(forIntensity: 1, stepCount: .max) == 9_187_201_950_435_737_470)
        #expect(LatencyEncoder.step(forIntensity: 255, stepCount: .max) == 0)
        #expect(LatencyEncoder.step(forIntensity: 9, stepCount: 0) == nil)
        #expect(LatencyEncoder.step(forIntensity: 9, stepCount: -5) == nil)
    }

    @Test("a raster refuses shapes and places that it cannot have, and keeps its spikes")
    func rasters() throws {
        for shape in [
            (-1, 1, 1, 1), (1, -1, 1, 1), (1, 1, -1, 1), (1, 1, 1, 0), (.max, .max, .max, 1), (1, 1, .max, 1),
            (1 << 30, 1 << 10, 64, 1),
        ] {
            let error = SpikeTrainError.shape(
                samples: shape.0, steps: shape.1, neurons: shape.2, channels: shape.3)
            #expect(throws: error) {
                try SpikeRaster(samples: shape.0, steps: shape.1, neurons: shape.2, channels: shape.3)
            }
        }
        var raster = try SpikeRaster(samples: 2, steps: 3, neurons: 70, channels: 2)
        try raster.setSpike(sample: 1, step: 2, neuron: 69, channel: 1)
        #expect(try raster.hasSpike(sample: 1, step: 2, neuron: 69, channel: 1))
        #expect(try raster.neuronsFiring(sample: 1, step: 2, channel: 1) == [69])
        #expect(try raster.neuronsFiring(sample: 1, step: 2) == [])
        try raster.setSpike(false, sample: 1, step: 2, neuron: 69, channel: 1)
        #expect(raster.spikeCount == 0)
        for place in [
            (2, 0, 0, 0), (0, 3, 0, 0), (0, 0, 70, 0), (0, 0, 0, 2), (-1, 0, 0, 0), (0, .max, 0, 0),
        ] {
            #expect(throws: SpikeTrainError.self) {
                try raster.hasSpike(sample: place.0, step: place.1, neuron: place.2, channel: place.3)
            }
            #expect(throws: SpikeTrainError.self) {
                try raster.setSpike(sample: place.0, step: place.1, neuron: place.2, channel: place.3)
            }
            if place.2 == 0 {
                #expect(throws: SpikeTrainError.self) {
                    try raster.neuronsFiring(sample: place.0, step: place.1, channel: place.3)
                }
            }
        }
        #expect(throws: SpikeTrainError.channelCount(found: 2)) { try raster.repeatedOnChannels(3) }
        let one = try SpikeRaster(samples: 1, steps: 1, neurons: 1)
        #expect(throws: SpikeTrainError.self) { try one.repeatedOnChannels(0) }
        #expect(try one.repeatedOnChannels(4).channelCount == 4)
    }

    @Test("a decoder refuses classes, rasters, positions and random numbers that are not its own")
    func decoders() throws {
        for (classes, neurons) in [(0, 1), (1, 0), (-3, -3), (.max, 2)] {
            #expect(throws: SpikeTrainError.classes(classes, neuronsPerClass: neurons)) {
                try RateDecoder(classCount: classes, neuronsPerClass: neurons)
            }
        }
        let decoder = try RateDecoder(classCount: 2, neuronsPerClass: 3)
        let other = try SpikeRaster(samples: 1, steps: 1, neurons: 5)
        let own = try SpikeRaster(samples: 2, steps: 1, neurons: 6)
        let tie = RandomStream(seed: 1, purpose: .tie)
        #expect(throws: SpikeTrainError.neuronCount(found: [5], expected: [6])) {
            try decoder.spikeCounts(other)
        }
        #expect(throws: SpikeTrainError.neuronCount(found: [5], expected: [6])) { try decoder.rates(other) }
        #expect(throws: SpikeTrainError.sampleCount(found: 1, expected: 2)) {
            try decoder.predictions(own, sampleIndices: [0], random: tie)
        }
        #expect(throws: SpikeTrainError.purpose(found: "encoding", expected: "tie")) {
            try decoder.predictions(own, sampleIndices: [0, 1], random: random)
        }
    }

    @Test("statistics refuse rasters of other layers, and of different samples or steps")
    func statistics() throws {
        let (wide, narrow) = (
            try SpikeRaster(samples: 2, steps: 1, neurons: 6),
            try SpikeRaster(samples: 1, steps: 1, neurons: 2)
        )
        #expect(throws: SpikeTrainError.rowCounts([2, 1])) { try SpikeStatistics([wide, narrow]) }
        var statistics = SpikeStatistics(neuronCounts: [6])
        #expect(throws: SpikeTrainError.neuronCount(found: [2], expected: [6])) {
            try statistics.add([narrow])
        }
    }
}
