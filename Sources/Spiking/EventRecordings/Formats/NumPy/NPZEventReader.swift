import Files

/// Archives of arrays that `numpy.savez` writes, compressed or not: the arrays `x`, `y`, `t` and `p` of one number an event, or one array
/// of records as ``NPYEventReader`` reads. The whole of it is in memory.
struct NPZEventReader: EventByteReader {
    let bytes: EventBytes
    private let columns: EventColumns
    private let count: Int
    private var place = 0

    /// Bytes of a file at most.
    private static let sizeLimit = 1 << 32

    init(_ bytes: EventBytes) throws(EventError) {
        self.bytes = bytes
        let whole = Array(try bytes.peek(Self.sizeLimit + 1))
        guard whole.count <= Self.sizeLimit else {
            throw bytes.damaged(.impossibleSize("an archive", found: whole.count, largest: Self.sizeLimit))
        }
        let arrays: [String: (header: NPYHeader, elements: ArraySlice<UInt8>)]
        do throws(NPZFile.Fault) {
            arrays = try NPZFile.arrays(of: whole)
        } catch {
            throw bytes.damaged(
                .unexpected(found: error.problem, expected: "an archive as numpy.savez writes"),
                at: error.offset)
        }
        guard let (columns, count) = Self.columns(of: arrays) else {
            let found = arrays.keys.sorted().map { name in "\(name) of (\(arrays[name]?.header.type ?? ""))" }
            throw bytes.damaged(
                .unexpected(
                    found: found.joined(separator: ", "),
                    expected: "arrays x, y, t and p of one length, or one of such records"), at: 0)
        }
        (self.columns, self.count) = (columns, count)
    }

    private static func columns(
        of arrays: [String: (header: NPYHeader, elements: ArraySlice<UInt8>)]
    ) -> (columns: EventColumns, count: Int)? {
        if arrays.count == 1, let array = arrays.values.first, array.header.dimensions.count == 1,
            let fields = EventFields.allFields(of: array.header)
        {
            let columns = fields.map {
                EventColumns.Column(field: $0, size: array.header.elementSize, elements: array.elements)
            }
            return (EventColumns(columns), array.header.dimensions[0])
        }
        let own = EventFields.names.map { names in
            names.lazy.compactMap { arrays[$0] }.first.flatMap { array in
                array.header.dimensions.count == 1 && array.header.fields.count == 1 ? array : nil
            }
        }
        guard let count = own[0]?.header.dimensions[0], own.allSatisfy({ $0?.header.dimensions == [count] })
        else {
            return nil
        }
        let columns = own.compactMap { array in
            array.map {
                EventColumns.Column(
                    field: $0.header.fields[0], size: $0.header.elementSize, elements: $0.elements)
            }
        }
        return (EventColumns(columns), count)
    }

    mutating func read(_ count: Int, into events: inout [Event]) throws(EventError) {
        let end = place + min(count, self.count - place)
        if let (_, fault) = columns.append(place..<end, sensor, to: &events) {
            throw bytes.damaged(fault, at: 0)
        }
        place = end
    }
}
