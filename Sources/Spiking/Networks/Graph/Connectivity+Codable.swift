extension Connectivity: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case random, convolution, explicit
    }

    private struct RandomFields: Codable {
        var probability: Double
        var seed: UInt64
    }

    private static let fullName = "full"
    private static let oneToOneName = "one-to-one"
    private static let expectation =
        "expected \"full\", \"one-to-one\", or an object with one of random, convolution, explicit"

    public init(from decoder: any Decoder) throws {
        if let single = try? decoder.singleValueContainer(), let name = try? single.decode(String.self) {
            switch name {
            case Self.fullName: self = .full
            case Self.oneToOneName: self = .oneToOne
            default:
                throw DecodingError.dataCorruptedError(
                    in: single, debugDescription: "found '\(name)', \(Self.expectation)")
            }
            return
        }
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard container.allKeys.count == 1, let key = container.allKeys.first else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: decoder.codingPath,
                    debugDescription: "found \(container.allKeys.count) kinds of connectivity, "
                        + Self.expectation))
        }
        switch key {
        case .random:
            let fields = try container.decode(RandomFields.self, forKey: .random)
            self = .random(probability: fields.probability, seed: fields.seed)
        case .convolution: self = .convolution(try container.decode(Convolution.self, forKey: .convolution))
        case .explicit: self = .explicit(try container.decode([Synapse].self, forKey: .explicit))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .full:
            var container = encoder.singleValueContainer()
            try container.encode(Self.fullName)
        case .oneToOne:
            var container = encoder.singleValueContainer()
            try container.encode(Self.oneToOneName)
        case .random(let probability, let seed):
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(RandomFields(probability: probability, seed: seed), forKey: .random)
        case .convolution(let convolution):
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(convolution, forKey: .convolution)
        case .explicit(let synapses):
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(synapses, forKey: .explicit)
        }
    }
}

/// `[from, to]` or `[from, to, weight]`.
extension Connectivity.Synapse: Codable {
    public init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        guard let count = container.count, (2...3).contains(count) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "found \(container.count ?? 0) numbers, expected [from, to] or "
                    + "[from, to, weight]")
        }
        self.init(
            try container.decode(Int.self), try container.decode(Int.self),
            weight: count == 3 ? try container.decode(Double.self) : nil)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(source)
        try container.encode(target)
        if let weight { try container.encode(weight) }
    }
}

extension Connectivity.Convolution: Codable {
    private enum CodingKeys: String, CodingKey {
        case height, width, stride, padding, features
        case inputFeatures
        case kernelSize = "kernel"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            height: try container.decode(Int.self, forKey: .height),
            width: try container.decode(Int.self, forKey: .width),
            inputFeatures: try container.decodeIfPresent(Int.self, forKey: .inputFeatures) ?? 1,
            kernelSize: try container.decode(Int.self, forKey: .kernelSize),
            stride: try container.decodeIfPresent(Int.self, forKey: .stride) ?? 1,
            padding: try container.decodeIfPresent(Int.self, forKey: .padding) ?? 0,
            features: try container.decode(Int.self, forKey: .features))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(height, forKey: .height)
        try container.encode(width, forKey: .width)
        try container.encode(inputFeatures, forKey: .inputFeatures)
        try container.encode(kernelSize, forKey: .kernelSize)
        try container.encode(stride, forKey: .stride)
        try container.encode(padding, forKey: .padding)
        try container.encode(features, forKey: .features)
    }
}
