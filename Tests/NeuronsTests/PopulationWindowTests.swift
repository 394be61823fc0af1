import Compute
import Testing

@testable import Neurons

/// A run in windows of steps, with the memory carried between them, against the run of all steps at once.
struct PopulationWindowTests {
    @Test(
        "a run in windows draws the same spikes and gives the same errors as a whole one",
        arguments: PopulationCase.kernels(neuronCount: 40, sampleCount: 6, stepCount: 7))
    func windows(test: PopulationCase) {
        let whole = PopulationRun(test, SimulatorEngine(test))
        let gradient = whole.gradient(errors: test.currents)
        for length in [1, 3, 7] {
            let run = PopulationRun(test, SimulatorEngine(test, windowLength: length))
            #expect(run.words.array == whole.words.array, "windows of \(length)")
            let windowed = run.gradient(errors: test.currents)
            // The sums over steps are taken in another order.
            #expect(windowed.currents == gradient.currents, "windows of \(length)")
            for (found, expected) in zip(windowed.angles.joined(), gradient.angles.joined()) {
                #expect(abs(found - expected) <= 1e-4 * max(1, abs(expected)), "windows of \(length)")
            }
        }
    }
}
