import Files
import HDF5Files

/// HDF5 files with records of the fields `x`, `y`, a time in µs and a polarity, or with such arrays, of whole numbers of any width:
///
///     events, CD/events           records (Prophesee's files have the second one)
///     events/x, events/y, …       arrays, as DSEC has them; its `t_offset` is added to all times
///     x, y, …                     arrays at the top
///
/// Names of times and polarities are those of ``EventFields``. Attributes `width` and `height` of `events`, if there are some, are the sensor.
struct HDF5EventReader: EventReader {
    let sensor: EventSensor?
    private let file: HDF5File
    /// Where the numbers of an event are, in the order of ``EventFields``.
    private let columns: [Column]
    private let count: Int
    /// That is added to all times.
    private let timeOffset: Int64
    private var place = 0

    private struct Column {
        let array: HDF5Array
        let field: Int
    }

    /// Events that are read at once.
    private static let pieceSize = 1 << 16

    /// - Parameters:
    ///   - bytes: the file, for the sensor that is asked for; all of it, where it is standard input.
    ///   - path: of the same file.
    /// - Throws: ``EventError``.
    init(_ bytes: EventBytes, path: String) throws(EventError) {
        let contents = path == InputFile.standardInput ? Array(try bytes.peek(Self.inputLimit + 1)) : nil
        if let contents, contents.count > Self.inputLimit {
            throw bytes.damaged(
                .impossibleSize("standard input", found: contents.count, largest: Self.inputLimit))
        }
        let opened = try Self.reading { () throws(HDF5Error) in
            if let contents { return try HDF5File(contents: contents, path: bytes.path) }
            return try HDF5File(path: path)
        }
        let entries = try Self.reading { () throws(HDF5Error) in try opened.entries() }
        var arrays: [String: HDF5Array] = [:]
        for case .array(let array) in entries { arrays[array.name] = array }
        guard let columns = Self.columns(of: arrays) else {
            let found = entries.prefix(20).map { entry in
                if case .array(let array) = entry { array.description } else { entry.name }
            }
            throw .unknownLayout(path: bytes.path, found: found)
        }
        let (offset, sensor) = try Self.reading { () throws(HDF5Error) in
            let offset = try arrays["t_offset"].flatMap { array throws(HDF5Error) in
                array.dimensions.isEmpty && array.fields[0].element.isWhole
                    ? try opened.integers(array).first : nil
            }
            return (offset ?? 0, try Self.sensor(of: opened, entries))
        }
        (file, self.columns, count, timeOffset) = (opened, columns, columns[0].array.rowCount, offset)
        self.sensor = bytes.sensor ?? sensor
    }

    /// Bytes of standard input at most, which is held as a whole.
    private static let inputLimit = 1 << 30

    private static func reading<Value>(_ read: () throws(HDF5Error) -> Value) throws(EventError) -> Value {
        do throws(HDF5Error) { return try read() } catch { throw .hdf5(error) }
    }

    private static func columns(of arrays: [String: HDF5Array]) -> [Column]? {
        func isList(_ column: Column) -> Bool {
            column.array.dimensions.count == 1 && !column.array.varies
                && column.array.fields[column.field].element.isWhole
        }
        func whole(_ columns: [Column]) -> [Column]? {
            columns.count == EventFields.names.count && columns.allSatisfy(isList)
                && Set(columns.map(\.array.rowCount)).count == 1 ? columns : nil
        }
        for name in ["events", "CD/events"] {
            guard let array = arrays[name], array.isRecord else { continue }
            let columns = EventFields.names.compactMap { names in
                array.fields.firstIndex { names.contains($0.name) }.map { Column(array: array, field: $0) }
            }
            if let columns = whole(columns) { return columns }
        }
        for prefix in ["events/", "CD/events/", ""] {
            let columns = EventFields.names.compactMap { names in
                names.lazy.compactMap { arrays[prefix + $0] }.first { !$0.isRecord }.map {
                    Column(array: $0, field: 0)
                }
            }
            if let columns = whole(columns) { return columns }
        }
        return nil
    }

    private static func sensor(
        of file: HDF5File, _ entries: [HDF5Entry]
    ) throws(HDF5Error) -> EventSensor? {
        for name in ["events", ""] where name.isEmpty || entries.contains(where: { $0.name == name }) {
            let sensor = EventSensor(
                ofHeader: try file.attribute("width", of: name)?.first.map { Int($0) },
                try file.attribute("height", of: name)?.first.map { Int($0) })
            if let sensor { return sensor }
        }
        return nil
    }

    mutating func read(_ count: Int, into events: inout [Event]) throws(EventError) {
        let end = place + min(count, self.count - place)
        while place < end {
            let rows = place..<min(end, place + Self.pieceSize)
            var numbers: [[Int64]] = []
            for column in columns {
                numbers.append(
                    try Self.reading { () throws(HDF5Error) in
                        try file.integers(column.array, field: column.field, rows: rows)
                    })
            }
            for index in 0..<rows.count {
                do throws(EventFault) {
                    let time = numbers[2][index].addingReportingOverflow(timeOffset)
                    let event = try EventFields.event(
                        numbers[0][index], numbers[1][index], time.overflow ? nil : time.partialValue,
                        numbers[3][index])
                    if let sensor, !sensor.contains(event) { throw .offSensor(event, sensor) }
                    events.append(event)
                } catch {
                    throw .damagedEvent(path: file.path, number: rows.lowerBound + index, error)
                }
            }
            place = rows.upperBound
        }
    }
}
