import Files

/// The JSON header of a safetensors file, each field checked on its own.
struct SafetensorsHeader {
    struct Field {
        let name: String
        let elementType: Tensor.ElementType
        let shape: [Int]
        let offsets: Range<Int>
    }

    let metadata: [String: String]
    let fields: [Field]

    init(decoding json: [UInt8], source: String) throws(SafetensorsError) {
        guard json.first == UInt8(ascii: "{") else {
            throw .malformedHeader(file: source, reason: "found no '{' at byte 8")
        }
        guard String(validating: json, as: UTF8.self) != nil, !json.contains(0) else {
            throw .malformedHeader(file: source, reason: "found bytes that are no UTF-8 text")
        }
        let content: Content
        do throws(JSONDocument.Problem) {
            content = try JSONDocument.decode(Content.self, from: json)
        } catch {
            throw .malformedHeader(file: source, reason: error.text)
        }
        metadata = content.metadata
        var fields: [Field] = []
        for (name, raw) in content.fields { fields.append(try Field(raw, name: name, source: source)) }
        self.fields = fields
    }

    /// The header as JSON has it.
    private struct Content: Decodable {
        var metadata: [String: String] = [:]
        var fields: [(name: String, RawField)] = []

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Name.self)
            for key in container.allKeys.sorted(by: { $0.stringValue < $1.stringValue }) {
                if key.stringValue == "__metadata__" {
                    metadata = try container.decode([String: String].self, forKey: key)
                } else {
                    fields.append((key.stringValue, try container.decode(RawField.self, forKey: key)))
                }
            }
        }
    }

    fileprivate struct RawField: Decodable {
        let dtype: String
        let shape: [Int]
        let dataOffsets: [Int]
    }

    private struct Name: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

extension SafetensorsHeader.Field {
    fileprivate init(_ raw: SafetensorsHeader.RawField, name: String, source: String) throws(SafetensorsError)
    {
        guard let type = Tensor.ElementType(rawValue: raw.dtype) else {
            let known = Tensor.ElementType.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalidField(
                file: source, field: "\(name).dtype", found: "'\(raw.dtype)'", expected: "one of \(known)")
        }
        let offsets = raw.dataOffsets
        guard offsets.count == 2, 0 <= offsets[0], offsets[0] <= offsets[1] else {
            throw .invalidField(
                file: source, field: "\(name).data_offsets", found: "\(offsets)",
                expected: "[start, end] with 0 ≤ start ≤ end")
        }
        guard let byteCount = Self.byteCount(raw.shape, type) else {
            throw .invalidField(
                file: source, field: "\(name).shape", found: "\(raw.shape)",
                expected: "lengths of at least 0 that fit in memory")
        }
        guard byteCount == offsets[1] - offsets[0] else {
            throw .invalidField(
                file: source, field: "\(name).data_offsets", found: "\(offsets[1] - offsets[0]) bytes",
                expected: "\(byteCount) for \(raw.dtype) of shape \(raw.shape)")
        }
        self.init(name: name, elementType: type, shape: raw.shape, offsets: offsets[0]..<offsets[1])
    }

    /// `nil` when a length is negative or the product too large for an `Int`.
    private static func byteCount(_ shape: [Int], _ type: Tensor.ElementType) -> Int? {
        var product = type.size
        for length in shape {
            let (next, overflow) = product.multipliedReportingOverflow(by: length)
            if length < 0 || overflow { return nil }
            product = next
        }
        return product
    }
}
