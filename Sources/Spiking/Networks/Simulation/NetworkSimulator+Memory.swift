extension NetworkSimulator {
    /// Working memory that is held now, in bytes: what ``SimulatorSize`` bounds.
    package var memoryInUse: Int {
        let ofPopulations = populations.reduce(0) { sum, memory in
            let numbers =
                memory.currents.count + memory.errors.count + memory.activitySums.count + memory.factors.count
                + memory.compiledGradient.count + memory.firing.count
            return sum + 4 * numbers + 8 * memory.raster.words.count + memory.simulator.memoryInUse
        }
        return projections.reduce(ofPopulations + 4 * scratch.count) { sum, memory in
            let rasters = (memory.arriving + memory.arrivingStep).reduce(0) { $0 + $1.words.count }
            let patterns = (memory.patterns + memory.stepPatterns).reduce(0) { $0 + $1.memoryInUse }
            return sum + 8 * rasters + patterns + memory.transposed.reduce(0) { $0 + $1.memoryInUse }
                + 4 * (memory.keptWeights.count + memory.runGradients.count + memory.pooledErrors.count)
                + (memory.fixedWeights?.memoryInUse ?? 0) + memory.values.memoryInUse
        }
    }
}
