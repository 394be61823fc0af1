import Compute
import Foundation
import Synchronization

/// What memory is worth: every model on every task, at every spike budget, with several seeds.
///
/// Finished cells are kept in a folder, and a study that is run again trains only those that are missing there.
public struct MemoryStudy: Sendable {
    public let tasks: [TemporalTask]
    public let models: [CandidateModel]
    /// Spikes of the population a step; nil for no limit.
    public let spikeBudgets: [Double?]
    /// Seeds 1 … of every cell.
    public let seedCount: Int
    public let recipe: StudyRecipe

    public init(
        tasks: [TemporalTask], models: [CandidateModel], spikeBudgets: [Double?], seedCount: Int,
        recipe: StudyRecipe
    ) {
        self.tasks = tasks
        self.models = models
        self.spikeBudgets = spikeBudgets
        self.seedCount = seedCount
        self.recipe = recipe
    }

    /// All cells, seed by seed: a study that is stopped early has some seeds of everything.
    public var cells: [StudyCell] {
        (0..<seedCount).flatMap { seed in
            tasks.flatMap { task in
                spikeBudgets.flatMap { budget in
                    models.map {
                        StudyCell(task: task, model: $0, spikeBudget: budget, seed: UInt64(seed + 1))
                    }
                }
            }
        }
    }

    /// The cells that a folder does not hold.
    public func missingCells(in folder: StudyFolder) throws -> [StudyCell] {
        Self.missing(cells, in: try keptResults(in: folder))
    }

    private func keptResults(in folder: StudyFolder) throws -> [TemporalTask: [CellResult]] {
        var kept: [TemporalTask: [CellResult]] = [:]
        for task in tasks { kept[task] = try folder.results(of: task) }
        return kept
    }

    private static func missing(_ cells: [StudyCell], in kept: [TemporalTask: [CellResult]]) -> [StudyCell] {
        cells.filter { cell in !(kept[cell.task] ?? []).contains { $0.belongs(to: cell) } }
    }

    /// What a run has come to.
    public struct Progress: Sendable {
        /// Cells that are there, those of earlier runs included.
        public let finishedCount: Int
        public let cellCount: Int
        /// The cell just finished; nil at the beginning.
        public let latest: CellResult?
    }

    /// Trains the cells that the folder does not hold.
    ///
    /// - Parameters:
    ///   - parallelism: how many cells are trained at a time, each on one thread; without effect on the results.
    ///   - onProgress: called at the beginning and after each cell, from any thread but never twice at a time; return `false`
    ///     to stop. Cells at work are then finished and kept.
    /// - Returns: the results of all cells that are there, in the order of ``cells``.
    /// - Throws: `StudyError` or `FileError` where the folder cannot be read or written.
    public func run(
        in folder: StudyFolder, parallelism: Parallelism, onProgress: @Sendable (Progress) -> Bool
    ) throws -> [CellResult] {
        let cells = cells
        let kept = try keptResults(in: folder)
        let missing = Self.missing(cells, in: kept)
        let cellCount = cells.count
        let state = Mutex(RunState(kept: kept, finishedCount: cellCount - missing.count))
        state.withLock { $0.report(cellCount, nil, onProgress) }

        parallelism.forEach(missing.count) { index, _ in
            guard state.withLock({ !$0.isStopped }) else { return }
            let cell = missing[index]
            let outcome = Result { try cell.result(recipe: recipe) }
            state.withLock { state in
                do {
                    let result = try outcome.get()
                    try folder.add(result, of: cell)
                    state.kept[cell.task, default: []].append(result)
                    state.finishedCount += 1
                    state.report(cellCount, result, onProgress)
                } catch {
                    state.failure = state.failure ?? error
                    state.isStopped = true
                }
            }
        }
        let (results, failure) = state.withLock { ($0.kept, $0.failure) }
        if let failure { throw failure }
        return cells.compactMap { cell in results[cell.task]?.first { $0.belongs(to: cell) } }
    }

    private struct RunState: Sendable {
        var kept: [TemporalTask: [CellResult]]
        var finishedCount: Int
        var isStopped = false
        var failure: (any Error)?

        mutating func report(
            _ cellCount: Int, _ latest: CellResult?, _ onProgress: (Progress) -> Bool
        ) {
            let progress = Progress(
                finishedCount: finishedCount, cellCount: cellCount, latest: latest)
            if !onProgress(progress) { isStopped = true }
        }
    }
}
