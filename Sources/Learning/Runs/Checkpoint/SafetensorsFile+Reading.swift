import Files

extension SafetensorsFile {
    /// Reads and checks a file. Every byte must belong to exactly one tensor.
    ///
    /// - Parameter limit: most bytes that are read; a larger file is refused.
    /// - Throws: `FileError` when the file cannot be read, ``SafetensorsError`` when it breaks the format.
    public init(readingFrom path: String, limit: Int = 1 << 34) throws {
        try self.init(decoding: try InputFile.read(path, limit: limit), source: path)
    }

    /// Reads and checks the bytes of a file.
    ///
    /// - Parameter source: name of the file, for messages.
    public init(decoding bytes: [UInt8], source: String) throws(SafetensorsError) {
        let headerBytes = try Self.header(of: bytes, source: source)
        let header = try SafetensorsHeader(decoding: headerBytes, source: source)
        let data = bytes[(8 + headerBytes.count)...]
        try Self.checkCoverage(header.fields, dataCount: data.count, source: source)
        var tensors: [String: Tensor] = [:]
        for field in header.fields {
            let start = data.startIndex + field.offsets.lowerBound
            tensors[field.name] = Tensor(
                elementType: field.elementType, shape: field.shape,
                bytes: Array(data[start..<start + field.offsets.count]))
        }
        self.init(tensors, metadata: header.metadata, source: source)
    }

    /// The JSON between the length and the numbers.
    private static func header(of bytes: [UInt8], source: String) throws(SafetensorsError) -> [UInt8] {
        guard bytes.count >= 8 else {
            throw .truncated(
                file: source, found: bytes.count, expected: "at least 8 (the length of the header)")
        }
        let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(bytes.count - 8) else {
            throw .truncated(
                file: source, found: bytes.count, expected: "a header of \(length) bytes after the first 8")
        }
        return Array(bytes[8..<8 + Int(length)])
    }

    private static func checkCoverage(_ fields: [SafetensorsHeader.Field], dataCount: Int, source: String)
        throws(SafetensorsError)
    {
        var end = 0
        let placed = fields.sorted {
            ($0.offsets.lowerBound, $0.offsets.upperBound) < ($1.offsets.lowerBound, $1.offsets.upperBound)
        }
        for field in placed {
            guard field.offsets.lowerBound == end else {
                throw .invalidField(
                    file: source, field: "\(field.name).data_offsets",
                    found: "a start at \(field.offsets.lowerBound)",
                    expected: "\(end), where the tensor before it ends (no overlap, no gap)")
            }
            end = field.offsets.upperBound
            guard end <= dataCount else {
                throw .truncated(
                    file: source, found: dataCount,
                    expected: "\(end) of numbers, to the end of tensor '\(field.name)'")
            }
        }
        guard end == dataCount else {
            throw .invalidField(
                file: source, field: "data", found: "\(dataCount) bytes",
                expected: "\(end), the end of the last tensor")
        }
    }
}
