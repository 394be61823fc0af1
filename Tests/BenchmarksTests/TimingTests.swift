import Testing

@testable import Benchmarks

/// Does nothing, and notes what is asked of it.
private struct NotedScenario: Scenario {
    var prepared: [Int] = []
    var runCount = 0
    var work: Double { 3 }

    mutating func prepare(repetition: Int) { prepared.append(repetition) }
    mutating func run() { runCount += 1 }
}

struct TimingTests {
    @Test("the median is the middle repetition, or the mean of the two in the middle")
    func median() {
        // By hand.
        let odd = Timing(seconds: [5, 1, 3])
        #expect(odd.minimum == 1 && odd.median == 3 && odd.repetitions == 3)
        let even = Timing(seconds: [4, 1, 2, 9])
        #expect(even.minimum == 1 && even.median == 3 && even.repetitions == 4)
    }

    @Test("repetitions go on until there are enough and they have taken long enough, but not for ever")
    func plan() {
        let plan = RepetitionPlan(warmUpCount: 0, leastCount: 20, seconds: 1, mostCount: 50)
        #expect(!plan.isComplete(count: 19, seconds: 100))
        #expect(!plan.isComplete(count: 20, seconds: 0.9))
        #expect(plan.isComplete(count: 20, seconds: 1))
        #expect(plan.isComplete(count: 50, seconds: 0))
        // Issue 4: minimum and median over at least 20 repetitions.
        #expect(RepetitionPlan.standard.leastCount >= 20)
    }

    @Test("every repetition is prepared under a number of its own, warm-ups too, and only the others count")
    func measurement() async throws {
        var scenario = NotedScenario()
        let plan = RepetitionPlan(warmUpCount: 2, leastCount: 4, seconds: 0, mostCount: 100)
        let measurement = try await Measurement(&scenario, plan: plan)
        #expect(scenario.prepared == [0, 1, 2, 3, 4, 5] && scenario.runCount == 6)
        #expect(measurement.timing.repetitions == 4)
        #expect(measurement.workPerRepetition == 3)
        #expect(measurement.rate == 3 / measurement.timing.median)
    }

    @Test("a part of a limit is the rate over the limit, and goals are judged by the median")
    func goals() {
        // Ten units in two seconds: 5 a second.
        let measurement = Measurement(
            timing: Timing(seconds: [2]), workPerRepetition: 10, allocations: 3, peakMemoryBytes: nil,
            limit: 20)
        #expect(measurement.fractionOfLimit == 0.25)
        let verdicts: [(Goal, Bool?)] = [
            (.fractionOfLimit(0.25), true), (.fractionOfLimit(0.26), false),
            (.ratePerThread(2.5), true), (.ratePerThread(2.6), false),
            (.seconds(2), true), (.seconds(1.9), false),
            (.allocations(3), true), (.allocations(2), false),
            (.timesPeer(5), nil),
        ]
        for (goal, verdict) in verdicts {
            #expect(goal.isMet(by: measurement, threadCount: 2) == verdict, "\(goal)")
        }
    }
}
