import Files
import SpikeDatasets
import Runs

/// Looks at the folder of a training run: what is there, whether it belongs together, and how far the training has come.
public struct RunCheck: Sendable {
    private let folder: RunFolder

    public init(folder: String) { self.folder = RunFolder(path: folder) }

    public var diagnosis: Diagnosis {
        let problem: (found: String, remedy: String)? =
            switch folder.content {
            case _ where !Folder.exists(folder.path):
                (
                    "\(folder.path) is no folder",
                    "give the folder that 'sqsnn train' named at its end (its --output)"
                )
            case .nothing:
                (
                    "\(folder.path) holds no run",
                    "give the folder that 'sqsnn train' named at its end (its --output)"
                )
            case .cutOff:
                (
                    "\(folder.path): the start was cut off, nothing was trained",
                    "begin it again with the command that began it, without --resume; or delete the folder"
                )
            case .incomplete(let name):
                (
                    "\(folder.path): something was trained, but \(name) is gone",
                    "restore \(name) from a copy, or train anew in another --output"
                )
            case .run: nil
            }
        if let problem {
            return Diagnosis([Finding("run", .missing, problem.found, remedy: problem.remedy)])
        }
        return Diagnosis([Finding("run", .ok, folder.path)] + contents + leftovers)
    }

    /// What is wrong with the files of a run that has them all.
    private var contents: [Finding] {
        let name = "checkpoint.safetensors"
        let configuration: RunConfiguration
        let (entry, inputCount): (CatalogEntry, Int)
        do {
            configuration = try folder.configuration()
            entry = try configuration.catalogEntry()
            inputCount = try entry.inputShape(configuration.input).inputCount
        } catch {
            return [damage("run.json", error)]
        }
        let described = Finding("run.json", .ok, "\(configuration.dataset), seed \(configuration.seed)")
        do {
            let (trainer, record) = try folder.restoredTrainer(
                inputCount: inputCount, classCount: entry.classNames.count)
            let digest = trainer.weightsDigest
            let count = trainer.parameterCount
            let kept = Finding(name, .ok, "\(count) parameters, weights \(digest.prefix(8))")
            let metrics = metrics(record, layerCount: trainer.spikeSlots.count)
            // Without its metrics the run cannot be gone on with.
            if metrics.status == .missing { return [described, metrics, kept] }
            return [
                described, metrics, kept, summary(record, digest, of: configuration),
                progress(record, of: configuration),
            ].compactMap(\.self)
        } catch {
            return [described, damage(name, error)]
        }
    }

    private func damage(_ name: String, _ error: any Error) -> Finding {
        Finding(
            name, .missing, "\(error)",
            remedy: "restore the file from a copy, or train anew in another --output")
    }

    private var resuming: String { "sqsnn train --output \(folder.path) --resume" }

    /// The file is a copy of what the checkpoint holds; of an earlier release's run it is the only one.
    private func metrics(_ record: CheckpointRecord, layerCount: Int) -> Finding {
        let name = "metrics.jsonl"
        let count = record.progress.epoch
        do {
            try folder.checkMetrics(record, layerCount: layerCount)
        } catch {
            return damage(name, error)
        }
        guard let own = record.metrics else { return Finding(name, .ok, "\(count) lines") }
        guard let found = try? InputFile.read(folder.metricsPath), found.starts(with: own) else {
            return Finding(
                name, .warning, "not the \(count) lines that the checkpoint has",
                remedy: "\(resuming) writes it anew")
        }
        return Finding(name, .ok, "\(count) lines")
    }

    /// What `summary.json` says, as far as it tells what it is of.
    private struct Summary: Decodable {
        let weightsDigest: String
    }

    private func summary(
        _ record: CheckpointRecord, _ digest: String, of configuration: RunConfiguration
    ) -> Finding? {
        let name = "summary.json"
        let remedy = "\(resuming) writes it at the end"
        guard let bytes = try? InputFile.read(folder.summaryPath) else {
            return record.progress.epoch < configuration.recipe.epochCount
                ? nil : Finding(name, .warning, "not there", remedy: remedy)
        }
        guard let summary = try? JSONDocument.decode(Summary.self, from: bytes, .ignoringUnknownFields) else {
            return Finding(name, .warning, "cannot be read", remedy: remedy)
        }
        return summary.weightsDigest == digest
            ? Finding(name, .ok, "of the checkpoint's weights")
            : Finding(name, .warning, "of other weights than the checkpoint's", remedy: remedy)
    }

    /// How far the training has come.
    private func progress(_ record: CheckpointRecord, of configuration: RunConfiguration) -> Finding {
        let (done, all) = (record.progress.epoch, configuration.recipe.epochCount)
        if let epoch = record.divergedEpoch {
            return Finding(
                "training", .warning,
                "diverged in epoch \(epoch) of \(all); the checkpoint is of epoch \(done), before it did",
                remedy:
                    "sqsnn eval \(folder.path) measures it; train anew with a lower learning rate, or a limit on the "
                    + "gradient's norm, in another --output")
        }
        if done == all { return Finding("training", .ok, "finished, \(all) epochs") }
        let batch = record.progress.batch
        let place = "\(done) of \(all) epochs" + (batch > 0 ? " and \(batch) batches" : "")
        return FolderLock.isHeld(folder.path)
            ? Finding("training", .ok, "at work, \(place) saved")
            : Finding("training", .warning, "stopped after \(place)", remedy: "\(resuming) goes on")
    }

    /// Files of writers that were killed.
    private var leftovers: [Finding] {
        if FolderLock.isHeld(folder.path) { return [] }
        return AtomicFile.partials(in: folder.path).map {
            Finding(
                "leftover", .warning, $0, remedy: "a killed process left it; delete it, or \(resuming) does")
        }
    }
}
