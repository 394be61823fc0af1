import CommandParsing
import Files
import QuantumBackends
import Learning
import Runs

/// Training on a terminal: epoch by epoch, with a bar and a line each.
enum TrainingLoop {
    /// Trains a run to its end, or until Ctrl-C.
    ///
    /// - Parameter backend: the run's, where it is open already.
    /// - Returns: whether the user stopped it.
    static func train(
        _ run: inout TrainingRun, on backend: (any CircuitBackend)? = nil, _ terminal: Terminal
    ) throws -> Bool {
        let backend = try run.openBackend(backend) { Interrupt.isRequested }
        let epochCount = run.configuration.recipe.epochCount
        while !run.isComplete {
            let bar = ProgressBar(
                "epoch \(run.trainer.progress.epoch + 1)/\(epochCount)", total: run.imagesPerEpoch,
                unit: "images", completed: run.trainer.progress.sampleCount, terminal: terminal)
            let epoch: EpochMetrics?
            do {
                epoch = try run.trainEpoch(backend: backend) { progress in
                    bar.update(
                        completed: progress.sampleCount, note: String(printf: "loss %.3f", progress.loss))
                    return !Interrupt.isRequested
                }
            } catch BackendError.interrupted {
                epoch = nil
            }
            bar.finish()
            guard let epoch else { return true }
            terminal.write(RunText.line(epoch, of: epochCount))
            if Interrupt.isRequested && !run.isComplete { return true }
        }
        return false
    }
}
