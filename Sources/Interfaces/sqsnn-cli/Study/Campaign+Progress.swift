import Campaigns
import CommandParsing
import Compute

extension Campaign {
    /// Works off the cells that are not done, with a progress bar, until Ctrl-C.
    ///
    /// - Parameters:
    ///   - title: what the bar calls it.
    ///   - unit: what a cell is, in the plural.
    ///   - note: of the cell that was done last.
    func run(
        in folder: String, title: String, unit: String, threads: Int, _ terminal: Terminal,
        note: @escaping @Sendable (Cell.Result) -> String,
        work: @escaping @Sendable (Cell) throws -> Cell.Result?
    ) throws -> Outcome {
        let bar = ProgressBar(
            title, total: cells.count, unit: unit, completed: try finishedCount(in: folder),
            terminal: terminal)
        defer { bar.finish() }
        let progress: @Sendable (Progress) -> Bool = { progress in
            bar.update(
                completed: progress.finishedCount, note: progress.latest.map { _, result in note(result) })
            return !Interrupt.isRequested
        }
        return try run(
            in: folder, parallelism: Parallelism(threadCount: threads), onProgress: progress, work: work)
    }
}
