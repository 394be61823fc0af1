import Compute
import SpikeTrains
import Testing

@Suite("Rate decoding")
struct RateDecoderTests {
    private func raster(steps: Int, neurons: Int, _ spikes: [(sample: Int, step: Int, neuron: Int)])
        -> SpikeRaster
    {
        let samples = (spikes.map(\.sample).max() ?? 0) + 1
        var raster = SpikeRaster(sampleCount: samples, stepCount: steps, neuronCount: neurons)
        for spike in spikes { raster[spike.sample, spike.step, spike.neuron] = true }
        return raster
    }

    @Test("neurons c·K to (c + 1)·K − 1 vote for class c, and a rate is spikes / (K·T)")
    func rates() throws {
        let decoder = try RateDecoder(classCount: 3, neuronsPerClass: 2)
        let output = raster(steps: 4, neurons: 6, [(0, 0, 0), (0, 1, 1), (0, 3, 1), (0, 2, 4), (1, 0, 5)])
        #expect(try decoder.spikeCounts(output) == [3, 0, 1, 0, 0, 1])
        #expect(try decoder.rates(output) == [0.375, 0, 0.125, 0, 0, 0.125])
    }

    // The slow way as reference: asks each neuron at each step.
    @Test(
        "counts agree with a count neuron by neuron",
        arguments: [(1, 1), (10, 1), (10, 10), (3, 64), (5, 77)])
    func agreesWithPlainCount(classCount: Int, neuronsPerClass: Int) throws {
        let decoder = try RateDecoder(classCount: classCount, neuronsPerClass: neuronsPerClass)
        var generator = RandomStream(seed: 5, purpose: .analysis).generator()
        var output = SpikeRaster(sampleCount: 3, stepCount: 4, neuronCount: decoder.neuronCount)
        var expected = [Int](repeating: 0, count: 3 * classCount)
        for sample in 0..<3 {
            for step in 0..<4 {
                for neuron in 0..<decoder.neuronCount where Bool.random(using: &generator) {
                    output[sample, step, neuron] = true
                    expected[sample * classCount + neuron / neuronsPerClass] += 1
                }
            }
        }
        #expect(try decoder.spikeCounts(output) == expected)
    }

    @Test("the class with the most spikes wins, whatever the seed")
    func winner() throws {
        let decoder = try RateDecoder(classCount: 3)
        let output = raster(steps: 2, neurons: 3, [(0, 0, 2), (0, 1, 2), (0, 0, 0)])
        for seed in 0..<20 {
            let random = RandomStream(seed: UInt64(seed), purpose: .tie)
            #expect(try decoder.predictions(output, sampleIndices: [0], random: random) == [2])
        }
    }

    // n = 40,000 ties of 4 classes: a class wins n/4 ± 5·√(n·¼·¾) = 10,000 ± 433 times.
    @Test("a tie goes to each of the tied classes equally often, never to another one")
    func ties() throws {
        let count = 40_000
        let decoder = try RateDecoder(classCount: 6)
        var output = SpikeRaster(sampleCount: count, stepCount: 1, neuronCount: 6)
        for sample in 0..<count {
            for neuron in [1, 2, 4, 5] { output[sample, 0, neuron] = true }
        }
        let seed: UInt64 = 2024
        let random = RandomStream(seed: seed, purpose: .tie)
        let winners = try decoder.predictions(output, sampleIndices: Array(0..<count), random: random)
        for label in 0..<6 {
            let wins = winners.count { $0 == label }
            if [1, 2, 4, 5].contains(label) {
                #expect(abs(wins - 10_000) <= 433, "class \(label) won \(wins) times, seed \(seed)")
            } else {
                #expect(wins == 0)
            }
        }
    }

    @Test("a silent network guesses: ties depend on the sample and on the repetition, not on the batch")
    func tieAddress() throws {
        let decoder = try RateDecoder(classCount: 10)
        let silent = SpikeRaster(sampleCount: 200, stepCount: 5, neuronCount: 10)
        let random = RandomStream(seed: 3, purpose: .tie)
        let whole = try decoder.predictions(silent, sampleIndices: Array(0..<200), random: random)
        let half = SpikeRaster(sampleCount: 100, stepCount: 5, neuronCount: 10)
        let second = try decoder.predictions(half, sampleIndices: Array(100..<200), random: random)
        #expect(Array(whole[100...]) == second)
        #expect(Set(whole).count == 10)
        let repeated = try decoder.predictions(
            silent, sampleIndices: Array(0..<200), random: RandomStream(seed: 3, purpose: .tie, epoch: 1))
        #expect(whole != repeated)
    }
}
