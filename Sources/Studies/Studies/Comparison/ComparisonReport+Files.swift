import Files

extension ComparisonReport {
    /// Writes the report as `NAME.json`, its runs as `NAME.csv` and the differences, if there are any, as `NAME-differences.csv`.
    ///
    /// - Returns: the paths.
    /// - Throws: `FileError`.
    public func write(to folder: String) throws -> [String] {
        var files = [
            ("\(folder)/\(name).json", try JSONDocument.encode(self, .indented)),
            ("\(folder)/\(name).csv", Array(runTable.utf8)),
        ]
        if !differences.isEmpty {
            files.append(("\(folder)/\(name)-differences.csv", Array(differenceTable.utf8)))
        }
        for (path, bytes) in files { try AtomicFile.write(bytes, to: path) }
        return files.map(\.0)
    }

    /// A line a run that was measured or diverged.
    private var runTable: String {
        let heading = [
            "dataset", "group", "model", "seed", "accuracy", "spikes_per_step", "spikes_per_neuron_per_step",
            "seconds_per_epoch", "parameters", "neurons", "steps", "dense", "effective_acs", "effective_macs",
            "shots", "diverged_epoch",
        ]
        let lines = rows.flatMap { row in
            row.seeds.indices.map { runCells(row, $0) }
                + row.diverged.map { divergence in
                    Self.names(row, seed: divergence.seed) + [String](repeating: "", count: 11)
                        + ["\(divergence.epoch)"]
                }
        }
        return Self.table([heading] + lines)
    }

    private func runCells(_ row: Row, _ run: Int) -> [String] {
        let numbers = [row.accuracy, row.spikesPerStep, row.spikesPerNeuronPerStep, row.secondsPerEpoch]
        let operations = row.operations.map {
            [$0.dense, $0.effectiveACs.values[run], $0.effectiveMACs.values[run]]
        }
        return Self.names(row, seed: row.seeds[run])
            + numbers.map { $0.values.isEmpty ? "" : "\($0.values[run])" }
            + [row.parameters, row.neurons, row.steps].map { $0.map { "\($0)" } ?? "" }
            + (operations ?? []).map { "\($0)" } + [row.shots.map { "\($0)" } ?? "", ""]
    }

    private static func names(_ row: Row, seed: UInt64) -> [String] {
        [row.dataset, row.group ?? "", row.model, "\(seed)"]
    }

    private var differenceTable: String {
        let heading = [
            "dataset", "group", "first", "second", "seeds", "mean", "low", "high", "p", "corrected_p",
        ]
        let lines = differences.map { difference in
            let accuracy = difference.accuracy
            return [
                difference.dataset, difference.group ?? "", difference.first, difference.second,
                "\(accuracy.count)",
            ] + [accuracy.mean, accuracy.low, accuracy.high].map { $0.isFinite ? "\($0)" : "" }
                + [difference.p, difference.correctedP].map { $0.map { "\($0)" } ?? "" }
        }
        return Self.table([heading] + lines)
    }

    private static func table(_ rows: [[String]]) -> String { rows.map { CSV.row($0) + "\n" }.joined() }
}
