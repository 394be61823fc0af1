/// What `sqsnn reproduce all` runs: the calls that make the figures, one after another.
public struct ReproductionPlan: Sendable {
    /// How much of everything is run.
    public enum Scale: String, Sendable, CaseIterable {
        /// Half a minute of two cores: everything is there, and nothing is to be believed.
        case smoke
        /// Fewer seeds, data sets and epochs: the shape of every figure.
        case small
        /// The settings of the paper.
        case paper
    }

    /// A call of `sqsnn reproduce FIGURE`, or of a study.
    public struct Part: Sendable, Hashable {
        /// Of the part, and of its files.
        public let name: String
        /// The figure that is reproduced, as in `fig2a`.
        public let figure: String
        /// By name, without dashes; ``folder`` comes besides.
        public let options: [String: String]
        /// Under the folder of runs; parts of the same trainings share one.
        public let folder: String

        init(_ name: String, _ figure: String, _ options: [String: String] = [:], folder: String? = nil) {
            self.name = name
            self.figure = figure
            self.options = options
            self.folder = folder ?? name
        }

        /// What a user types.
        ///
        /// - Parameter output: folder of the results.
        public func call(output: String) -> String {
            let words = options.sorted { $0.key < $1.key }.map { "--\($0.key) \($0.value)" }
            return
                (["sqsnn reproduce \(figure)"] + words + ["--output \(output)/runs/\(folder)"])
                .joined(separator: " ")
        }
    }

    public let scale: Scale
    public let parts: [Part]

    public init(_ scale: Scale) {
        self.scale = scale
        parts = Self.curves(scale) + Self.rivals(scale) + Self.sparsity(scale)
    }

    /// The paper's noise, and five and ten times as much of it; the first through Qiskit Aer, too.
    private static func curves(_ scale: Scale) -> [Part] {
        let options: [String: String] =
            switch scale {
            case .smoke: ["seeds": "3", "iterations": "10"]
            case .small: ["seeds": "8"]
            case .paper: [:]
            }
        func parts(_ suffix: String, _ own: [String: String]) -> [Part] {
            ["fig2a", "fig2b"].map { Part($0 + suffix, $0, options.merging(own) { $1 }) }
        }
        switch scale {
        case .smoke: return parts("", [:])
        case .small: return parts("", [:]) + noisier.flatMap(parts)
        case .paper:
            return parts("", [:]) + noisier.flatMap(parts)
                // Aer runs some fifty circuits a second, and extrapolation three times as many, and longer ones.
                + [("fig2a", "8"), ("fig2b", "4")].map {
                    Part("\($0)-aer", $0, ["backend": "aer-fake-brisbane", "seeds": $1])
                }
        }
    }

    private static let noisier = ["5", "10"].map { ("-noise-\($0)", ["noise-scale": $0]) }

    private static func rivals(_ scale: Scale) -> [Part] {
        let options: [String: String] =
            switch scale {
            case .smoke: ["seeds": "2", "epochs": "1", "limit": "2000", "datasets": "fashion-mnist"]
            case .small:
                ["seeds": "3", "epochs": "4", "limit": "20000", "datasets": "mnist,fashion-mnist"]
            case .paper: [:]
            }
        var ofControls = options
        if scale == .paper { ofControls = ["datasets": "fashion-mnist,kmnist-8k2k", "seeds": "5"] }
        return ["fig2c", "figS2"].map { Part($0, $0, options, folder: "fig2c") }
            + [Part("controls", "controls", ofControls, folder: "fig2c")]
    }

    private static func sparsity(_ scale: Scale) -> [Part] {
        let options: [String: String] =
            switch scale {
            case .smoke: ["seeds": "2", "epochs": "3", "strengths": "0,0.003", "datasets": "n-mnist"]
            case .small: ["seeds": "3", "datasets": "n-mnist"]
            case .paper: [:]
            }
        return [Part("fig2d", "fig2d", options)]
    }
}
