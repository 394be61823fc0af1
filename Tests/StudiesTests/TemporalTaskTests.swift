import Compute
import Testing

@testable import Studies

@Suite("Temporal tasks")
struct TemporalTaskTests {
    private static let random = RandomStream(seed: 5, purpose: .encoding)

    /// Spikes of one channel of a trial.
    private static func spikes(_ trials: TemporalTask.Trials, trial: Int, channel: Int) -> [Bool] {
        (0..<trials.input.stepCount).map { trials.input[trial, $0, channel] }
    }

    /// The answers as the definitions of the tasks say it, read off the input spikes.
    private static func answer(_ task: TemporalTask, _ data: [Bool], _ second: [Bool], at step: Int) -> Bool {
        switch task {
        case .delay(let delay): data[step - delay]
        case .windowParity(let window): data[(step - window + 1)...step].count { $0 } % 2 == 1
        case .runningParity: data[...step].count { $0 } % 2 == 1
        case .recall, .recallOnGo: data[0]
        case .copy(let count): data[step - count - 2]
        case .match: data[0] == data[step]
        case .order: (data.firstIndex(of: true) ?? 99) < (second.firstIndex(of: true) ?? 99)
        }
    }

    @Test("answers are what the definition says of the input", arguments: TemporalTask.catalogue)
    func answers(task: TemporalTask) {
        let trials = task.trials(0..<200, random: Self.random)
        let targetCount = task.targetSteps.count
        for (index, found) in trials.answers.enumerated() {
            let trial = index / targetCount
            let data = Self.spikes(trials, trial: trial, channel: 0)
            let second = Self.spikes(trials, trial: trial, channel: 1)
            let step = task.targetSteps[index % targetCount]
            #expect(found == Self.answer(task, data, second, at: step), "trial \(trial) step \(step)")
        }
    }

    @Test("the bias spikes at every step, and the silent steps have nothing else")
    func channels() {
        for task in TemporalTask.catalogue {
            let trials = task.trials(0..<20, random: Self.random)
            for trial in 0..<20 {
                #expect(
                    Self.spikes(trials, trial: trial, channel: task.channels.count - 1).allSatisfy { $0 })
            }
        }
        let recall = TemporalTask.recallOnGo(4).trials(0..<50, random: Self.random)
        for trial in 0..<50 {
            #expect(!Self.spikes(recall, trial: trial, channel: 0)[1...].contains(true))
            #expect(
                Self.spikes(recall, trial: trial, channel: 1) == [false, false, false, false, false, true])
        }
    }

    @Test("two events never coincide, and take all 42 pairs of steps")
    func events() {
        let trials = TemporalTask.order.trials(0..<2000, random: Self.random)
        let pairs = (0..<2000).map { trial in
            (0..<2).map { channel in
                let spikes = Self.spikes(trials, trial: trial, channel: channel)
                #expect(spikes.count { $0 } == 1)
                return spikes.firstIndex(of: true) ?? -1
            }
        }
        #expect(pairs.allSatisfy { $0[0] != $0[1] && $0.allSatisfy((0..<7).contains) })
        #expect(Set(pairs).count == 42)
    }

    @Test(
        "both answers are equally likely whatever the input of the step is", arguments: TemporalTask.catalogue
    )
    func balance(task: TemporalTask) {
        let trials = task.trials(0..<4000, random: Self.random)
        let targetCount = task.targetSteps.count
        for spike in [false, true] {
            let chosen = trials.answers.indices.filter { index in
                let step = task.targetSteps[index % targetCount]
                return trials.input[index / targetCount, step, 0] == spike
            }
            guard !chosen.isEmpty else { continue }
            let yes = chosen.count { trials.answers[$0] }
            // Answers of a trial are nearly independent; 5σ of as many fair coins, twice over.
            let bound = 5 * 0.5 / Double(chosen.count).squareRoot() * 2
            #expect(abs(Double(yes) / Double(chosen.count) - 0.5) < bound, "\(task.name)")
        }
    }

    @Test("a trial depends on its number and the stream alone")
    func repetition() {
        let (all, part) = (
            TemporalTask.delay(2).trials(0..<30, random: Self.random),
            TemporalTask.delay(2).trials(20..<30, random: Self.random)
        )
        #expect(Array(all.answers.suffix(60)) == part.answers)
        let other = TemporalTask.delay(2).trials(
            0..<30, random: RandomStream(seed: 6, purpose: .encoding))
        #expect(all.answers != other.answers)
    }

    @Test("names name what they say, and others are refused")
    func names() throws {
        for task in TemporalTask.catalogue { #expect(try TemporalTask.named(task.name) == task) }
        #expect(try TemporalTask.named("delay-7") == .delay(7))
        for name in ["", "delay", "delay-0", "delay-x", "parity-1", "recall--1", "recall-41", "memory"] {
            #expect(throws: StudyError.unknownTask(name)) { try TemporalTask.named(name) }
        }
    }
}
