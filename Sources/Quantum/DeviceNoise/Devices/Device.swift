import QuantumCircuits

/// A device: the figures of its noise, and where they come from. In files, `schema: sqsnn.device/1`.
public struct Device: Hashable, Sendable {
    public static let schema = "sqsnn.device/1"

    public let name: String
    /// What the device is, in a line.
    public let summary: String
    /// Who published the figures, and how they were made from what was published.
    public let source: String
    /// When they were measured, as in 2025-02-26.
    public let date: String
    public let noise: NoiseParameters

    public init(name: String, summary: String, source: String, date: String, noise: NoiseParameters) {
        self.name = name
        self.summary = summary
        self.source = source
        self.date = date
        self.noise = noise
    }
}

extension Device: Codable {
    public init(from decoder: any Decoder) throws {
        let reader = try decoder.container(keyedBy: FieldName.self)
        let schema: String? = try reader.read("schema")
        guard let schema, schema == Self.schema else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath + [FieldName("schema")],
                    debugDescription:
                        "found \(schema.map { "'\($0)'" } ?? "nothing"), expected '\(Self.schema)'"))
        }
        let noise: NoiseParameters? = try reader.read("noise")
        guard let noise else {
            throw DecodingError.keyNotFound(
                FieldName("noise"), .init(codingPath: decoder.codingPath, debugDescription: ""))
        }
        self.init(
            name: try reader.read("name") ?? "custom", summary: try reader.read("summary") ?? "",
            source: try reader.read("source") ?? "", date: try reader.read("date") ?? "", noise: noise)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: FieldName.self)
        try container.encode(Self.schema, forKey: FieldName("schema"))
        try container.encode(name, forKey: FieldName("name"))
        try container.encode(summary, forKey: FieldName("summary"))
        try container.encode(source, forKey: FieldName("source"))
        try container.encode(date, forKey: FieldName("date"))
        try container.encode(noise, forKey: FieldName("noise"))
    }
}
