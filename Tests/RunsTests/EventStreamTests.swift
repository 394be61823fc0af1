import Compute
import EventRecordings
import Foundation
import Learning
import Networks
import Neurons
import QuantumCircuits
import SpikeDatasets
import Synchronization
import TestSupport
import Testing

@testable import Runs

/// A run on a folder as that of N-MNIST with a few recordings of 20 steps of 5 ms.
private struct EventRun {
    let folder: TemporaryFolder
    let run: RunFolder
    static let stepCount = 20
    static let span: Int64 = 5000
    static let transforms = ["crop=12x12", "refractory=200us"]

    init(bins: EventBinning.Division, loss: Recipe.LossKind = .softmax) async throws {
        folder = try TemporaryFolder()
        for (part, count) in [("Train", 3), ("Test", 3)] {
            for label in 0..<10 {
                for number in 0..<count {
                    try folder.write(
                        Self.recording(label * 10 + number), as: "n-mnist/\(part)/\(label)/\(number).bin")
                }
            }
        }
        run = RunFolder(path: folder.path("run"))
        var recipe = Recipe.standard
        recipe.stepCount = Self.stepCount
        recipe.hiddenCounts = [20]
        recipe.batchSize = 10
        recipe.epochCount = 1
        recipe.loss = loss
        // So that outputs fire often enough to be told apart.
        recipe.weightGain = 6
        var configuration = RunConfiguration(
            dataset: "n-mnist", neuron: SQS(try Ansatz.exchange.circuit()), seed: 3, recipe: recipe)
        configuration.input = EventInput(transforms: try EventPipeline(Self.transforms), bins: bins)
        var training = try TrainingRun(configuration, data: try await data(bins), folder: run, threads: 1)
        while !training.isComplete { _ = try training.trainEpoch { _ in true } }
    }

    /// Of 20 steps, with an event in the last one; some pixels often, some seldom.
    static func recording(_ number: Int) -> [UInt8] {
        var word = UInt32(number + 1)
        var bytes: [UInt8] = []
        for index in 0..<600 {
            word = word &* 1_664_525 &+ 1_013_904_223
            let time = index * 166
            let (column, row) = (Int(word >> 16) % 12, Int(word >> 24) % 12)
            let polarity: UInt8 = word >> 12 & 1 == 1 ? 128 : 0
            bytes += [UInt8(11 + column), UInt8(11 + row), polarity | UInt8(time >> 16)]
            bytes += [UInt8(time >> 8 & 255), UInt8(time & 255)]
        }
        return bytes
    }

    func data(_ bins: EventBinning.Division) async throws -> DatasetSplits<LabelledDataset> {
        try await DatasetCatalog.entry(named: "n-mnist").load(
            EventInput(transforms: try EventPipeline(Self.transforms), bins: bins), stepCount: Self.stepCount,
            from: DatasetSearchPath(environment: ["SQSNN_DATA": folder.path]))
    }

    func settings(sample: Int = 0) -> EventStream.Settings {
        // Samples are taken from the classes in turn.
        var settings = EventStream.Settings(
            path: folder.path("n-mnist/Test/\(sample % 10)/\(sample / 10).bin"))
        settings.sample = sample
        return settings
    }

    func answers(_ settings: EventStream.Settings) throws -> (
        answers: [EventStream.Answer], EventStream.Outcome
    ) {
        var answers: [EventStream.Answer] = []
        let outcome = try EventStream(run, settings).run { answers.append($0) }
        return (answers, outcome)
    }
}

@Suite("Streams of events")
struct EventStreamTests {
    private static let stepCount = EventRun.stepCount
    private static let span = EventRun.span

    @Test(
        "after all steps of a sample a stream says what an evaluation says, from the same spikes",
        arguments: [Recipe.LossKind.softmax, .rate])
    func equalsEvaluation(loss: Recipe.LossKind) async throws {
        let test = try await EventRun(bins: .span(Self.span), loss: loss)
        let trainer = try test.run.trainedNetwork(threads: 1).trainer
        let data = try await test.data(.span(Self.span)).test
        let activity = try trainer.activity(on: data)
        let output = try #require(activity.rasters.last)
        var labels: Set<Int> = []
        for sample in 0..<30 {
            let (answers, outcome) = try test.answers(test.settings(sample: sample))
            #expect(outcome.error == nil)
            #expect(answers.count == Self.stepCount && outcome.stepCount == Self.stepCount)
            #expect((outcome.readCount, outcome.lateCount, outcome.droppedSteps) == (600, 0, 0))
            #expect(answers.last?.decision.label == activity.predictions[sample])
            for (step, answer) in answers.enumerated() {
                let counts = (0..<10).map { label in
                    (0...step).reduce(0) { sum, step in
                        sum + (0..<10).count { output[sample, step, label * 10 + $0] }
                    }
                }
                #expect(answer.decision.rates == counts.map { Double($0) / Double(10 * (step + 1)) })
                #expect(abs(answer.decision.probabilities.reduce(0, +) - 1) < 1e-12)
            }
            labels.insert(activity.predictions[sample])
        }
        #expect(output.spikeCount > 100 && labels.count > 2, "the test tells nothing of a silent network")
    }

    @Test("a window forgets the steps before it")
    func window() async throws {
        let test = try await EventRun(bins: .span(Self.span))
        var settings = test.settings()
        let all = try test.answers(settings).answers
        settings.window = 3
        let windowed = try test.answers(settings).answers
        for step in 0..<Self.stepCount {
            let before =
                step < 3
                ? [Double](repeating: 0, count: 10)
                : all[step - 3].decision.rates.map { $0 * Double(step - 2) }
            for label in 0..<10 {
                let spikes = all[step].decision.rates[label] * Double(step + 1) - before[label]
                #expect(abs(windowed[step].decision.rates[label] - spikes / Double(min(step + 1, 3))) < 1e-9)
            }
        }
    }

    @Test("steps of parts of a recording need a length, which may be a number of events")
    func length() async throws {
        let test = try await EventRun(bins: .time)
        #expect(throws: RunError.noStepLength(test.run.path, bins: "time")) {
            try EventStream(test.run, test.settings())
        }
        var settings = test.settings()
        settings.length = .events(50)
        let (answers, outcome) = try test.answers(settings)
        #expect(answers.dropLast().allSatisfy { $0.step.eventCount == 50 })
        #expect(
            outcome.readCount == 600 && outcome.eventCount == answers.reduce(0) { $0 + $1.step.eventCount })
    }

    @Test("what was decided before a file breaks off stands, and the error is told")
    func damaged() async throws {
        let test = try await EventRun(bins: .span(Self.span))
        var settings = test.settings()
        let whole = try test.answers(settings).answers
        settings.path = try test.folder.write(Array(EventRun.recording(0).prefix(1503)), as: "cut.bin")
        let (answers, outcome) = try test.answers(settings)
        #expect(outcome.error is EventError && outcome.readCount == 300)
        // 300 events of 166 µs begin the tenth step.
        #expect(answers.count == 9 && answers.map(\.decision) == whole.prefix(9).map(\.decision))
    }

    @Test("a live stream that is too slow drops whole steps, and counts them")
    func live() async throws {
        let test = try await EventRun(bins: .span(Self.span))
        var settings = test.settings()
        settings.liveLimit = 2
        var numbers: [Int] = []
        var eventCount = 0
        let outcome = try EventStream(test.run, settings).run { answer in
            numbers.append(answer.step.number)
            eventCount += answer.step.eventCount
            // Far longer than the reader takes for all the file.
            Thread.sleep(forTimeInterval: 0.2)
        }
        #expect(outcome.error == nil && outcome.readCount == 600)
        #expect(outcome.stepCount == numbers.count && outcome.droppedSteps == 20 - numbers.count)
        #expect(numbers.count < 20 && numbers.prefix(2) == [0, 1])
        #expect(outcome.eventCount == eventCount)
        let whole = try test.answers(test.settings()).1
        #expect(outcome.droppedEvents + eventCount == whole.eventCount)
        #expect(outcome.worstLatency > 200, "two steps wait for one")
    }

    @Test("a reader that does not drop waits for the network")
    func backPressure() async throws {
        let test = try await EventRun(bins: .span(Self.span))
        var count = 0
        let outcome = try EventStream(test.run, test.settings()).run { _ in
            count += 1
            Thread.sleep(forTimeInterval: 0.005)
        }
        #expect(count == 20 && outcome.droppedSteps == 0 && outcome.seconds >= 0.1)
    }

    @Test("at its own pace a stream takes as long as the recording")
    func pace() async throws {
        let test = try await EventRun(bins: .span(Self.span))
        var settings = test.settings()
        let fast = try test.answers(settings).answers
        settings.isPaced = true
        let (answers, outcome) = try test.answers(settings)
        #expect(answers.map(\.decision) == fast.map(\.decision))
        #expect(outcome.seconds > 0.099)
        #expect(outcome.medianLatency <= outcome.highLatency && outcome.highLatency <= outcome.worstLatency)
    }

    @Test("a stream that nothing comes from can be stopped")
    func stopped() async throws {
        let test = try await EventRun(bins: .span(Self.span))
        var settings = test.settings()
        settings.isPaced = true
        // The second event comes after a day.
        settings.path = test.folder.path("quiet.npy")
        var writer = EventFileWriter(.npy, path: settings.path)
        try writer.write([0, 86_400_000_000].map { Event(x: 15, y: 15, isOn: true, time: $0) })
        try writer.finish()
        var asked = 0
        let outcome = try EventStream(test.run, settings).run(isStopped: {
            asked += 1
            return asked > 2
        }) { _ in }
        #expect(outcome.stepCount == 0 && outcome.seconds < 30)
    }

    @Test("what is no run on events is refused")
    func refused() throws {
        let example = try RunExamples()
        #expect(throws: (any Error).self) { try EventStream(example.folder, EventStream.Settings(path: "-")) }
    }

    @Test("run.json keeps how events are read")
    func configuration() async throws {
        let test = try await EventRun(bins: .span(Self.span))
        #expect(
            try test.run.configuration().input
                == EventInput(transforms: EventPipeline(EventRun.transforms), bins: .span(Self.span)))
    }

    @Test("quantiles of spans of time are told to one per cent")
    func latencies() {
        var record = LatencyRecord()
        for number in 1...1000 { record.add(.microseconds(number * 100)) }
        #expect(abs(record.quantile(0.5) / 50 - 1) < 0.011 && abs(record.quantile(0.99) / 99 - 1) < 0.011)
        #expect(record.worst == .milliseconds(100) && record.count == 1000)
        #expect(LatencyRecord().quantile(0.5) == 0)
    }
}
