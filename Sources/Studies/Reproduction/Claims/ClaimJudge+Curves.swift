import Files
import Learning

extension ClaimJudge {
    /// Claims 6 and 7, of Fig. 2(a) and 2(b).
    func curves() -> [Claim] {
        let (unmitigated, mitigated) = (results.curves("fig2a"), results.curves("fig2b"))
        return [
            claim(
                "6a", "Without mitigation one pass with five perturbations comes to nearly 95 %", "Fig. 2(a)",
                of: "fig2a",
                unmitigated.flatMap { Self.peak($0, Self.name(1, 5), near: 0.95) }),
            claim(
                "6b", "Without mitigation fewer perturbations, or more passes, do worse", "Fig. 2(a)",
                of: "fig2a",
                unmitigated.flatMap { report in
                    Self.order(
                        report, [(Self.name(1, 2), Self.name(1, 5)), (Self.name(5, 5), Self.name(1, 5))])
                }),
            claim(
                "6c", "With mitigation more passes and perturbations help", "Fig. 2(b)", of: "fig2b",
                mitigated.flatMap { report in
                    Self.order(
                        report, [(Self.name(1, 1), Self.name(1, 2)), (Self.name(1, 2), Self.name(5, 5))])
                }),
            claim(
                "6d", "With mitigation five passes with five perturbations come to about 98 %", "Fig. 2(b)",
                of: "fig2b", mitigated.flatMap { Self.peak($0, Self.name(5, 5), near: 0.98) }),
            claim(
                "6e", "They equal the ideal local rule", "Fig. 2(b)", of: "fig2b",
                mitigated.flatMap { Self.equality($0, Self.name(5, 5), "ideal local rule") }),
            claim(
                "7", "Surrogate gradients come close to the ideal local rule", "Fig. 2(b)", of: "fig2b",
                mitigated.flatMap { Self.equality($0, "surrogate gradient", "ideal local rule") }),
        ] + noisier()
    }

    /// A curve of a part.
    private typealias Place = (part: String, curve: String)

    /// Our findings at five and ten times the device's noise, and with that of another simulator.
    private func noisier() -> [Claim] {
        let (all, one) = (Self.name(5, 5), Self.name(1, 5))
        /// - Parameter isBelow: what is said of the ends of each two curves.
        func claim(
            _ number: String, _ statement: String, of part: String, isBelow: Bool = true,
            _ pairs: [(label: String, first: Place, second: Place)]
        ) -> Claim {
            func end(_ place: Place) -> MeanInterval? {
                results.curves(place.part).flatMap { Self.curve($0, place.curve)?.accuracy.last }
            }
            let ends = pairs.compactMap { pair in
                end(pair.first).flatMap { first in
                    end(pair.second).map { (label: pair.label, first: first, second: $0) }
                }
            }
            let judged = (
                ends.map { "\($0.label): \(Self.text($0.first)) against \(Self.text($0.second))" }
                    .joined(separator: "; "),
                ends.map { end in
                    end.first.isBelow(end.second, resolution: 2 * Self.point).map { $0 == isBelow }
                }
            )
            return self.claim(
                number, "Our finding: " + statement, "ours", of: part,
                ends.count == pairs.count ? judged : nil)
        }
        func strengths(_ pair: (String) -> (Place, Place)) -> [(String, Place, Place)] {
            ["5", "10"].map { strength in
                let (first, second) = pair("noise-\(strength)")
                return ("noise × \(strength)", first, second)
            }
        }
        return [
            claim(
                "6f", "more passes do better, not worse, at more noise too", of: "fig2a-noise-5",
                strengths { (("fig2a-\($0)", one), ("fig2a-\($0)", all)) }),
            claim(
                "6g", "at more noise mitigation makes learning worse", of: "fig2b-noise-5",
                strengths { (("fig2b-\($0)", all), ("fig2a-\($0)", all)) }),
            claim(
                "6h", "more passes do better through Qiskit Aer with FakeBrisbane's noise, too",
                of: "fig2a-aer",
                [("post-selected, accuracy without noise", ("fig2a-aer", one), ("fig2a-aer", all))]),
            claim(
                "6i", "mitigation makes learning no better there", of: "fig2b-aer", isBelow: false,
                [("post-selected, accuracy without noise", ("fig2a-aer", all), ("fig2b-aer", all))]),
        ]
    }

    private static func name(_ passes: Int, _ perturbations: Int) -> String {
        Figure2.Pair(passes: passes, perturbations: perturbations).name
    }

    private static func curve(_ report: CurveStudy.Report, _ name: String) -> CurveStudy.CurveReport? {
        report.curves.first { $0.name == name }
    }

    static func text(_ interval: MeanInterval) -> String {
        String(printf: "%.1f %% (%.1f–%.1f)", 100 * interval.mean, 100 * interval.low, 100 * interval.high)
    }

    /// Under which estimator, batch, circuit and noise, and how often.
    private static func setting(_ report: CurveStudy.Report) -> String {
        guard let curve = report.curves.first else { return "" }
        let words = [
            curve.estimator, "batch \(curve.batch)", curve.circuit, curve.noise,
            curve.mitigation.map { "mitigation \($0)" },
            "\(report.seeds) seeds",
        ]
        return words.compactMap(\.self).joined(separator: ", ")
    }

    /// Accuracies that differ by less are the same, and intervals that are wider by half tell nothing.
    private static let point = 0.01

    /// Whether the best of a curve is a value to within a point.
    private static func peak(
        _ report: CurveStudy.Report, _ name: String, near value: Double
    ) -> (String, [Bool?])? {
        guard let curve = curve(report, name),
            let best = curve.accuracy.enumerated().max(by: { $0.element.mean < $1.element.mean })
        else { return nil }
        return (
            "best \(text(best.element)) after \(best.offset) iterations; \(setting(report))",
            [best.element.isNear(value, within: point)]
        )
    }

    /// Whether of each pair the first ends below the second.
    private static func order(
        _ report: CurveStudy.Report, _ pairs: [(lower: String, higher: String)]
    ) -> (String, [Bool?])? {
        let ends = pairs.compactMap { pair in
            curve(report, pair.lower)?.accuracy.last.flatMap { lower in
                curve(report, pair.higher)?.accuracy.last.map { (pair, lower, $0) }
            }
        }
        guard ends.count == pairs.count else { return nil }
        let texts = ends.map { pair, lower, higher in
            "\(pair.lower): \(text(lower)), \(pair.higher): \(text(higher))"
        }
        return (
            texts.joined(separator: "; ") + "; " + setting(report),
            ends.map { $1.isBelow($2, resolution: 2 * point) }
        )
    }

    /// Whether two curves end alike.
    private static func equality(
        _ report: CurveStudy.Report, _ first: String, _ second: String
    ) -> (String, [Bool?])? {
        guard let one = curve(report, first)?.accuracy.last, let other = curve(report, second)?.accuracy.last
        else { return nil }
        return (
            "\(first): \(text(one)); \(second): \(text(other)); \(setting(report))",
            [one.equals(other, within: point)]
        )
    }
}
