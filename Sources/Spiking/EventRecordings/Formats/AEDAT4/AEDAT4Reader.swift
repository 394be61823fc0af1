/// AEDAT 4 of DV: a line, a header and packets, each a table of FlatBuffers; of the streams the first that holds events.
///
///     #!AER-DAT4.0\r\n
///     IOHE    compression, place of the table of packets, description of the streams
///     packet  4 bytes: number of the stream; 4 bytes: size; then the packet, compressed
///     EVTS    a vector of events: 8 bytes time in µs, 2 bytes x, 2 bytes y, 1 byte polarity, 3 bytes nothing
struct AEDAT4Reader: EventByteReader {
    private static let (eventSize, headerLimit) = (16, 1 << 22)

    let bytes: EventBytes
    private let inflation: PacketInflation
    private let stream: Int
    /// Where packets end; nil where that is the end of the file.
    private let end: Int?
    /// Of the packet that is being read, and where it begins in the file.
    private var packet: ArraySlice<UInt8> = []
    private var packetOffset = 0

    init(_ bytes: EventBytes) throws(EventError) {
        self.bytes = bytes
        let line = try bytes.take(14, "the first line")
        guard line.elementsEqual("#!AER-DAT4.0\r\n".utf8) else {
            throw bytes.damaged(
                .unexpected(
                    found: "'\(String(decoding: line.dropLast(2), as: UTF8.self))'",
                    expected: "'#!AER-DAT4.0'"), at: 0)
        }
        let place = bytes.offset
        let size = try Self.size(bytes)
        guard size <= Self.headerLimit else {
            throw bytes.damaged(.impossibleSize("the header", found: size, largest: Self.headerLimit))
        }
        let header = try bytes.take(4 + size, "the header")
        guard FlatTable.identifier(of: header) == "IOHE", let table = FlatTable(root: header),
            let text = table.vector(2, elementSize: 1)
        else {
            throw bytes.damaged(
                .unexpected(found: "no such table", expected: "an IOHE table with a description"),
                at: place)
        }
        let description = AEDAT4Description(text)
        guard let compression = PacketCompression(rawValue: table.number(0, size: 4) ?? 0) else {
            throw bytes.damaged(
                .unexpected(
                    found: "compression \(table.number(0, size: 4) ?? 0)", expected: "0 to 4"), at: place)
        }
        guard let stream = description.eventStreams.first else {
            throw bytes.damaged(.unexpected(found: "no stream of events", expected: "one"), at: place)
        }
        let position = table.number(1, size: 8) ?? -1
        (inflation, self.stream) = (PacketInflation(compression), stream)
        bytes.sensor = bytes.sensor ?? description.sensor
        end = position > 0 ? position : nil
    }

    /// What the header says of its own size, which comes before it.
    private static func size(_ bytes: EventBytes) throws(EventError) -> Int {
        let start = try bytes.peek(4)
        guard start.count == 4 else {
            throw bytes.damaged(.endsWithin("the header", found: start.count, expected: 4))
        }
        return Int(start.littleEndian32(start.startIndex))
    }

    mutating func read(_ count: Int, into events: inout [Event]) throws(EventError) {
        let goal = events.count + count
        while events.count < goal {
            if packet.isEmpty {
                guard try nextPacket() else { return }
                continue
            }
            let own = packet.prefix((goal - events.count) * Self.eventSize)
            packet = packet.dropFirst(own.count)
            let fault = events.append(own, recordSize: Self.eventSize, bytes.sensor) {
                (records, place) throws(EventFault) in
                Event(
                    x: records.littleEndian(place + 8, as: UInt16.self),
                    y: records.littleEndian(place + 10, as: UInt16.self), isOn: records[place + 12] != 0,
                    time: records.littleEndian(place, as: Int64.self))
            }?.fault
            if let fault { throw bytes.damaged(fault, at: packetOffset) }
        }
    }

    /// Takes packets up to one of the stream.
    ///
    /// - Returns: whether there is one.
    private mutating func nextPacket() throws(EventError) -> Bool {
        while true {
            if let end, bytes.offset >= end { return false }
            packetOffset = bytes.offset
            guard try !bytes.peek(1).isEmpty else {
                guard end == nil else {
                    throw bytes.damaged(.endsWithin("the packets", found: bytes.offset, expected: end ?? 0))
                }
                return false
            }
            let head = try bytes.take(8, "the head of a packet")
            let (number, size) = (
                head.littleEndian32(head.startIndex), head.littleEndian32(head.startIndex + 4)
            )
            guard size <= PacketCompression.sizeLimit else {
                throw bytes.damaged(
                    .impossibleSize(
                        "a packet", found: Int(size), largest: PacketCompression.sizeLimit),
                    at: packetOffset)
            }
            let contents = try bytes.take(Int(size), "a packet")
            guard Int(number) == stream else { continue }
            let inflated: ArraySlice<UInt8>?
            do throws(EventFault) {
                inflated = try inflation.inflated(contents)
            } catch {
                throw bytes.damaged(error, at: packetOffset)
            }
            guard let inflated, FlatTable.identifier(of: inflated) == "EVTS",
                let table = FlatTable(root: inflated)
            else {
                throw bytes.damaged(
                    .unexpected(found: "a packet that does not inflate to one", expected: "an EVTS table"),
                    at: packetOffset)
            }
            guard table.has(0) else { continue }
            guard let elements = table.vector(0, elementSize: Self.eventSize) else {
                throw bytes.damaged(
                    .unexpected(
                        found: "more events than its bytes hold", expected: "a vector within the packet"),
                    at: packetOffset)
            }
            if elements.isEmpty { continue }
            packet = elements
            return true
        }
    }
}
