import Files

/// The bytes of a file from front to back, with the place that has been reached.
final class EventBytes {
    private let reader: GzipReader
    private var buffer: [UInt8] = []
    private var position = 0
    /// Bytes taken so far.
    private(set) var offset = 0
    /// That the events must lie on, where somebody says so.
    var sensor: EventSensor?

    /// - Parameter isHashed: whether ``fileDigest()`` will be asked for.
    /// - Throws: ``EventError/unreadable(_:)``.
    init(path: String, isHashed: Bool = false) throws(EventError) {
        do throws(FileError) {
            reader = try GzipReader(path: path, sizeLimit: EventFile.sizeLimit, isHashed: isHashed)
        } catch {
            throw .unreadable(error)
        }
    }

    /// SHA-256 of the file as it lies on disk, read to its end for it.
    ///
    /// - Throws: ``EventError/unreadable(_:)``.
    func fileDigest() throws(EventError) -> String {
        do throws(FileError) {
            return try reader.fileDigest()
        } catch {
            throw .unreadable(error)
        }
    }

    var path: String { reader.path }

    func damaged(_ fault: EventFault, at offset: Int? = nil) -> EventError {
        .damaged(path: path, offset: offset ?? self.offset, fault)
    }

    /// The next bytes, without taking them; fewer only at the end of the file.
    func peek(_ count: Int) throws(EventError) -> ArraySlice<UInt8> {
        if buffer.count - position < count {
            buffer.removeFirst(position)
            position = 0
            do throws(FileError) {
                try reader.read(count - buffer.count, into: &buffer)
            } catch {
                throw .unreadable(error)
            }
        }
        return buffer[position..<min(position + count, buffer.count)]
    }

    /// Takes bytes that were looked at.
    func skip(_ count: Int) {
        position += count
        offset += count
    }

    /// Takes the next bytes, all or an error.
    ///
    /// - Parameter part: what they are, for the message.
    func take(_ count: Int, _ part: String) throws(EventError) -> ArraySlice<UInt8> {
        let bytes = try peek(count)
        guard bytes.count == count else {
            throw damaged(.endsWithin(part, found: bytes.count, expected: count))
        }
        skip(count)
        return bytes
    }

    /// Takes records of one size, at most `count`, fewer only at the end of the file, which must not be within one.
    private func takeRecords(_ count: Int, size: Int) throws(EventError) -> ArraySlice<UInt8> {
        let bytes = try peek(count.multipliedReportingOverflow(by: size).overflow ? Int.max : count * size)
        let rest = bytes.count % size
        guard rest == 0 else {
            throw damaged(
                .endsWithin("an event", found: rest, expected: size), at: offset + bytes.count - rest)
        }
        skip(bytes.count)
        return bytes
    }

    /// Appends the events of records of one size, at most `count`, fewer only at the end of the file.
    ///
    /// - Parameter decode: the event of the record that begins at a place; nil where the record is none.
    func readEvents(
        _ count: Int, recordSize size: Int, into events: inout [Event],
        _ decode: (RecordBytes, Int) throws(EventFault) -> Event?
    ) throws(EventError) {
        let end = events.count + count
        while events.count < end {
            let wanted = end - events.count
            let first = offset
            let records = try takeRecords(wanted, size: size)
            if let (index, fault) = events.append(records, recordSize: size, sensor, decode) {
                throw damaged(fault, at: first + index * size)
            }
            if records.count / size < wanted { return }
        }
    }

    /// Takes records of one size, exactly `count` unless the file ends before; their bytes.
    func records(_ count: Int, size: Int) throws(EventError) -> ArraySlice<UInt8> {
        try takeRecords(count, size: size)
    }

    /// Takes the lines of a header, each of which begins with a mark; without their ends.
    func takeLines(beginningWith mark: Character, limit: Int = 1 << 16) throws(EventError) -> [String] {
        let ascii = mark.asciiValue ?? 0
        var lines: [String] = []
        let end = offset + limit
        while try peek(1).first == ascii {
            var line: [UInt8] = []
            while true {
                guard offset < end else { throw damaged(.longHeader(limit: limit)) }
                guard let byte = try peek(1).first else {
                    throw damaged(
                        .endsWithin("a line of the header", found: line.count, expected: line.count + 1))
                }
                skip(1)
                if byte == UInt8(ascii: "\n") { break }
                line.append(byte)
            }
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            lines.append(String(decoding: line, as: UTF8.self))
        }
        return lines
    }
}
