import LocalLearning
import Networks
import Neurons
import Testing

@testable import Benchmarks

struct PathTests {
    /// The workload of a path at a size that takes no time.
    private static func small(_ path: PathName) throws -> Workload {
        var workload = try path.workload(threadCount: 2)
        workload.inputCount = 30
        // More than one tile of 64, the last not full.
        workload.hiddenCount = 70
        workload.stepCount = 3
        workload.batchSize = min(workload.batchSize, 4)
        workload.density = 0.2
        return workload
    }

    @Test(
        "every path runs at a small size, and counts the neuron-steps of its batch",
        arguments: PathName.allCases)
    func rows(path: PathName) async throws {
        let workload = try Self.small(path)
        for scenario in path.scenarios {
            let row = try await PathTable.Row(
                path, scenario, on: workload, plan: RepetitionPlan(warmUpCount: 0, leastCount: 1, seconds: 0))
            // By hand: 80 neurons, 3 steps, 4 samples; one sample of the stream.
            #expect(
                row.measurement.workPerRepetition == (path == .stream ? 240 : 960), "\(scenario.rawValue)")
            #expect(row.measurement.timing.repetitions == 1)
        }
    }

    @Test("a path is what its name says")
    func workloads() throws {
        func workload(_ path: PathName) throws -> Workload { try path.workload(threadCount: 2) }
        #expect(try workload(.twoChannels).model.channelCount == 2)
        // Real gauge: amplitudes need no imaginary parts (docs/decisions).
        #expect(try workload(.complex).model.circuit?.isRealGauge == false)
        for (path, memoryQubits) in [(PathName.noisyOneMemory, 1), (.noisyTwoMemories, 2)] {
            let workload = try workload(path)
            #expect(workload.isNoisy && workload.model.circuit?.memoryQubits == memoryQubits)
        }
        #expect(try workload(.lif).model is LIF)
        #expect(try workload(.qlif).model is QLIF)
        #expect(try workload(.localExact).localRule?.estimator == .exact)
        #expect(try workload(.localConditional).localRule?.estimator == .conditional)
        let long = try workload(.longSparse)
        #expect(long.stepCount == 80 && long.density == 0.01 && long.hiddenCount == 256)
        #expect(try Self.small(.recurrent).network().graph.isCyclic)
        #expect(try workload(.stream).threadCount == 1)
        #expect(try workload(.wide).hiddenCount == 100_000)
    }

    @Test("more hidden neurons than a population can have are populations side by side")
    func populations() throws {
        var workload = try Self.small(.wide)
        workload.inputCount = 1
        workload.hiddenCount = 100_001
        let graph = try workload.network().graph
        // By hand: at most 65,536 a population.
        #expect(graph.nodes.map(\.neuronCount) == [50_000, 50_001, 10])
        #expect(graph.edges.map(\.source) == ["input", "input", "hidden 1", "hidden 2"])
        #expect(graph.edges.map(\.target) == ["hidden 1", "hidden 2", "output", "output"])
    }

    @Test(
        "a training step by the local rule, and one of a recurrent network, change the weights that feed the hidden neurons"
    )
    func training() async throws {
        for path in [PathName.localExact, .localConditional, .recurrent] {
            let workload = try Self.small(path)
            var scenario = try TrainingStepScenario(workload)
            scenario.prepare(repetition: 0)
            try scenario.run()
            let before = try workload.network()
            for projection in before.projections.indices {
                #expect(
                    scenario.network.projections[projection] != before.projections[projection],
                    "\(path.rawValue), projection \(projection)")
            }
        }
    }

    @Test("a title says what sets a workload apart")
    func title() throws {
        #expect(
            try PathName.stream.workload(threadCount: 2).title
                == "784-1000-10 exchange neurons, M_q = 1, T = 5, batch 1, density 20 %")
        #expect(
            try PathName.recurrent.workload(threadCount: 2).title
                == "784-1000-10 exchange neurons, M_q = 1, recurrent at 10 %, T = 5, batch 256, density 20 %")
        #expect(
            try PathName.localExact.workload(threadCount: 2).title
                == "256-64-10 exchange neurons, M_q = 1, T = 10, batch 100, density 20 %, local rule (exact)")
    }
}
