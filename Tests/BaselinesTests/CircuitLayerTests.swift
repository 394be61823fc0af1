import Compute
import Files
import Foundation
import QuantumCircuits
import TestSupport
import Testing

@testable import Baselines

@Suite struct CircuitLayerTests {
    /// A case of Tests/Golden/qnn.json, computed by PennyLane.
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let qubits: Int
        let layers: Int
        let embedding: QNN.Embedding
        let entangler: QNN.Entangler
        let features: [Double]
        let angles: [Double]
        /// ∂L/∂⟨Z⟩
        let errors: [Double]
        let expectations: [Double]
        let featureGradient: [Double]
        let angleGradient: [Double]

        var testDescription: String { "\(entangler) \(layers) × \(qubits) after \(embedding)" }

        func qnn(circuits: Int = 1) throws -> QNN {
            try QNN(
                qubits: qubits, circuits: circuits, layers: layers, embedding: embedding, entangler: entangler
            )
        }
    }

    private struct File: Decodable {
        let pennylane: String
        let cases: [Case]
    }

    static let cases: [Case] = {
        do {
            return try JSONDocument.decode(File.self, from: Array(Golden.data("qnn.json"))).cases
        } catch {
            fatalError("Tests/Golden/qnn.json: \(error)")
        }
    }()

    /// What a layer of circuits gives for one sample that is repeated, with its gradients.
    private func run<Real: ExpectationReal>(
        _ example: Case, as type: Real.Type, circuits: Int = 1, samples: Int = 1, threads: Int = 1,
        _ level: InstructionSet = .current
    ) throws -> (expectations: [Double], byFeature: [Double], byAngle: [Double]) {
        let layer = CircuitLayer<Real>(
            try example.qnn(circuits: circuits), parallelism: Parallelism(threadCount: threads),
            instructionSet: level)
        let padded = CircuitLayer<Real>.paddedCount(samples)
        func rows(_ values: [Double]) -> [Real] {
            (0..<circuits).flatMap { _ in
                values.flatMap { value in (0..<padded).map { Real($0 < samples ? value : 0) } }
            }
        }
        let features = AlignedBuffer(rows(example.features.map { $0 / .pi }))
        let angles = AlignedBuffer((0..<circuits).flatMap { _ in example.angles.map { Real($0) } })
        var (errors, expectations) = (
            AlignedBuffer(rows(example.errors)), AlignedBuffer(repeating: Real(0), count: features.count)
        )
        layer.run(
            features: features.view, angles: angles.view, sampleCount: samples,
            expectations: expectations.mutableView())
        let found = expectations.array.map { Double($0) }
        let byAngle = layer.reverse(
            features: features.view, angles: angles.view, sampleCount: samples,
            expectations: expectations.mutableView(), errors: errors.mutableView())
        return (found, errors.array.map { Double($0) }, byAngle)
    }

    @Test("expectation values and gradients are PennyLane's", arguments: cases)
    func agreesWithPennyLane(_ example: Case) throws {
        for level in InstructionSet.allCases where level <= .best {
            let found = try run(example, as: Double.self, level)
            for qubit in 0..<example.qubits {
                let first = qubit * Double.laneCount
                #expect(abs(found.expectations[first] - example.expectations[qubit]) < 1e-9)
                #expect(abs(found.byFeature[first] - example.featureGradient[qubit]) < 1e-9)
            }
            for (angle, gradient) in example.angleGradient.enumerated() {
                #expect(abs(found.byAngle[angle] - gradient) < 1e-9, "angle \(angle)")
            }
        }
    }

    @Test("single precision gives the same to six digits", arguments: cases)
    func singlePrecision(_ example: Case) throws {
        let (fine, coarse) = (
            try run(example, as: Double.self), try run(example, as: Float.self)
        )
        for qubit in 0..<example.qubits {
            #expect(
                abs(
                    fine.expectations[qubit * Double.laneCount]
                        - coarse.expectations[qubit * Float.laneCount]) < 2e-6)
            #expect(
                abs(fine.byFeature[qubit * Double.laneCount] - coarse.byFeature[qubit * Float.laneCount])
                    < 1e-5)
        }
        for (angle, gradient) in fine.byAngle.enumerated() {
            #expect(abs(gradient - coarse.byAngle[angle]) < 1e-5)
        }
    }

    @Test("the list of gates is the same circuit", arguments: cases)
    func gateList(_ example: Case) throws {
        let circuit = try example.qnn().circuit()
        #expect(circuit.parameterCount == example.qubits + example.angles.count)
        let unitary = try circuit.unitary(angles: example.features + example.angles)
        for qubit in 0..<example.qubits {
            // Qubit 0 is the most significant there.
            let expectation = (0..<circuit.dimension).reduce(0.0) { sum, row in
                let amplitude = unitary[row, 0]
                let probability =
                    amplitude.real * amplitude.real + amplitude.imaginary * amplitude.imaginary
                let isOne = row >> (example.qubits - 1 - qubit) & 1 == 1
                return sum + (isOne ? -probability : probability)
            }
            #expect(abs(expectation - example.expectations[qubit]) < 1e-9)
        }
    }

    @Test(
        "many circuits and samples: each as by itself, gradients summed, bits whatever the threads and levels"
    )
    func batches() throws {
        for example in Self.cases where example.qubits == 4 {
            let one = try run(example, as: Float.self)
            let (circuits, samples) = (3, 70)
            let many = try run(example, as: Float.self, circuits: circuits, samples: samples)
            let padded = CircuitLayer<Float>.paddedCount(samples)
            for row in 0..<circuits * example.qubits {
                for sample in 0..<samples {
                    let qubit = row % example.qubits * Float.laneCount
                    #expect(many.expectations[row * padded + sample] == one.expectations[qubit])
                    #expect(many.byFeature[row * padded + sample] == one.byFeature[qubit])
                }
            }
            for (angle, gradient) in many.byAngle.enumerated() {
                let alone = one.byAngle[angle % example.angles.count]
                #expect(abs(gradient - Double(samples) * alone) < 1e-4 * Double(samples))
            }
            for threads in [2, 3, 7] {
                let other = try run(
                    example, as: Float.self, circuits: circuits, samples: samples, threads: threads)
                #expect(other == many)
            }
            for level in InstructionSet.allCases where level <= .best {
                let other = try run(example, as: Float.self, circuits: circuits, samples: samples, level)
                #expect(other == many)
            }
        }
    }
}
