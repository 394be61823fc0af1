import Foundation
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

    /// Our findings at five and ten times the device's noise.
    private func noisier() -> [Claim] {
        let (all, one) = (Self.name(5, 5), Self.name(1, 5))
        /// At each strength two curves, of which the first is said to end below the second.
        func claim(
            _ number: String, _ statement: String, of figure: String, _ curves: (String) -> [(String, String)]
        ) -> Claim {
            let strengths = ["5", "10"].map { strength in
                curves("noise-\(strength)").map { part, name in
                    results.curves(part).flatMap { Self.curve($0, name)?.accuracy.last }
                }
            }
            let ends = strengths.compactMap { pair in
                pair.contains(nil) ? nil : (pair[0] ?? MeanInterval([]), pair[1] ?? MeanInterval([]))
            }
            let isThere = ends.count == strengths.count
            let texts = zip(["5", "10"], ends).map { strength, pair in
                "noise × \(strength): \(Self.text(pair.0)) below \(Self.text(pair.1))"
            }
            return self.claim(
                number, "Our finding: " + statement, "ours", of: "\(figure)-noise-5",
                isThere
                    ? (texts.joined(separator: "; "), ends.map { $0.isBelow($1, resolution: 2 * Self.point) })
                    : nil)
        }
        return [
            claim("6f", "more passes do better, not worse, at more noise too", of: "fig2a") {
                [("fig2a-\($0)", one), ("fig2a-\($0)", all)]
            },
            claim("6g", "at more noise mitigation makes learning worse", of: "fig2b") {
                [("fig2b-\($0)", all), ("fig2a-\($0)", all)]
            },
        ]
    }

    private static func name(_ passes: Int, _ perturbations: Int) -> String {
        Figure2.Pair(passes: passes, perturbations: perturbations).name
    }

    private static func curve(_ report: CurveStudy.Report, _ name: String) -> CurveStudy.CurveReport? {
        report.curves.first { $0.name == name }
    }

    static func text(_ interval: MeanInterval) -> String {
        String(format: "%.1f %% (%.1f–%.1f)", 100 * interval.mean, 100 * interval.low, 100 * interval.high)
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
