#if HDF5
    import HDF5Files
    import TestSupport
    import Testing

    @testable import EventRecordings

    /// Files made by our own writer; those of h5py were compared by hand.
    struct HDF5EventTests {
        private static let expected = [
            Event(x: 3, y: 127, isOn: true, time: 10), Event(x: 127, y: 0, isOn: false, time: 20),
            Event(x: 300, y: 2, isOn: true, time: 1 << 40),
        ]

        private func file(_ outputs: [HDF5Output]) throws -> [UInt8] {
            try HDF5File.contents(of: outputs, path: "made.h5")
        }

        private func columns(_ prefix: String, time: String = "t", polarity: String = "p") -> [HDF5Output] {
            [
                .numbers("\(prefix)x", "u2", [3], [3, 127, 300] as [UInt16], .chunked([2])),
                .numbers("\(prefix)y", "i4", [3], [127, 0, 2] as [Int32]),
                .numbers("\(prefix)\(time)", "u8", [3], [10, 20, 1 << 40] as [UInt64]),
                .numbers("\(prefix)\(polarity)", "b1", [3], [1, 0, 1] as [UInt8]),
            ]
        }

        private func records() -> [UInt8] {
            Self.expected.flatMap { event in
                littleEndian(event.x) + littleEndian(event.y) + littleEndian(Int16(event.isOn ? 1 : -1))
                    + littleEndian(event.time)
            }
        }

        @Test("arrays in a group or at the top, records in one or the other place: the same events")
        func layouts() throws {
            let type = "x u2,y u2,p i2,t i8"
            for outputs in [
                columns("events/"), columns("", time: "timestamp", polarity: "polarity"),
                columns("CD/events/"),
                [.array("events", type, [3], records())],
                [.array("CD/events", type, [3], records(), .chunked([2]))],
            ] {
                let bytes = try file(outputs)
                for size in [1, 2, 100] {
                    #expect(try events(bytes, name: "a.unknown", pieceSize: size) == Self.expected)
                }
            }
        }

        @Test("DSEC's times begin later")
        func offset() throws {
            let bytes = try file(columns("events/") + [.numbers("t_offset", "i8", [], [1000] as [Int64])])
            #expect(try events(bytes, name: "a.h5").map(\.time) == [1010, 1020, 1 << 40 + 1000])
        }

        @Test("what is there is told where no events are found")
        func unknown() throws {
            func message(_ outputs: [HDF5Output]) throws -> String {
                let error = #expect(throws: EventError.self) { try events(file(outputs), name: "a.h5") }
                return error?.description ?? ""
            }
            let matrix = HDF5Output.numbers("events", "f4", [2, 4], [Float](repeating: 0, count: 8))
            #expect(
                try message([matrix]).contains(
                    "a.h5: found events (2 × 4 of 32-bit floating-point numbers), expected events: records with x, y"
                ))
            #expect(try message([]).contains("found nothing, expected"))
            #expect(
                try message(Array(columns("events/").dropLast())).contains("found events; events/t (3 of"))
            let short = HDF5Output.numbers("events/p", "u1", [2], [1, 0] as [UInt8])
            #expect(try message(columns("events/").dropLast() + [short]).contains("of one length"))
        }

        @Test("an event that makes no sense is told with its number")
        func damaged() throws {
            var outputs = columns("events/")
            outputs[0] = .numbers("events/x", "i4", [3], [3, -1, 300] as [Int32])
            let error = #expect(throws: EventError.self) { try events(file(outputs), name: "a.h5") }
            #expect(error?.description.contains("event 1: found an event at column -1, row 0") == true)
            let small: [HDF5Output] = [
                .attribute("width", of: "events", 300), .attribute("height", of: "events", 128),
            ]
            let outside = #expect(throws: EventError.self) {
                try events(file(columns("events/") + small), name: "a.h5")
            }
            #expect(outside?.description.contains("event 2: found an event at column 300") == true)
        }

        @Test("the sensor that is written is read")
        func sensor() throws {
            let folder = try TemporaryFolder()
            let path = folder.path("a.hdf5")
            let sensor = EventSensor(width: 346, height: 260)
            let format = try #require(EventFileWriter.Format(ofFile: path))
            var writer = EventFileWriter(format, path: path, sensor: sensor)
            try writer.write(Self.expected)
            try writer.finish()
            #expect(
                try EventRecording(reading: path) == EventRecording(events: Self.expected, sensor: sensor))
            #expect(try EventSummary(reading: path).format == .hdf5)
        }

        @Test("h5py reads it", .enabled(if: Python.has("h5py"), "python3 has no h5py"))
        func h5py() throws {
            let folder = try TemporaryFolder()
            let path = folder.path("a.h5")
            var writer = EventFileWriter(.hdf5, path: path, sensor: EventSensor(width: 346, height: 260))
            try writer.write(Self.expected)
            try writer.finish()
            let text = try Python.run(
                """
                import h5py, sys
                with h5py.File(sys.argv[1]) as file:
                    events = file["events"]
                    print({name: (str(events[name].dtype), events[name][()].tolist()) for name in "xytp"},
                        {name: int(value) for name, value in events.attrs.items()})
                """, path)
            #expect(
                String(decoding: text, as: UTF8.self)
                    == "{'x': ('uint16', [3, 127, 300]), 'y': ('uint16', [127, 0, 2]), 't': ('int64', [10, 20, 1099511627776]), "
                    + "'p': ('uint8', [1, 0, 1])} {'height': 260, 'width': 346}\n")
        }
    }
#endif
