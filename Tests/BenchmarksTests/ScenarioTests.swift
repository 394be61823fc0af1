import Compute
import QuantumCircuits
import Testing

@testable import Benchmarks

struct ScenarioTests {
    static func smallWorkload() throws -> Workload {
        var workload = Workload(circuit: try Ansatz.exchange.circuit())
        workload.inputCount = 100
        // More than one tile of 64, the last not full.
        workload.hiddenCount = 70
        workload.stepCount = 3
        workload.batchSize = 8
        workload.threadCount = 2
        return workload
    }

    @Test("the default is the network of the paper at a density of 0.2")
    func defaults() throws {
        // Issue 4: 784-1000-10, T = 5, batch 256, density 0.2.
        let workload = Workload(circuit: try Ansatz.exchange.circuit())
        #expect(workload.inputCount == 784 && workload.hiddenCount == 1000 && workload.outputCount == 10)
        #expect(workload.stepCount == 5 && workload.batchSize == 256 && workload.density == 0.2)
        #expect(workload.neuronSteps == 1010 * 5 * 256)
    }

    @Test("the input has the density asked for, and is another one in each repetition")
    func input() throws {
        var workload = try Self.smallWorkload()
        workload.batchSize = 64
        let (first, second) = (workload.input(repetition: 0), workload.input(repetition: 1))
        #expect(first != second)
        let draws = Double(64 * 3 * 100)
        // Five standard deviations of a binomial number.
        let bound = 5 * (draws * 0.2 * 0.8).squareRoot()
        for raster in [first, second] {
            #expect(abs(Double(raster.spikeCount) - 0.2 * draws) < bound)
        }
        let labels = workload.labels(repetition: 0)
        #expect(labels.count == 64 && labels.allSatisfy((0..<10).contains))
        #expect(labels != workload.labels(repetition: 1))
    }

    @Test("a scenario counts what its unit says")
    func work() async throws {
        // By hand: 8 samples, 3 steps, 100 inputs; 70 hidden neurons in two tiles of 64.
        let expected: [ScenarioName: Double] = [
            .encode: 8 * 3 * 100, .neuronStep: 8 * 3 * 70, .neuronAdjoint: 8 * 3 * 70,
            .optimizer: 100 * 128, .trainingStep: 8, .inferenceBatch: 8,
        ]
        for (name, work) in expected {
            var scenario = try await name.scenario(Self.smallWorkload())
            scenario.prepare(repetition: 0)
            try await scenario.run()
            #expect(scenario.work == work, "\(name)")
        }
    }

    @Test("an allocation of each kind is counted")
    func allocations() throws {
        try #require(AllocationCount.isAvailable)
        // Other tests allocate at the same time, so that only a lower bound is sure.
        var blocks: [UnsafeMutableRawPointer] = []
        let counter = AllocationCount.start()
        for alignment in [16, 64, 4096] {
            for _ in 0..<100 { blocks.append(.allocate(byteCount: 64, alignment: alignment)) }
        }
        // Whoever else counts takes nothing away.
        _ = AllocationCount.stop(AllocationCount.start())
        blocks.append(.allocate(byteCount: 64, alignment: 16))
        #expect(AllocationCount.stop(counter) >= 301)
        blocks.forEach { $0.deallocate() }
    }
}

struct CurrentScenarioTests {
    @Test("the sums of weights are those of a plain loop, and their additions are spikes times neurons")
    func forward() throws {
        let workload = try ScenarioTests.smallWorkload()
        var scenario = try CurrentsForwardScenario(workload)
        scenario.prepare(repetition: 3)
        scenario.run()
        let raster = workload.input(repetition: 3)
        #expect(scenario.work == Double(raster.spikeCount * 70))
        let projection = try workload.network().projections[0]
        for sample in 0..<8 {
            for step in 0..<3 {
                let row = sample * 3 + step
                for neuron in 0..<70 {
                    let expected = raster.activeNeurons(sample: sample, step: step)
                        .reduce(0.0) { $0 + Double(projection[$1, neuron]) }
                    let found = scenario.passes.rows[(neuron / 64 * 24 + row) * 64 + neuron % 64]
                    // Twenty weights of at most 0.1 in single precision.
                    #expect(abs(Double(found) - expected) < 1e-5)
                }
            }
        }
    }

    @Test("with all errors 1, the gradient of a weight is the number of its input's spikes")
    func backward() throws {
        let workload = try ScenarioTests.smallWorkload()
        var scenario = try CurrentsBackwardScenario(workload)
        scenario.prepare(repetition: 3)
        scenario.run()
        let raster = workload.input(repetition: 3)
        for input in 0..<100 {
            let count = (0..<8 * 3).count { raster[$0 / 3, $0 % 3, input] }
            for neuron in 0..<70 {
                #expect(
                    scenario.passes.gradient[(neuron / 64 * 100 + input) * 64 + neuron % 64] == Float(count))
            }
        }
    }
}
