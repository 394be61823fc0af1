import Compute
import QuantumCircuits

/// How much memory a population's kernel takes, known without making it.
package struct PopulationKernelSize: Sendable {
    package let tileCount: Int
    /// Steps that one call runs, and such windows of a run.
    let windowLength: Int
    let windowCount: Int
    /// Elements of one tile's instruments, and of their gradient.
    package let instrumentSize: Int
    /// Elements of the working memory of one thread; of noisy neurons at most.
    let scratchSize: Int
    let randomWordsSize: Int
    /// Elements of the memory of one tile for one sample between two windows.
    package let memorySize: Int
    let keepsMemory: Bool

    /// - Parameters: as of ``PopulationKernel/init(_:stepCount:windowLength:parallelism:carriesMemory:instructionSet:)``.
    package init(
        _ model: NeuronModel, tileCount: Int, stepCount: Int, windowLength: Int? = nil,
        carriesMemory: Bool = false
    ) {
        self.tileCount = tileCount
        self.windowLength = min(windowLength ?? stepCount, stepCount)
        windowCount = (stepCount + self.windowLength - 1) / self.windowLength
        keepsMemory = carriesMemory || self.windowLength < stepCount
        let stepCount = self.windowLength
        if case .noisy(let circuit, let noise) = model {
            let layout = PauliLayout(circuit, noise)
            // A controlled rotation is two of all qubits; between two gates lies at most one map, and one at the end.
            let scratch = PauliProgram<Float>.scratch(
                operationCount: 3 * circuit.gates.count + 1, mapCount: circuit.gates.count + 1,
                stateCount: 1 << (2 * circuit.qubitCount))
            scratchSize = max(layout.scratch(stepCount: stepCount), scratch)
            randomWordsSize = layout.randomWords(stepCount: stepCount)
            instrumentSize = layout.instrumentSize
            memorySize = layout.carriedMemorySize
            return
        }
        let circuit = model.circuit
        let dimension = circuit?.dimension ?? 0
        let general = circuit.map {
            GeneralKernelLayout.adjointScratch(
                ioQubits: $0.ioQubits, memoryQubits: $0.memoryQubits, stepCount: stepCount)
        }
        scratchSize =
            max(general ?? 0, RealGauge.adjointScratchPerStep * stepCount) + 4 * dimension * dimension
            * tileWidth
        randomWordsSize = GeneralKernelLayout.randomWords(stepCount: stepCount)
        instrumentSize =
            circuit == nil
            ? 2 * tileWidth : (model.hasRealInstrument ? 1 : 2) * dimension * dimension * tileWidth
        memorySize = CarriedMemory.size(memoryQubits: circuit?.memoryQubits ?? 0)
    }

    /// Bytes that a batch takes at most.
    package func memoryCeiling(sampleCount: Count, threadCount: Int) -> Count {
        var numbers = Count.of(tileCount, instrumentSize)
        numbers += Count.of(threadCount, scratchSize + randomWordsSize)
        if keepsMemory { numbers += sampleCount.times(tileCount, windowCount + 1, memorySize) }
        return numbers.times(4)
    }
}
