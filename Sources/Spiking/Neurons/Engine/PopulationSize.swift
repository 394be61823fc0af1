import Compute

/// How much memory a population's simulator takes, known without making it.
package struct PopulationSize: Sendable {
    package let tileCount: Int
    /// Steps that one call runs, and such windows of a run.
    let windowLength: Int
    let windowCount: Int
    package let engine: EngineSize
    let keepsMemory: Bool

    /// - Parameters: as of ``PopulationSimulator/init(_:stepCount:windowLength:parallelism:carriesMemory:instructionSet:)``.
    package init(
        _ model: any NeuronModel, tileCount: Int, stepCount: Int, windowLength: Int? = nil,
        carriesMemory: Bool = false
    ) {
        self.tileCount = tileCount
        self.windowLength = min(windowLength ?? stepCount, stepCount)
        windowCount = (stepCount + self.windowLength - 1) / self.windowLength
        keepsMemory = carriesMemory || self.windowLength < stepCount
        engine = model.engineSize(stepCount: self.windowLength)
    }

    /// Bytes that a batch takes at most.
    package func memoryCeiling(sampleCount: Count, threadCount: Int) -> Count {
        var numbers = Count.of(tileCount, engine.compiled)
        numbers += Count.of(threadCount, engine.scratch + engine.randomWords)
        if keepsMemory { numbers += sampleCount.times(tileCount, windowCount + 1, engine.memory) }
        return numbers.times(4)
    }
}
