extension Decoder {
    /// A model from its fields; what it refuses by ``NeuronError/input(place:problem:)`` is said of the field that `place` names.
    public func model<Model: NeuronModel>(_ make: () throws -> Model) throws -> Model {
        do {
            return try make()
        } catch NeuronError.input(let place, let problem) {
            throw DecodingError.dataCorrupted(
                .init(codingPath: codingPath + [Field(stringValue: place)], debugDescription: problem))
        }
    }
}

private struct Field: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
