import Compute
import DeviceNoise
import Files
import Neurons
import QuantumCircuits
import SpikeTrains
import Testing

@testable import Networks

struct ActivityTests {
    /// Two populations of each model, and a raster for them.
    private static func test(_ model: any NeuronModel) throws -> (Network, SpikeRaster) {
        let test = try SmallNetwork(model, inputCount: 6, counts: [5, 3], sampleCount: 2, stepCount: 7)
        return (test.network, test.input)
    }

    /// Every path of an engine's memory: one real angle, real and complex amplitudes, density matrices, none, a spike, a potential.
    static func models() throws -> [any NeuronModel] {
        let noise = try NoiseModel.load("eagle").scaled(by: 5)
        return [
            SQS(try Ansatz.exchange.circuit()), SQS(try Ansatz.exchange.circuit(memoryQubits: 2)),
            SQS(try Ansatz.partialSwap.circuit(memoryQubits: 2)),
            SQS(try Ansatz.partialSwap.circuit(memoryQubits: 2), noise: noise),
            MemorylessSQS(try Ansatz.exchange.circuit()), LastSpikeFeedback(), try LIF(),
        ]
    }

    /// Expected values: the reference neuron on the recorded currents and spikes.
    @Test(
        "what is recorded is what the reference neuron has on the same currents and spikes", arguments: 0..<7)
    func reference(number: Int) throws {
        let (network, input) = try Self.test(Self.models()[number])
        let activity = try network.activity(input, recording: Set(Activity.Quantity.allCases), seed: 3)
        #expect(activity.populations.map(\.spikes) == (try network.run(input, seed: 3)))
        for (population, record) in zip(network.populations, activity.populations) {
            let currents = try #require(record.currents)
            let probabilities = try #require(record.probabilities)
            let memory = try #require(record.memory)
            let count = record.memoryNames.count
            for neuron in 0..<population.neuronCount {
                let reference = try ReferenceNeuron(
                    population.model, parameters: population[parameters: neuron].map { Double($0) })
                for sample in 0..<2 {
                    func place(_ step: Int) -> Int { (sample * 7 + step) * population.neuronCount + neuron }
                    let response = try reference.run(
                        currents: (0..<7).map { [Double(currents[place($0)])] },
                        spikes: (0..<7).map { [record.spikes[sample, $0, neuron] ? 1 : 0] })
                    for step in 0..<7 {
                        #expect(
                            abs(Double(probabilities[place(step)]) - response.firingProbability[step][0])
                                < 1e-5)
                        // The last spike of the classical neuron is no quantity of the reference.
                        guard !response.memory[step].isEmpty else { continue }
                        for quantity in 0..<count {
                            #expect(
                                abs(
                                    Double(memory[place(step) * count + quantity])
                                        - response.memory[step][quantity]) < 1e-5,
                                "\(population.model.title), step \(step), \(record.memoryNames[quantity])")
                        }
                    }
                }
            }
        }
    }

    @Test("its arrays have every number at its sample, step, neuron and place", arguments: 0..<7)
    func arrays(number: Int) throws {
        let (network, input) = try Self.test(Self.models()[number])
        let activity = try network.activity(input, recording: Set(Activity.Quantity.allCases), seed: 3)
        let arrays = Dictionary(
            uniqueKeysWithValues: activity.arrays(input: .spikes(input), named: "input").map { ($0.name, $0) }
        )
        #expect(arrays.count == 9)
        for (name, raster) in [("input", input)] + activity.populations.map({ ($0.name, $0.spikes) }) {
            let array = try #require(arrays["\(name)/spikes"])
            #expect(array.dimensions == [2, 7, raster.neuronCount, 1])
            guard case .bytes(let bytes) = array.elements else {
                Issue.record("spikes are bytes")
                return
            }
            for (place, byte) in bytes.enumerated() {
                let (row, neuron) = place.quotientAndRemainder(dividingBy: raster.neuronCount)
                #expect((byte == 1) == raster[row / 7, row % 7, neuron])
            }
        }
        for population in activity.populations {
            let quantities = population.memoryNames.count
            let shape = [2, 7, population.spikes.neuronCount]
            #expect(
                arrays["\(population.name)/probabilities"]
                    == NamedArray(
                        [population.name, "probabilities"], dimensions: shape + [1],
                        .floats(try #require(population.probabilities))))
            #expect(
                arrays["\(population.name)/memory"]
                    == NamedArray(
                        [population.name, "memory"], dimensions: shape + [quantities],
                        .floats(try #require(population.memory)), labels: population.memoryNames))
        }
        let numbers = Activity.numberCount(of: network.graph, recording: Set(Activity.Quantity.allCases))
        let floats = arrays.values.filter { !$0.name.hasSuffix("spikes") }
        #expect(floats.reduce(0) { $0 + $1.dimensions.reduce(1, *) } == 14 * numbers.value)
    }

    @Test("only what was asked for is recorded, of the populations that were named")
    func selection() throws {
        let (network, input) = try Self.test(LastSpikeFeedback())
        let activity = try network.activity(input, recording: [.currents], of: ["output"], seed: 3)
        #expect(activity["output"]?.currents?.count == 2 * 7 * 3)
        #expect(activity["output"]?.probabilities == nil && activity["hidden"]?.currents == nil)
        #expect(throws: NetworkError.population("out", known: ["hidden", "output"])) {
            try network.activity(input, recording: [], of: ["out"], seed: 3)
        }
    }
}
