import Compute

/// Of a population in a graph file: `decay`, `threshold`, `learn_decay`, `learn_threshold`, `reset` (`subtract` or `zero`),
/// `spike_surrogate` (`arctan`, `fast-sigmoid` or `sigmoid`) and its `surrogate_width`, `regularized` (`potential` or `clipped`); what is left out is as in ``init``.
extension LIF: Codable {
    private enum CodingKeys: CodingKey {
        case decay, threshold, learnDecay, learnThreshold, reset, spikeSurrogate, surrogateWidth, regularized
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let usual = try LIF()
        self = try decoder.model {
            try LIF(
                decay: container.decodeIfPresent(Float.self, forKey: .decay) ?? usual.decay,
                threshold: container.decodeIfPresent(Float.self, forKey: .threshold) ?? usual.threshold,
                learnsDecay: container.decodeIfPresent(Bool.self, forKey: .learnDecay) ?? false,
                learnsThreshold: container.decodeIfPresent(Bool.self, forKey: .learnThreshold) ?? false,
                reset: container.decodeIfPresent(PotentialReset.self, forKey: .reset) ?? .subtract,
                surrogate: .named(
                    container.decodeIfPresent(String.self, forKey: .spikeSurrogate)
                        ?? SpikeSurrogate.names[0],
                    width: container.decodeIfPresent(Double.self, forKey: .surrogateWidth)),
                regularized: container.decodeIfPresent(RegularizedActivity.self, forKey: .regularized)
                    ?? .potential)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(decay, forKey: .decay)
        try container.encode(threshold, forKey: .threshold)
        try container.encode(learnsDecay, forKey: .learnDecay)
        try container.encode(learnsThreshold, forKey: .learnThreshold)
        try container.encode(settings.reset, forKey: .reset)
        try container.encode(settings.surrogate.name, forKey: .spikeSurrogate)
        try container.encode(settings.surrogate.width, forKey: .surrogateWidth)
        if settings.regularized != .potential {
            try container.encode(settings.regularized, forKey: .regularized)
        }
    }
}
