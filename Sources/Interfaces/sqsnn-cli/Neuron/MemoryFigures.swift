import Compute
import NeuronAnalysis
import Figures
import Neurons

/// The figures of `sqsnn neuron memory`.
struct MemoryFigures {
    /// One neuron, with noise or without.
    struct Entry {
        let name: String
        /// What the noise is called; nil where there is none.
        let noise: String?
        let profile: MemoryProfile
    }

    let entries: [Entry]

    /// Less information than this is not drawn.
    private static let fewestBits = 1e-8

    var all: [PanelFigure] { [information, sensitivity] }

    private var information: PanelFigure {
        PanelFigure(
            name: "memory", title: "What a spike tells about the steps before it",
            panels: [
                panel(
                    "information about the input (bits)", "steps before", from: Self.fewestBits, first: 0,
                    \.inputInformation),
                panel(
                    "information about the own spike (bits)", "steps before", from: Self.fewestBits, first: 1,
                    \.spikeInformation),
                panel("purity, spikes not known", "step", first: 0, highest: 1, \.purity),
            ],
            notes: notes)
    }

    private var sensitivity: PanelFigure {
        PanelFigure(
            name: "sensitivity", title: "How well each angle shows",
            panels: [
                panel("Fisher information, spikes (1/rad²)", "angle", .bars, first: 0, \.fisher),
                panel("quantum, spikes and memory (1/rad²)", "angle", .bars, first: 0, \.quantumFisher),
                panel(
                    "own spikes by firing probability (bits)", "steps before", first: 1, \.firingInformation),
            ],
            notes: notes)
    }

    private var notes: [String] {
        entries.prefix(1).flatMap { entry in
            let count = entry.profile.drawCount
            return count == 1 ? ["one draw"] : ["mean over \(count) draws", "band: ± one standard error"]
        }
            + entries.compactMap(\.noise).prefix(1).map { "dashed or pale: noise \($0)" }
    }

    private func panel(
        _ heading: String, _ xLabel: String, _ style: PanelFigure.Style = .curves, from lowest: Double? = nil,
        first: Int, highest: Double? = nil,
        _ statistics: KeyPath<MemoryProfile, SampleStatistics>
    ) -> PanelFigure.Panel {
        PanelFigure.Panel(
            heading: heading, xLabel: xLabel, style: style, logarithmicFrom: lowest, highest: highest,
            curves: entries.map { entry in
                let curve = entry.profile[keyPath: statistics]
                let errors = curve.standardDeviation?.map {
                    $0 / Double(entry.profile.drawCount).squareRoot()
                }
                return PanelFigure.Curve(
                    name: entry.name,
                    points: curve.mean.enumerated().map { index, mean in
                        PanelFigure.Point(x: Double(first + index), y: mean, deviation: errors?[index])
                    }, isDashed: entry.noise != nil)
            })
    }
}
