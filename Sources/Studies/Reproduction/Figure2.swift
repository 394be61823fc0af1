import LocalLearning
import QuantumCircuits
import Neurons
import Runs

/// Fig. 2 of arXiv:2506.21324: USPS digits 1 against 7, one layer of two output neurons, T = 10, by the local rule on a noisy
/// device; (a) without, (b) with zero-noise extrapolation.
///
/// M_som = 1 and M_p = 5 throughout. References in (b) are the ideal local rule (exact gradients) and surrogate gradients, both
/// without noise.
public enum Figure2: String, Sendable, CaseIterable {
    case unmitigated = "fig2a"
    case mitigated = "fig2b"

    /// Global passes M and pairs of perturbations M_syn of a curve.
    public struct Pair: Sendable, Hashable {
        public let passes: Int
        public let perturbations: Int

        public init(passes: Int, perturbations: Int) {
            self.passes = passes
            self.perturbations = perturbations
        }

        /// What legends call it.
        public var name: String {
            "\(passes) pass\(passes == 1 ? "" : "es"), \(perturbations) perturbation\(perturbations == 1 ? "" : "s")"
        }
    }

    /// What the paper leaves open, or a reader may want to vary.
    public struct Settings: Sendable {
        public var pairs: [Pair]
        /// The paper's three angles: its text has the spike's qubit control the memory's rotation (`input-controlled`), which
        /// makes the memory inert; its authors' program for the device the other way round (`memory-controlled`).
        public var circuit: Circuit
        public var estimator: GradientEstimator
        /// Sequences of an update. Algorithm 1 takes one.
        public var batchSize: Int
        public var mitigation: ShotMitigation
        public var device: Device

        public init(
            pairs: [Pair], circuit: Circuit, estimator: GradientEstimator, batchSize: Int,
            mitigation: ShotMitigation, device: Device
        ) {
            self.pairs = pairs
            self.circuit = circuit
            self.estimator = estimator
            self.batchSize = batchSize
            self.mitigation = mitigation
            self.device = device
        }
    }

    /// What runs the circuits of the local rule.
    public enum Device: Sendable {
        /// Simulated here, the neurons having a device's noise in training and when they are measured.
        case simulated(RunConfiguration.DeviceNoise)
        /// A backend by its name; accuracies are simulated without noise.
        case backend(String)

        public var name: String {
            switch self {
            case .simulated(let noise): noise.name
            case .backend(let name): name
            }
        }
    }

    /// Those of the paper's figure.
    public var pairs: [Pair] {
        let pairs =
            switch self {
            case .unmitigated: [(1, 5), (1, 2), (5, 2), (5, 5)]
            case .mitigated: [(1, 1), (1, 2), (5, 5)]
            }
        return pairs.map { Pair(passes: $0, perturbations: $1) }
    }

    public func curves(_ settings: Settings) -> [LearningCurve] {
        func curve(_ name: String, _ recipe: Recipe, _ device: Device?) -> LearningCurve {
            var recipe = recipe
            recipe.batchSize = settings.batchSize
            var configuration = RunConfiguration(
                dataset: "usps-1v7", neuron: SQS(settings.circuit), seed: 1, recipe: recipe)
            switch device {
            case .simulated(let noise): configuration.noise = noise
            case .backend(let name): configuration.backend = name
            case nil: break
            }
            return LearningCurve(name: name, configuration: configuration)
        }
        var curves = settings.pairs.map { pair in
            var recipe = Recipe.local
            recipe.local?.estimator = settings.estimator
            recipe.local?.passCount = pair.passes
            recipe.local?.synapsePerturbations = pair.perturbations
            recipe.local?.mitigation = settings.mitigation
            return curve(pair.name, recipe, settings.device)
        }
        if self == .mitigated {
            var ideal = Recipe.local
            ideal.local?.estimator = .exact
            ideal.local?.passCount = 1
            curves.append(curve("ideal local rule", ideal, nil))
            curves.append(curve("surrogate gradient", .usps, nil))
        }
        return curves
    }
}
