import Files

/// Arrays of records that `numpy.save` writes: fields `x`, `y`, a time (`t`, `ts`, `time`, `timestamp`) in µs and a polarity (`p`, `pol`,
/// `polarity`), of any width and order; of polarities those above 0 are ON.
struct NPYEventReader: EventByteReader {
    let bytes: EventBytes
    private let recordSize: Int
    private let fields: [NPYHeader.Field]
    /// Events that are not read yet.
    private var rest: Int

    init(_ bytes: EventBytes) throws(EventError) {
        self.bytes = bytes
        guard let range = NPYHeader.textRange(try bytes.peek(NPYHeader.prefixSize)) else {
            throw bytes.damaged(.unexpected(found: "no header", expected: "that of a .npy file"))
        }
        guard range.count <= NPYHeader.textLimit else {
            throw bytes.damaged(.longHeader(limit: NPYHeader.textLimit))
        }
        let start = try bytes.take(range.upperBound, "the header")
        guard let header = NPYHeader(text: start.dropFirst(range.lowerBound)) else {
            throw bytes.damaged(
                .unexpected(found: "another header", expected: "an array of records of numbers"),
                at: range.lowerBound)
        }
        guard header.dimensions.count == 1, let count = header.count,
            let fields = EventFields.allFields(of: header)
        else {
            let shape = header.dimensions.map(String.init).joined(separator: " × ")
            throw bytes.damaged(
                .unexpected(
                    found: "\(shape) of (\(header.type))",
                    expected: "one dimension of records with x, y, t and p"),
                at: range.lowerBound)
        }
        (self.fields, recordSize, rest) = (fields, header.elementSize, count)
    }

    mutating func read(_ count: Int, into events: inout [Event]) throws(EventError) {
        let wanted = min(count, rest)
        let first = bytes.offset
        let records = try bytes.records(wanted, size: recordSize)
        let found = records.count / recordSize
        let columns = EventColumns(
            fields.map { EventColumns.Column(field: $0, size: recordSize, elements: records) })
        if let (place, fault) = columns.append(0..<found, sensor, to: &events) {
            throw bytes.damaged(fault, at: first + place * recordSize)
        }
        rest -= found
        guard found == wanted else {
            throw bytes.damaged(
                .endsWithin("the events", found: found * recordSize, expected: wanted * recordSize))
        }
    }
}
