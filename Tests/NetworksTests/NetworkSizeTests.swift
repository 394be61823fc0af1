import Compute
import QuantumCircuits
import SpikeTrains
import Neurons
import Testing

@testable import Networks

/// What is counted without making it, against what is made.
struct NetworkSizeTests {
    private static let exchange = Result { SQS(try Ansatz.exchange.circuit()) }

    private static func graph(
        _ connectivity: Connectivity, inputs: Int, neurons: Int
    ) throws -> NetworkGraph {
        try NetworkGraph(
            input: .init(neuronCount: inputs),
            nodes: [.init("output", model: exchange.get(), neuronCount: neurons)],
            edges: [.init("input", "output", connectivity)])
    }

    private static func convolution(
        _ height: Int, _ width: Int, features: Int, kernel: Int, stride: Int, padding: Int, outputs: Int
    ) -> Connectivity.Convolution {
        .init(
            height: height, width: width, inputFeatures: features, kernelSize: kernel, stride: stride,
            padding: padding, features: outputs)
    }

    private static let convolutions = [
        convolution(5, 4, features: 2, kernel: 3, stride: 1, padding: 0, outputs: 3),
        convolution(5, 4, features: 2, kernel: 3, stride: 2, padding: 1, outputs: 70),
        convolution(1, 1, features: 1, kernel: 9, stride: 9, padding: 8, outputs: 2),
        convolution(7, 2, features: 1, kernel: 2, stride: 5, padding: 1, outputs: 1),
        // Strides wider than the kernel leave places that it never covers.
        convolution(3, 9, features: 1, kernel: 1, stride: 4, padding: 0, outputs: 2),
    ]

    @Test("synapses, weights and their layout are counted as they are made")
    func projections() throws {
        var cases: [(Connectivity, Int, Int)] = [
            (.full, 70, 65), (.oneToOne, 70, 70), (.random(probability: 0.3, seed: 2), 70, 90),
            (.random(probability: 1, seed: 2), 5, 6), (.random(probability: 1e-9, seed: 2), 5, 6),
            (.explicit([.init(3, 1), .init(0, 1, weight: 0.5), .init(3, 2)]), 4, 3),
        ]
        for convolution in Self.convolutions {
            cases.append(
                (
                    .convolution(convolution),
                    convolution.height * convolution.width * convolution.inputFeatures,
                    convolution.outputHeight * convolution.outputWidth * convolution.features
                ))
        }
        for (connectivity, inputs, neurons) in cases {
            let graph = try Self.graph(connectivity, inputs: inputs, neurons: neurons)
            let projection = try Network(graph).projections[0]
            let size = graph.projectionSizes(counts: true)[0]
            let synapses = (0..<inputs).reduce(0) { sum, input in
                sum + (0..<neurons).count { projection.connects(input, $0) }
            }
            #expect(size.synapseCount == Count(synapses), "\(connectivity)")
            #expect(size.parameterCount == Count(projection.parameterCount), "\(connectivity)")
            #expect(!size.isExpectation)
            #expect(size.weightCount >= Count(projection.weights.count), "\(connectivity)")
            if let runs = projection.runs {
                #expect(size.runCount >= Count(runs.runs.count), "\(connectivity)")
            } else {
                #expect(size.keptWeightCount == Count(projection.keptWeightCount))
            }
            if case .random = connectivity { continue }
            #expect(size.weightCount == Count(projection.weights.count), "\(connectivity)")
        }
    }

    private static func large(_ probability: Double, seed: UInt64 = 1) throws -> NetworkGraph {
        try graph(.random(probability: probability, seed: seed), inputs: 65536, neurons: 65536)
    }

    // 65536² pairs of neurons, each connected with probability 1/2.
    @Test("random synapses that are too many to draw are told by their expectation")
    func expectation() throws {
        let graph = try Self.large(0.5)
        let size = graph.projectionSizes(counts: true)[0]
        #expect(size.isExpectation && size.synapseCount == Count(1 << 31))
        #expect(graph.parameterCount([size]) == Count((1 << 31) + 5 * 65536))
    }

    // Of 2³² pairs: 2²⁰ connected, 5σ = 5 · 2¹⁰; their targets uniform, of which each half has 2¹⁹, 5σ < 5 · 2¹⁰.
    @Test(
        "random synapses between many neurons take time by their number, and have the probability asked for")
    func sparse() throws {
        let size = try Self.large(1 / 4096).projectionSizes(counts: true)[0]
        #expect(!size.isExpectation)
        #expect(abs(size.synapseCount.value - (1 << 20)) < 5 << 10)
        let network = try Network(Self.large(1 / 4096))
        let runs = try #require(network.projections[0].runs)
        #expect(runs.parameterCount == size.synapseCount.value)
        let lower = runs.runs.reduce(0) { $0 + ($1.target < 32768 ? Int($1.length) : 0) }
        #expect(abs(lower - (1 << 19)) < 5 << 10)
        let other = try Self.large(1 / 4096, seed: 2).projectionSizes(counts: true)[0]
        #expect(other.synapseCount != size.synapseCount)
        for (probability, count) in [(1e-300, 0), (1e-9, 20)] {
            let few = try Self.large(probability).projectionSizes(counts: true)[0]
            #expect(few.synapseCount <= Count(count))
        }
    }

    @Test("numbers of a convolution that cannot be are refused, and have no plane")
    func convolutionNumbers() throws {
        let wrong: [(Connectivity.Convolution, String)] = [
            (
                Self.convolution(
                    1, 1, features: 1, kernel: 65536, stride: 65536, padding: 65535, outputs: 65536),
                "found kernel 65536, expected 1 to 1024"
            ),
            (
                Self.convolution(4, 4, features: 1, kernel: 2, stride: 0, padding: 0, outputs: 1),
                "found stride 0, expected 1 to 65536"
            ),
            (
                Self.convolution(4, 4, features: 1, kernel: 2, stride: 1, padding: Int.max, outputs: 1),
                "found padding \(Int.max), expected 0 to 1, less than the kernel"
            ),
            (
                Self.convolution(Int.max, 4, features: 1, kernel: 2, stride: 1, padding: 1, outputs: 1),
                "found height \(Int.max), expected 1 to 65536"
            ),
        ]
        for (convolution, problem) in wrong {
            #expect(convolution.outputHeight == 0 && convolution.outputWidth == 0)
            #expect(throws: NetworkError.graph(place: "projections[0] (input → output)", problem: problem)) {
                try Self.graph(.convolution(convolution), inputs: 16, neurons: 16)
            }
        }
    }

    @Test("populations and projections are at most so many as have random numbers of their own")
    func counts() throws {
        let model = try Self.exchange.get()
        func chain(_ count: Int) throws -> NetworkGraph {
            try NetworkGraph(inputCount: 1, layers: (0..<count).map { _ in (model, 1) })
        }
        let longest = try chain(2048)
        #expect(longest.ranks == Array(1...2048))
        #expect(!longest.isCyclic)
        #expect(try Network(longest).parameterCount == 2048 * 6)
        for count in [2049, 20000] {
            #expect(
                throws: NetworkError.graph(
                    place: "populations", problem: "found \(count), expected at most 2048; join some of them")
            ) { try chain(count) }
        }
        #expect(
            throws: NetworkError.graph(
                place: "projections", problem: "found 2049, expected at most 2048; join some of them")
        ) {
            try NetworkGraph(
                input: .init(neuronCount: 1), nodes: [.init("output", model: model, neuronCount: 1)],
                edges: (0..<2049).map { _ in .init("input", "output", delay: 1) })
        }
    }

    @Test("a circle of 2048 populations is found, without a delay refused, with one run step by step")
    func longCycle() throws {
        let model = try Self.exchange.get()
        func circle(delay: Int) throws -> NetworkGraph {
            let names = (0..<2047).map(String.init)
            return try NetworkGraph(
                input: .init(neuronCount: 1),
                nodes: (names + ["output"]).map { .init($0, model: model, neuronCount: 1) },
                edges: zip(names, names.dropFirst()).map { .init($0, $1) }
                    + [.init("2046", "0", delay: delay), .init("2046", "output")])
        }
        #expect(try circle(delay: 1).isCyclic)
        #expect(try NetworkSchedule(circle(delay: 1)).components.map(\.nodes.count) == [2047, 1])
        let error = #expect(throws: NetworkError.self) { try circle(delay: 0) }
        guard case .graph(let place, let problem)? = error else { return }
        #expect(place == "projections[2046] (2046 → 0)")
        #expect(problem.hasPrefix("closes a cycle without delay, 0 → 1 → 2 → "))
    }

    // 2048 populations of 65536 neurons, each fully connected to the next: 2047 · 2³² weights of four bytes.
    @Test("a network that no machine holds is refused before it is made, with what it needs")
    func noMemory() throws {
        let model = try Self.exchange.get()
        let graph = try NetworkGraph(inputCount: 1, layers: (0..<2048).map { _ in (model, 65536) })
        let error = #expect(throws: MemoryError.self) { try Network(graph) }
        guard case .insufficient(_, let needed, _, _)? = error else { return }
        #expect(needed > 2047 * (4 << 32) && needed < 2048 * (4 << 32) + 2048 * (1 << 22))
    }

    @Test("more samples than can be listed together are refused")
    func batches() throws {
        let graph = try Self.graph(.full, inputs: 65536, neurons: 1)
        #expect(graph.batchProblem(sampleCount: Count(327), stepCount: 1000) == nil)
        #expect(graph.batchProblem(sampleCount: Count(328), stepCount: 1000) != nil)
        #expect(graph.batchProblem(sampleCount: Count(Int.max), stepCount: 1000) != nil)
        #expect(
            try Self.graph(.oneToOne, inputs: 9, neurons: 9).batchProblem(
                sampleCount: Count(Int.max), stepCount: 1000) == nil)
    }

    @Test("numbers that cannot be are thrown back: how parameters are drawn, which repetition")
    func arguments() throws {
        var network = try Network(Self.graph(.full, inputs: 2, neurons: 2))
        for (gain, mean, deviation) in [
            (-1.0, 0.0, 0.1), (.nan, 0, 0.1), (.infinity, 0, 0.1), (1, .nan, 0.1), (1, 0, -1), (1, 0, 1e7),
        ] {
            #expect(throws: NetworkError.self) {
                try network.initialize(seed: 1, weightGain: gain, angleMean: mean, angleDeviation: deviation)
            }
        }
        #expect(throws: NetworkError.self) {
            try network.initialize(seed: 1, angleMeans: [0, 0, .nan, 0, 0])
        }
        let input = SpikeRaster(sampleCount: 1, stepCount: 1, neuronCount: 2)
        for repetition in [-1, 65536] {
            #expect(throws: NetworkError.repetition(repetition)) {
                try network.run(input, seed: 1, repetition: repetition)
            }
            #expect(throws: NetworkError.repetition(repetition)) {
                try NetworkStream(network, seed: 1, repetition: repetition)
            }
        }
    }
}
