import Compute
import Foundation
import Neurons
import QuantumCircuits
import SpikeTrains
import TestSupport
import Testing

@testable import SpikeTrainFits

@Suite("Fits of spike trains")
struct TrainTests {
    @Test(
        "laws of known trains add up, and their intervals come as often as they say",
        arguments: KnownTrain.allCases)
    func known(train: KnownTrain) throws {
        let law = try train.law
        #expect(abs(law.probabilities.reduce(0, +) - 1) < 1e-12)
        let intervals = law.intervals(count: 20_000, seed: 3)
        let mean = Double(intervals.reduce(0, +)) / 20_000
        let square = law.probabilities.enumerated().reduce(0.0) {
            $0 + pow(Double($1.offset + 1), 2) * $1.element
        }
        let deviation = (square - law.mean * law.mean).squareRoot() / 20_000.0.squareRoot()
        #expect(abs(mean - law.mean) < 5 * deviation)
        #expect(law.intervals(count: 5, seed: 3, part: 1) != Array(intervals.prefix(5)))
    }

    @Test("times of a file fall into steps, and what is no train is told by its line")
    func files() throws {
        let folder = try TemporaryFolder()
        try folder.write("# a comment\r\n0.5\r\n\r\n2.9\n7\n", as: "times.txt")
        #expect(
            try SpikeTimesFile.read(folder.path("times.txt"), width: 1)
                == [true, false, true, false, false, false, false, true])
        try SpikeTimesFile.write(
            [false, true, true], width: 0.5, comment: "made here", to: folder.path("made.txt"))
        #expect(
            try String(contentsOfFile: folder.path("made.txt"), encoding: .utf8) == "# made here\n0.5\n1.0\n")
        try folder.write("0 1\n0.5 3\n2 5\n", as: "input.txt")
        #expect(
            try SpikeTimesFile.readInput(folder.path("input.txt"), width: 1, stepCount: 4) == [2, 2, 5, 5])
        for (text, line, problem) in [
            ("1\n0\n", 2, "found a time before the last, expected ascending ones"),
            ("1\n1.5\n", 2, "found a second spike in step 1, expected one at most; choose a shorter --step"),
            ("1 2\n", 1, "found 2 numbers, expected one spike time"),
            ("1\nnan\n", 2, "found 'nan', expected a number"),
        ] {
            try folder.write(text, as: "bad.txt")
            let path = folder.path("bad.txt")
            #expect(throws: SpikeFitError.file(path: path, line: line, problem: problem)) {
                try SpikeTimesFile.read(path, width: 1)
            }
        }
        #expect(throws: SpikeFitError.self) { try SpikeTrain(spikes: [true, false]) }
        #expect(throws: SpikeFitError.self) { try SpikeTrain(spikes: [true, true], inputs: [[1]]) }
    }

    @Test("classical states fitted to a train score what their law does, and generate its intervals")
    func intervals() throws {
        let law = try KnownTrain.bursts.law
        let train = try SpikeTrain(intervals: law.intervals(count: 4000, seed: 5))
        let test = try SpikeTrain(intervals: law.intervals(count: 4000, seed: 5, part: 1))
        let model = try #require(try SpikeTrainFit().fit(HiddenStates(stateCount: 3), to: train))
        let score = SpikeTrainScore(
            test, logLikelihoods: try model.logLikelihoods(of: test),
            rate: Double(train.spikeCount) / Double(train.stepCount))
        // The law itself is the best; three states miss its shortest intervals, but say more than its rate does.
        #expect(score.perSpike < -law.entropy + 0.05 && score.perSpike > -law.entropy - 0.4)
        #expect(score.gain.low > 0.2)
        let spikes = try model.generate(stepCount: 60_000, seed: 2)
        let generated = try SpikeTrain(spikes: spikes).intervals
        let mean = Double(generated.reduce(0, +)) / Double(generated.count)
        #expect(abs(mean - law.mean) < 0.08 * law.mean)
    }

    @Test("a model is the same when it has been written and read, and others are refused by name")
    func modelFiles() throws {
        let folder = try TemporaryFolder()
        let train = try SpikeTrain(intervals: KnownTrain.gamma.law.intervals(count: 300, seed: 1))
        var fit = SpikeTrainFit()
        fit.effort = CircuitFit.Effort(startCount: 20, improvedCounts: [2, 1, 1, 1])
        let model = try #require(try fit.fit(SQS(try Ansatz.twoWay.circuit()), to: train, stepWidth: 0.5))
        let path = folder.path("model.json")
        try model.write(to: path)
        let read = try SpikeTrainModel(readingFrom: path)
        #expect(read.network == model.network && read.stepWidth == 0.5 && read.lags == [0])
        let text = try String(contentsOfFile: path, encoding: .utf8)
        for (from, to) in [
            ("\"hidden\":0", "\"hidden\":1"), ("spike-train-model/1", "spike-train-model/9"),
            ("\"schema\"", "\"scheme\""),
        ] {
            try folder.write(text.replacingOccurrences(of: from, with: to), as: "other.json")
            #expect(throws: SpikeFitError.self) {
                try SpikeTrainModel(readingFrom: folder.path("other.json"))
            }
        }
        #expect(throws: SpikeFitError.self) { try fit.fit(try LIF(), to: train) }
    }

    /// Spikes that follow an input: probability 0.6 where it was high two steps ago, 0.05 elsewhere.
    @Test("a driven neuron learns what it was given, with hidden neurons and without", arguments: [0, 2])
    func driven(hiddenCount: Int) throws {
        var random = RandomStream(seed: 8, purpose: .analysis).generator()
        let input = (0..<6000).map { _ in Float.random(in: 0...1, using: &random) }
        let spikes = input.indices.map { step in
            Double.random(in: 0..<1, using: &random) < (step >= 2 && input[step - 2] > 0.7 ? 0.6 : 0.05)
        }
        let whole = try SpikeTrain(spikes: spikes, inputs: [input])
        let (train, test) = (try whole.part(0..<4000), try whole.part(4000..<6000))
        var fit = SpikeTrainFit()
        fit.lags = [0, 1, 2, 3]
        fit.epochCount = 40
        fit.hiddenCount = hiddenCount
        let model = try #require(try fit.fit(MemorylessSQS(try Ansatz.exchange.circuit()), to: train))
        let score = SpikeTrainScore(
            test, logLikelihoods: try model.logLikelihoods(of: test),
            rate: Double(train.spikeCount) / Double(train.stepCount))
        #expect(score.gain.low > 0.4)
        #expect(throws: SpikeFitError.self) { try model.generate(stepCount: 10, seed: 1) }
        #expect(try model.generate(stepCount: 2000, inputs: test.inputs, seed: 1).count { $0 } > 200)
    }
}
