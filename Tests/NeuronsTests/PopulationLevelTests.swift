import Compute
import Testing

@testable import Neurons

struct PopulationLevelTests {
    private static func bits(_ values: some Sequence<Double>) -> [UInt64] { values.map(\.bitPattern) }

    @Test(
        "every instruction-set level of this CPU gives the same bits, forward and backward",
        arguments: PopulationCase.kernels(neuronCount: 100, sampleCount: 5)
            + PopulationCase.circuits(stepCount: 3) + PopulationCase.otherShapes(stepCount: 2))
    func levels(test: PopulationCase) throws {
        let errors = test.currents.map { $0.map { $0.map { $0.map { 0.5 - $0 } } } }
        let factors = (0..<test.rowCount).map { (Double($0) / 8, 0.25) }
        func outcome<Engine>(_ engine: Engine?) throws -> [[UInt64]] where Engine: PopulationEngine {
            let run = PopulationRun(test, try #require(engine))
            let gradient = run.gradient(
                errors: errors, regulariser: factors, surrogate: .sigmoidDerivative)
            return [
                run.words.array, Self.bits(run.firing.array.map { Double($0) }),
                Self.bits(run.rowSums.array.map { Double($0) }),
                Self.bits(gradient.currents.joined().joined().joined()),
                Self.bits(gradient.angles.joined()),
            ]
        }
        let narrow = try outcome(SimulatorEngine(test, instructionSet: .v2))
        for level in InstructionSet.allCases where level <= .best && level > .v2 {
            #expect(
                try outcome(SimulatorEngine(test, instructionSet: level)) == narrow, "\(level)")
        }
        guard test.model.circuit != nil, (test.model as? SQS)?.noise == nil, test.neuronCount < tileWidth else { return }
        let narrowDouble = try outcome(GeneralEngine<Double>(test, instructionSet: .v2))
        for level in InstructionSet.allCases where level <= .best && level > .v2 {
            #expect(
                try outcome(GeneralEngine<Double>(test, instructionSet: level)) == narrowDouble,
                "\(level), double")
        }
    }
}
