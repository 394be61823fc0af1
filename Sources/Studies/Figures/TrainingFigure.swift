import Files

/// How a training run went, epoch by epoch: accuracy on images that it was not trained on, training loss, and of a model with spikes the
/// spikes per step.
///
/// Three panels beside each other with the epoch as common axis; curves are labelled at their ends instead of in
/// a legend.
public struct TrainingFigure: Figure {
    /// What is known at the end of an epoch.
    public struct Epoch: Sendable, Hashable {
        /// Epochs trained so far, from 1.
        public let number: Int
        /// Share of those images classified right, 0…1.
        public let accuracy: Double
        /// Standard deviation over evaluation seeds, 0…1; drawn as a band.
        public let accuracyDeviation: Double?
        public let trainingLoss: Double
        /// Mean number of spikes in a step, one number a population.
        public let spikesPerStep: [Double]

        public init(
            number: Int, accuracy: Double, accuracyDeviation: Double? = nil, trainingLoss: Double,
            spikesPerStep: [Double]
        ) {
            self.number = number
            self.accuracy = accuracy
            self.accuracyDeviation = accuracyDeviation
            self.trainingLoss = trainingLoss
            self.spikesPerStep = spikesPerStep
        }
    }

    public let title: String
    /// What the images of the accuracy are called, as in `test`.
    public let measured: String
    /// Names of the populations, in the order of ``Epoch/spikesPerStep``.
    public let populations: [String]
    public let epochs: [Epoch]

    public init(title: String, measured: String = "test", populations: [String], epochs: [Epoch]) {
        precondition(
            epochs.allSatisfy { $0.spikesPerStep.count == populations.count },
            "one spike count for each population")
        self.title = title
        self.measured = measured
        self.populations = populations
        self.epochs = epochs
    }

    public var name: String { "training" }
    public var isEmpty: Bool { epochs.isEmpty }

    public var script: GnuplotScript {
        let panels = [accuracyPanel, lossPanel] + (populations.isEmpty ? [] : [spikePanel])
        return GnuplotScript(
            width: 960, height: 320,
            commands: dataBlock + style + panels.flatMap(\.self) + ["unset multiplot"])
    }

    /// Columns: epoch, accuracy and its deviation in per cent, loss, spikes of each population.
    private var dataBlock: [String] {
        let rows = epochs.map { epoch in
            let numbers =
                [100 * epoch.accuracy, 100 * (epoch.accuracyDeviation ?? 0), epoch.trainingLoss]
                + epoch.spikesPerStep
            return "\(epoch.number) " + numbers.map(numberText).joined(separator: " ")
        }
        return ["$epochs << END"] + rows + ["END"]
    }

    private var style: [String] {
        let last = max(epochs.last?.number ?? 1, 2)
        let step = max(1, (last + 7) / 8)
        return [
            "set multiplot",
            "set label 1 \(quoted(title)) at screen 0.012,0.94 left font ',13' textcolor rgb '\(Palette.ink)'",
            "set border 3 linewidth 0.75 linecolor rgb '\(Palette.ink)'",
            "set tics nomirror out scale 0.5 textcolor rgb '\(Palette.ink)'",
            "set grid ytics linewidth 0.5 linecolor rgb '\(Palette.faint)' linetype 1",
            "unset key",
            "set xrange [1:\(last)]",
            "set xtics 1,\(step)",
            "set xlabel \(quoted("epoch")) textcolor rgb '\(Palette.ink)' offset 0,0.4",
            "set offsets 0,0,0,0",
            "set bmargin at screen 0.17",
            "set tmargin at screen 0.78",
        ]
    }

    private var accuracyPanel: [String] {
        let deviates = epochs.contains { ($0.accuracyDeviation ?? 0) > 0 }
        let band =
            deviates
            ? "$epochs using 1:($2-$3):($2+$3) with filledcurves fillcolor rgb '\(Palette.blue)' "
                + "fillstyle transparent solid 0.2 noborder, " : ""
        return panel(
            left: 0.045, right: 0.275,
            heading: "\(measured) accuracy (%)" + (deviates ? ", band: ± standard deviation" : ""),
            values: epochs.map(\.accuracy),
            lowest: "*")
            + endLabels([(epochs.last.map { 100 * $0.accuracy }, "%.1f %%", Palette.blue, "")])
            + ["plot \(band)\(curve(column: 2, color: Palette.blue))", "unset label 1"]
    }

    private var lossPanel: [String] {
        panel(left: 0.395, right: 0.625, heading: "training loss (nats)", values: epochs.map(\.trainingLoss))
            + endLabels([(epochs.last?.trainingLoss, "%.3g", Palette.ink, "")])
            + ["plot \(curve(column: 4, color: Palette.ink))"]
    }

    private var spikePanel: [String] {
        let colors = populations.indices.map { Palette.color($0 + 1) }
        let highest = epochs.flatMap(\.spikesPerStep).max() ?? 0
        let labels: [EndLabel] = populations.indices.map { index in
            (
                epochs.last?.spikesPerStep[index], "%.0f", colors[index],
                " \(Palette.sign(index)) " + shortened(populations[index], bytes: 24)
            )
        }
        let curves = populations.indices.map { curve(column: 5 + $0, color: colors[$0], mark: $0) }
        return panel(
            left: 0.74, right: 0.895, heading: "spikes per step", values: epochs.flatMap(\.spikesPerStep))
            + endLabels(labels, distance: 0.07 * highest)
            + ["plot " + curves.joined(separator: ", ")]
    }

    /// - Parameters:
    ///   - values: what the panel shows; gnuplot cannot find a range when all are NaN (a run that diverged) or 0.
    ///   - lowest: lower end of the axis, `*` for one that fits the values.
    private func panel(left: Double, right: Double, heading: String, values: [Double], lowest: String = "0")
        -> [String]
    {
        let hasRange = values.contains { $0.isFinite && $0 != 0 }
        return [
            "set lmargin at screen \(left)",
            "set rmargin at screen \(right)",
            "set yrange [\(hasRange ? "\(lowest):*" : "0:1")]",
            "set label 2 \(quoted(heading)) at graph 0,1.07 left textcolor rgb '\(Palette.ink)'",
        ]
    }

    private typealias EndLabel = (value: Double?, format: String, color: String, name: String)

    /// Values at the right ends of the curves.
    ///
    /// - Parameter distance: how far apart in units of the axis two labels must be to be read; those of curves that
    ///   end closer together move up.
    private func endLabels(_ labels: [EndLabel], distance: Double = 0) -> [String] {
        guard let last = epochs.last else { return [] }
        let shown = labels.filter { $0.value?.isFinite == true }.sorted { ($0.value ?? 0) < ($1.value ?? 0) }
        var lines = (0..<8).map { "unset label \(10 + $0)" }
        var lowest = -Double.infinity
        for (index, label) in shown.enumerated() {
            let value = label.value ?? 0
            let height = max(value, lowest)
            lowest = height + distance
            let text = String(printf: label.format, value) + label.name
            lines.append(
                "set label \(10 + index) \(quoted(text)) at first \(last.number),first \(numberText(height)) "
                    + "left offset 0.8,0 textcolor rgb '\(label.color)'")
        }
        return lines
    }

    private func curve(column: Int, color: String, mark: Int = 0) -> String {
        "$epochs using 1:\(column) with linespoints linewidth 2 \(Palette.points(mark, of: epochs.count)) linecolor rgb '\(color)'"
    }
}

/// A number for a data block; gnuplot leaves out what is not one.
func numberText(_ number: Double) -> String {
    number.isFinite ? String(printf: "%.6g", number) : "NaN"
}
