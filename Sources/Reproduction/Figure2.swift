import LocalLearning
import QuantumCircuits
import SpikeLearning

/// Fig. 2 of arXiv:2506.21324: USPS digits 1 against 7, one layer of two output neurons, T = 10, by the local rule on a noisy
/// device; (a) without, (b) with zero-noise extrapolation.
///
/// M_som = 1 and M_p = 5 throughout. References are the ideal local rule (exact gradients) and surrogate gradients, both
/// without noise.
public enum Figure2: String, Sendable, CaseIterable {
    case unmitigated = "fig2a"
    case mitigated = "fig2b"

    public var title: String {
        switch self {
        case .unmitigated: "Fig. 2(a): local rule on a noisy device, without mitigation"
        case .mitigated: "Fig. 2(b): local rule on a noisy device, with zero-noise extrapolation"
        }
    }

    /// Global passes M and pairs of perturbations M_syn of the curves.
    public static let settings = [(passes: 1, perturbations: 1), (1, 5), (5, 1), (5, 5)]

    /// - Parameter device: whose noise the neurons have.
    public func curves(on device: RunConfiguration.DeviceNoise) throws -> [LearningCurve] {
        func configuration(_ recipe: Recipe, _ noise: RunConfiguration.DeviceNoise?) throws
            -> RunConfiguration
        {
            var configuration = RunConfiguration(
                dataset: "usps-1v7", circuit: try Ansatz.exchange.circuit(), seed: 1, recipe: recipe)
            configuration.noise = noise
            return configuration
        }
        var ideal = Recipe.local
        ideal.local?.estimator = .exact
        ideal.local?.passCount = 1
        let references = [
            LearningCurve(name: "ideal local rule", configuration: try configuration(ideal, nil)),
            LearningCurve(name: "surrogate gradient", configuration: try configuration(.usps, nil)),
        ]
        return references
            + (try Self.settings.map { passes, perturbations in
                var recipe = Recipe.local
                recipe.local?.passCount = passes
                recipe.local?.synapsePerturbations = perturbations
                recipe.local?.mitigation = self == .mitigated ? .zne : .none
                return LearningCurve(
                    name:
                        "\(passes) pass\(passes == 1 ? "" : "es"), \(perturbations) pair\(perturbations == 1 ? "" : "s")",
                    configuration: try configuration(recipe, device))
            })
    }
}
