import QuantumCircuits

extension NoiseModel: Codable {
    /// Reads the figures and checks them; the first that cannot be is named by its place.
    public init(from decoder: any Decoder) throws {
        let parameters = try NoiseParameters(from: decoder)
        if let problem = parameters.problems.first {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath + [FieldName(problem.place)],
                    debugDescription: problem.problem))
        }
        self.init(checked: parameters)
    }

    public func encode(to encoder: any Encoder) throws { try parameters.encode(to: encoder) }
}
