import Compute
import LinearAlgebra
import Neurons
import QuantumCircuits
import Testing

@testable import Reservoirs

struct SeriesClassificationTests {
    /// Two inputs and eight steps; classes by what `value` says of class, series and step.
    private static func task(_ value: (Int, Int) -> Double) throws -> SeriesClassification {
        func samples(_ range: Range<Int>) -> [SeriesClassification.Sample] {
            range.map { index in
                let other = (0..<8).map { Double(($0 * 7 + index * 5) % 11) }
                return SeriesClassification.Sample(
                    values: [(0..<8).map { value(index % 2, $0) + 0.01 * Double(index % 5) }, other],
                    label: index % 2)
            }
        }
        return try SeriesClassification(training: samples(0..<24), test: samples(24..<36), classCount: 2)
    }

    private static func accuracy(_ task: SeriesClassification, segmentCount: Int, threads: Int = 1) throws
        -> Double
    {
        try task.accuracy(
            of: Reservoir(MemorylessSQS(Ansatz.exchange.circuit()), neuronCount: 12, inputCount: 2, seed: 3),
            segmentCount: segmentCount, ridge: 1e-6, parallelism: Parallelism(threadCount: threads))
    }

    @Test("classes of different size are told apart by the mean, on any number of threads")
    func means() throws {
        let task = try Self.task { label, _ in Double(label) }
        #expect(try Self.accuracy(task, segmentCount: 1) == 1)
        #expect(try Self.accuracy(task, segmentCount: 1, threads: 3) == 1)
        #expect(try task.accuracyOfInputs() == 1)
    }

    /// Rising and falling series have the same numbers: without a memory only the order of parts tells them apart.
    @Test("classes that differ in the order of their numbers alone need parts")
    func order() throws {
        let task = try Self.task { label, step in Double(label == 0 ? step : 7 - step) }
        #expect(try Self.accuracy(task, segmentCount: 2) == 1)
        #expect(try task.accuracyOfInputs(segmentCount: 2) == 1)
        #expect(try Self.accuracy(task, segmentCount: 1) < 0.9)
        // A neuron with a memory has the order in its mean.
        let model = SQS(try Ansatz.exchange.circuit())
        #expect(
            try task.accuracy(of: Reservoir(model, neuronCount: 12, inputCount: 2, seed: 3), ridge: 1e-9) == 1
        )
    }

    @Test("numbers come in as shares of the training's range, those beyond it as its end")
    func scale() throws {
        func sample(_ values: [Double]) -> SeriesClassification.Sample {
            SeriesClassification.Sample(values: [values, [4, 4]], label: 0)
        }
        let task = try SeriesClassification(
            training: [sample([-1, 3])], test: [sample([0, 9])], classCount: 1)
        #expect(task.scaledInputs().map(\.elements) == [[0, 0.5, 1, 0.5], [0.25, 0.5, 1, 0.5]])
    }

    @Test("parts are as equal as they can be, and none is empty")
    func averages() {
        let features = RealMatrix(rowCount: 5, columnCount: 1, elements: [1, 2, 3, 4, 5])
        #expect(SeriesClassification.averages(of: features, 1) == [3])
        #expect(SeriesClassification.averages(of: features, 2) == [1.5, 4])
        #expect(SeriesClassification.averages(of: features, 10) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
    }

    @Test("settings are chosen by the last third of each class to learn from")
    func validation() throws {
        let task = try Self.task { label, _ in Double(label) }
        let validation = try task.validation()
        #expect(validation.training.count == 16 && validation.test.count == 8)
        #expect(
            validation.training.filter { $0.label == 1 }
                == Array(task.training.filter { $0.label == 1 }.prefix(8)))
        #expect(
            validation.test.filter { $0.label == 0 }
                == Array(task.training.filter { $0.label == 0 }.suffix(4)))
    }

    @Test("a task without series is refused")
    func empty() {
        let error = #expect(throws: ReservoirError.self) {
            try SeriesClassification(training: [], test: [], classCount: 2)
        }
        #expect(
            error?.description
                == "series: found 0 to learn from and 0 to judge by, expected at least one of each, and at most 65536 together"
        )
    }
}
