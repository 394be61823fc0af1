import Files

extension BoundStudy {
    /// The part of a gradient that central differences, which are the yardstick, do not resolve.
    static let resolution = 1e-6
}

extension BoundStudy.Extent {
    var text: String {
        func text(_ value: Double) -> String {
            abs(value) < BoundStudy.resolution ? "0" : String(printf: "%.4f", value)
        }
        return "\(text(least)) to \(text(most))"
    }
}

extension BoundStudy.Estimate {
    var gradientText: String { missed == nil ? "none" : String(printf: "%.4f", gradient) }

    var missedText: String {
        missed.map { $0 <= BoundStudy.resolution ? "nothing" : String(printf: "%.1f %%", 100 * $0) } ?? "–"
    }
}

extension BoundStudy.Report {
    /// The tables as text.
    public var lines: [String] {
        let heading =
            "\(circuit): \(networks) random networks of two hidden neurons and one output, 3 steps, summed over "
            + "\(EnumeratedNetwork.historyCount) histories."
        return [heading, "Least and most, and largest magnitudes, over networks and parameters.", ""]
            + TextTable.numberLines(bounds) + [""] + TextTable.numberLines(angles)
    }

    private var bounds: [[String]] {
        func row(_ name: String, _ text: (BoundStudy.OfDelay) -> String) -> [String] {
            [name] + delays.map(text)
        }
        return [
            row("hidden spikes reach the output") { $0.delay == 0 ? "in the same step" : "a step later" },
            row("bound L less log-loss") { $0.bound.text },
            row("first line of (15) less log-loss") { $0.firstLine.text },
            row("gradient of L by output neurons") { $0.output.gradientText },
            row("  (20) misses") { $0.output.missedText },
            row("gradient of L by hidden neurons") { $0.sameStep.gradientText },
            row("  (23), credit of the same step, misses") { $0.sameStep.missedText },
            row("  credit of all later steps misses") { $0.returnToGo.missedText },
        ]
    }

    private var angles: [[String]] {
        [["angles", "steps", "gradient of log p", "(25), shifts of ± π/2, misses"]]
            + shifts.map {
                [$0.angles, "\($0.steps)", $0.estimate.gradientText, $0.estimate.missedText]
            }
    }
}
