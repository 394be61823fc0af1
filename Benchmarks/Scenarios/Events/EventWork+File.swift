import EventRecordings
import Files

#if AEDAT4
    import CLZ4
    import CZstd
#endif

extension EventWork {
    /// The bytes of a file of its format.
    func file(_ recording: EventRecording) -> [UInt8] {
        let events = recording.events
        var bytes: [UInt8] = []
        switch self {
        case .aedat2:
            bytes += "#!AER-DAT2.0\r\n".utf8
            for event in events {
                let address = UInt32(event.y) << 8 | UInt32(event.x) << 1 | (event.isOn ? 1 : 0)
                bytes.append(littleEndian: address.byteSwapped)
                bytes.append(littleEndian: UInt32(truncatingIfNeeded: event.time).byteSwapped)
            }
        case .atis:
            for event in events {
                bytes += [UInt8(event.x), UInt8(event.y)]
                let word = UInt32(truncatingIfNeeded: event.time) | (event.isOn ? 1 << 23 : 0)
                for shift in [16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(shift))) }
            }
        case .prophesee:
            bytes += "% Version 2\n% Width 128\n% Height 128\n".utf8
            bytes += [0, 8]
            for event in events {
                bytes.append(littleEndian: UInt32(truncatingIfNeeded: event.time))
                bytes.append(
                    littleEndian: UInt32(event.x) | UInt32(event.y) << 14 | (event.isOn ? 1 << 28 : 0))
            }
        case .npy:
            let type = "[('x', '<u2'), ('y', '<u2'), ('t', '<i8'), ('p', '|u1')]"
            bytes += NPYHeader.bytes(type: type, [events.count])
            for event in events {
                bytes.append(littleEndian: event.x)
                bytes.append(littleEndian: event.y)
                bytes.append(littleEndian: UInt64(bitPattern: event.time))
                bytes.append(event.isOn ? 1 : 0)
            }
        case .npz:
            // Floating point, which is what this project writes to archives; events are whole numbers below 2²⁴.
            bytes = NPZFile.bytes(of: [
                column("x", events) { Float($0.x) }, column("y", events) { Float($0.y) },
                column("t", events) { Float($0.time) }, column("p", events) { $0.isOn ? 1 : 0 },
            ])
        case .aedat4: bytes = AEDAT4Bytes.file(recording, compression: 0) { $0 }
        #if AEDAT4
            case .aedat4LZ4: bytes = AEDAT4Bytes.file(recording, compression: 1, AEDAT4Bytes.lz4)
            case .aedat4Zstd: bytes = AEDAT4Bytes.file(recording, compression: 3, AEDAT4Bytes.zstd)
        #else
            case .aedat4LZ4, .aedat4Zstd: break
        #endif
        case .transforms, .binning: break
        }
        return bytes
    }

    private func column(_ name: String, _ events: [Event], _ number: (Event) -> Float) -> NamedArray {
        NamedArray([name], dimensions: [events.count], .floats(events.map(number)))
    }
}

/// AEDAT 4 as DV writes it, as far as readers look at it.
private enum AEDAT4Bytes {
    private static let packetSize = 10_000

    static func file(
        _ recording: EventRecording, compression: UInt32, _ compressed: ([UInt8]) -> [UInt8]
    ) -> [UInt8] {
        let description = Array(
            """
            <dv version="2.0"><node name="outInfo"><node name="0"><attr key="typeIdentifier">EVTS</attr>\
            <node name="info"><attr key="sizeX">\(recording.sensor.width)</attr><attr key="sizeY">\
            \(recording.sensor.height)</attr></node></node></node></dv>
            """.utf8)
        var bytes = Array("#!AER-DAT4.0\r\n".utf8)
        // Fields: compression, place of the table of packets (none), description.
        bytes += table(
            "IOHE", fields: [8, 12, 4],
            littleEndian(UInt32(20)) + littleEndian(compression) + littleEndian(UInt64.max)
                + [UInt8](repeating: 0, count: 4), description, count: description.count)
        for start in stride(from: 0, to: recording.events.count, by: packetSize) {
            let events = recording.events[start..<min(start + packetSize, recording.events.count)]
            var elements: [UInt8] = []
            elements.reserveCapacity(16 * events.count)
            for event in events {
                elements.append(littleEndian: UInt64(bitPattern: event.time))
                elements.append(littleEndian: event.x)
                elements.append(littleEndian: event.y)
                elements += [event.isOn ? 1 : 0, 0, 0, 0]
            }
            let packet = compressed(
                table("EVTS", fields: [4], littleEndian(UInt32(4)), elements, count: events.count))
            bytes += littleEndian(UInt32(0)) + littleEndian(UInt32(packet.count))
            bytes += packet
        }
        return bytes
    }

    /// A table of FlatBuffers after its size.
    ///
    /// - Parameters:
    ///   - fields: where each lies in the table.
    ///   - body: of the table, after the distance to its list of fields.
    ///   - elements: of the vector that follows the table.
    private static func table(
        _ identifier: String, fields: [UInt16], _ body: [UInt8], _ elements: [UInt8], count: Int
    ) -> [UInt8] {
        let listSize = 4 + 2 * fields.count
        let list =
            littleEndian(UInt16(listSize)) + littleEndian(UInt16(4 + body.count))
            + fields.flatMap { littleEndian($0) }
        // Tables lie at multiples of four bytes.
        let padding = [UInt8](repeating: 0, count: (4 - listSize % 4) % 4)
        var contents = littleEndian(UInt32(8 + padding.count + listSize)) + Array(identifier.utf8)
        contents += padding + list
        contents += littleEndian(UInt32(listSize)) + body + littleEndian(UInt32(count))
        contents += elements
        return littleEndian(UInt32(contents.count)) + contents
    }

    #if AEDAT4
        static func lz4(_ bytes: [UInt8]) -> [UInt8] {
            compressed(bytes, bound: LZ4F_compressFrameBound(bytes.count, nil)) { target, source in
                LZ4F_compressFrame(target.baseAddress, target.count, source.baseAddress, source.count, nil)
            }
        }

        static func zstd(_ bytes: [UInt8]) -> [UInt8] {
            compressed(bytes, bound: ZSTD_compressBound(bytes.count)) { target, source in
                ZSTD_compress(target.baseAddress, target.count, source.baseAddress, source.count, 3)
            }
        }

        private static func compressed(
            _ bytes: [UInt8], bound: Int,
            _ compress: (UnsafeMutableRawBufferPointer, UnsafeRawBufferPointer) -> Int
        ) -> [UInt8] {
            var result = [UInt8](repeating: 0, count: bound)
            let size = result.withUnsafeMutableBytes { target in
                bytes.withUnsafeBytes { source in compress(target, source) }
            }
            precondition(size <= bound, "a packet of \(bytes.count) bytes cannot be compressed")
            return Array(result[..<size])
        }
    #endif
}
