import Compute

/// Of a population in a graph file: `threshold`, `beta`, `t1`, `variant` (`paper` or `refractory`), `alpha_shots`, `surrogate_width` and
/// `spike_gradient`;
/// what is left out is as in ``init``.
extension QLIF: Codable {
    private enum CodingKeys: CodingKey {
        case threshold, beta, t1, variant, alphaShots, surrogateWidth, spikeGradient
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let usual = try QLIF()
        func number(_ key: CodingKeys, _ otherwise: Double) throws -> Double {
            try container.decodeIfPresent(Double.self, forKey: key) ?? otherwise
        }
        self = try decoder.model {
            try QLIF(
                threshold: number(.threshold, usual.settings.threshold), beta: number(.beta, usual.beta),
                relaxationTime: number(.t1, usual.relaxationTime),
                aftermath: container.decodeIfPresent(SpikeAftermath.self, forKey: .variant) ?? .paper,
                shots: container.decodeIfPresent(Int.self, forKey: .alphaShots) ?? 0,
                surrogateWidth: number(.surrogateWidth, usual.settings.surrogateWidth),
                spikeGradient: container.decodeIfPresent(SpikeGradient.self, forKey: .spikeGradient)
                    ?? .arctan)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(settings.threshold, forKey: .threshold)
        try container.encode(beta, forKey: .beta)
        try container.encode(relaxationTime, forKey: .t1)
        try container.encode(settings.aftermath, forKey: .variant)
        try container.encode(settings.shots, forKey: .alphaShots)
        try container.encode(settings.surrogateWidth, forKey: .surrogateWidth)
        try container.encode(settings.spikeGradient, forKey: .spikeGradient)
    }
}
