/// A neuron model of whichever kind, as a value that can be compared, written and read.
///
/// Written as the model's own fields and `model`, its kind; without `model`, the kind is `sqs`.
public struct AnyNeuronModel: Sendable {
    public let model: any NeuronModel

    public init(_ model: any NeuronModel) { self.model = model }
}

extension AnyNeuronModel: Hashable {
    public static func == (left: Self, right: Self) -> Bool { left.model.isSame(as: right.model) }

    public func hash(into hasher: inout Hasher) { hasher.combine(AnyHashable(model)) }
}

extension AnyNeuronModel: Codable {
    private enum CodingKeys: CodingKey { case model }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let kind = try container.decodeIfPresent(String.self, forKey: .model) ?? SQS.kind
        do {
            model = try NeuronModels.type(of: kind).init(from: decoder)
        } catch let error as NeuronModels.UnknownKind {
            throw DecodingError.dataCorruptedError(
                forKey: .model, in: container, debugDescription: error.description)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(model.kind, forKey: .model)
        try model.encode(to: encoder)
    }
}
