/// The JSON of matrices: rows of pairs of real and imaginary part, `[[[1, 0], [0, 0]], [[0, 0], [0, 1]]]`.
extension ComplexMatrix: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let rows = try container.decode([[[Double]]].self)
        let columnCount = rows.first?.count ?? 0
        func refuse(_ problem: String) -> DecodingError {
            DecodingError.dataCorruptedError(in: container, debugDescription: problem)
        }
        guard columnCount > 0 else { throw refuse("found an empty matrix, expected rows of [re, im] pairs") }
        for (index, row) in rows.enumerated() {
            guard row.count == columnCount else {
                throw refuse("row \(index) has \(row.count) elements, expected \(columnCount) as in row 0")
            }
            if let column = row.firstIndex(where: { $0.count != 2 }) {
                throw refuse(
                    "element [\(index)][\(column)] has \(row[column].count) numbers, "
                        + "expected 2: real and imaginary part")
            }
        }
        self.init(rows.map { $0.map { Complex($0[0], $0[1]) } })
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(
            (0..<rowCount).map { row in
                (0..<columnCount).map { [self[row, $0].real, self[row, $0].imaginary] }
            })
    }
}
