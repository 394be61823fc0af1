#if HDF5
    import Files
    import TestSupport
    import Testing

    @testable import HDF5Files

    @Suite("HDF5 files")
    struct HDF5FileTests {
        @Test("plain, in compressed chunks, or after a user's block: the same array")
        func layouts() throws {
            let plain = try fileOfQuarters()
            for bytes in [
                plain, try fileOfQuarters(.chunked([2, 2, 3])), [UInt8](repeating: 7, count: 1024) + plain,
            ] {
                let file = try HDF5File(contents: bytes, path: "a.h5")
                let array = try file.array("part/numbers")
                #expect(array.dimensions == [2, 3, 4])
                #expect(array.fields.map(\.element) == [.floatingPoint(bytes: 4)])
                #expect(try file.reals(array) == quarters.map(Double.init))
                #expect(try file.reals(array, rows: 1..<2) == quarters[12...].map(Double.init))
                #expect(try file.reals(array, rows: 2..<2) == [])
                #expect(try file.entries().map(\.name) == ["part", "part/numbers"])
            }
        }

        @Test("from the disk, gzipped or not")
        func onDisk() throws {
            let folder = try TemporaryFolder()
            let bytes = try fileOfQuarters()
            let path = try folder.write(bytes, as: "a.h5")
            let file = try HDF5File(path: path)
            #expect(file.size == bytes.count && file.path == path)
            #expect(try file.reals(file.array("part/numbers")).count == 24)
            let stored = [UInt8](
                [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1]
                    + [bytes.count & 255, bytes.count >> 8, ~bytes.count & 255, ~bytes.count >> 8 & 255].map {
                        UInt8($0)
                    } + bytes)
            // One stored block, its check sum left out: damaged, and known as gzip.
            let packed = try folder.write(stored, as: "b.h5.gz")
            #expect {
                _ = try HDF5File(path: packed)
            } throws: { error in
                guard case .unreadable(.damagedGzip(packed, _))? = error as? HDF5Error else { return false }
                return true
            }
            for path in [folder.path("missing.h5"), folder.path] {
                #expect {
                    _ = try HDF5File(path: path)
                } throws: { error in
                    guard case .unreadable(let reason)? = error as? HDF5Error else { return false }
                    return reason.description.hasPrefix("\(path): ")
                }
            }
        }

        @Test("numbers of other sizes are converted without loss, and a scalar has no dimensions")
        func types() throws {
            let bytes = try hdf5([
                .numbers("double", "f8", [2], [0.1, -1e300]),
                .numbers("half", "f2", [3], [0x3C00, 0xC000, 0x0001] as [UInt16]),
                .numbers("narrow", "i4", [3], [Int32.min, 0, .max]),
                .numbers("byte", "u1", [3], [0, 1, 255] as [UInt8]),
                .numbers("wide", "i8", [2], [Int64.min, .max]),
                .numbers("unsigned", "u8", [2], [0, UInt64(Int64.max)]),
                .numbers("above", "u8", [2], [0, UInt64(Int64.max) + 1]),
                .numbers("truth", "b1", [3], [0, 1, 1] as [UInt8]),
                .numbers("scalar", "f8", [], [2.5]),
                .numbers("empty", "f8", [0, 5], [Double]()),
            ])
            let file = try HDF5File(contents: bytes, path: "a.h5")
            func integers(_ name: String) throws -> [Int64] { try file.integers(file.array(name)) }
            #expect(try file.reals(file.array("double")) == [0.1, -1e300])
            // 1, -2 and the least one, 2⁻²⁴, of 16 bits.
            #expect(try file.reals(file.array("half")) == [1, -2, 0x1p-24])
            #expect(try integers("narrow") == [Int64(Int32.min), 0, Int64(Int32.max)])
            #expect(try integers("byte") == [0, 1, 255])
            #expect(try integers("wide") == [.min, .max])
            #expect(try integers("unsigned") == [0, .max])
            #expect(try integers("truth") == [0, 1, 1])
            #expect(try file.reals(file.array("scalar")) == [2.5])
            #expect(try file.array("scalar").dimensions == [])
            #expect(try file.reals(file.array("empty")) == [])
            #expect(
                try fault(of: bytes) { _ = try $0.integers($0.array("above")) }
                    == .outOfRange(
                        value: "9223372036854775808", position: 1, expected: "at most 9223372036854775807"))
            #expect(
                try fault(of: bytes) { _ = try $0.integers($0.array("double")) }
                    == .wrongType(
                        found: "64-bit floating-point numbers", expected: "integers of at most 64 bits"))
        }

        @Test("records are read field by field, whatever lies between")
        func records() throws {
            let rows: [[UInt8]] = [
                [1, 0, 7, 0, 0, 0, 0, 0, 0, 1, 1], [2, 1, 255, 255, 255, 255, 255, 255, 255, 255, 0],
            ]
            let bytes = try hdf5([.array("events", "x u2,t i8,p b1", [2], rows.flatMap { $0 })])
            let file = try HDF5File(contents: bytes, path: "a.h5")
            let array = try file.array("events")
            #expect(array.isRecord && array.fields.map(\.name) == ["x", "t", "p"])
            #expect(
                array.description
                    == "events (2 of records of x: 16-bit unsigned integers, t: 64-bit signed integers, p: truth values)"
            )
            #expect(try file.integers(array, field: 0) == [1, 258])
            #expect(try file.integers(array, field: 1) == [1 << 56 | 7, -1])
            #expect(try file.integers(array, field: 2) == [1, 0])
        }

        @Test("rows that vary in length are read one by one")
        func sequences() throws {
            let bytes = try hdf5([
                .sequences("times", "f2", [[0x3C00, 0x3800], [], [0x4000]] as [[UInt16]]),
                .sequences("units", "u2", [[3, 699], [], [0]] as [[UInt16]]),
            ])
            let file = try HDF5File(contents: bytes, path: "a.h5")
            let (times, units) = (try file.array("times"), try file.array("units"))
            #expect(times.varies && times.dimensions == [3])
            #expect(try (0..<3).map { try file.realSequence(times, row: $0) } == [[1, 0.5], [], [2]])
            #expect(try (0..<3).map { try file.integerSequence(units, row: $0) } == [[3, 699], [], [0]])
            guard
                case .unreadable? = try fault(
                    of: bytes, { _ = try $0.realSequence($0.array("times"), row: 3) })
            else {
                Issue.record("a row was read that is not there")
                return
            }
            guard case .wrongType? = try fault(of: bytes, { _ = try $0.reals($0.array("times")) }) else {
                Issue.record("sequences were read as numbers")
                return
            }
        }

        @Test("attributes, where there are some")
        func attributes() throws {
            let bytes = try hdf5([
                .numbers("events/x", "u2", [1], [5] as [UInt16]), .attribute("width", of: "events", 346),
                .attribute("labels", of: "events/x", ["a", "bc"]),
            ])
            let file = try HDF5File(contents: bytes, path: "a.h5")
            #expect(try file.attribute("width", of: "events") == [346])
            #expect(try file.attribute("height", of: "events") == nil)
            #expect(try file.attribute("labels", of: "events/x") == nil)
        }

        @Test("an array that is not there is told with what is")
        func absent() throws {
            let bytes = try hdf5([
                .numbers("train/data", "f4", [1], [Float(0)]),
                .numbers("train/labels", "i4", [1], [Int32(0)]),
            ])
            #expect(try fault(of: bytes) { _ = try $0.array("test/data") } == .absent(found: ["train"]))
            #expect(
                try fault(of: bytes) { _ = try $0.array("train/target") }
                    == .absent(found: ["train/data", "train/labels"]))
            #expect(try fault(of: hdf5([])) { _ = try $0.array("data") } == .absent(found: []))
            guard case .unreadable? = try fault(of: bytes, { _ = try $0.array("train") }) else {
                Issue.record("a group was read as an array")
                return
            }
        }

        @Test("a shape that the file cannot hold is refused before anything is allocated")
        func hostileShapes() throws {
            for shape in [[1 << 40, 1 << 40], [1 << 62, 64], [1 << 21, 1 << 21], [.max]] {
                let bytes = try hdf5([
                    .numbers("huge", "f4", shape, [Float](), .chunked(shape.map { _ in 16 }))
                ])
                #expect(
                    try fault(of: bytes) { _ = try $0.array("huge") }
                        == .impossibleSize(dimensions: shape, largest: bytes.count * 1032))
            }
            // Never written, so that no byte of it is in the file.
            let unwritten = try hdf5([.numbers("huge", "f4", [1 << 30], [Float]())])
            #expect(
                try fault(of: unwritten) { _ = try $0.array("huge") }
                    == .impossibleSize(dimensions: [1 << 30], largest: unwritten.count))
        }

        @Test("what lies in another file is refused: links, external storage, views")
        func elsewhere() throws {
            let bytes = try hdf5([
                .numbers("numbers", "f4", [2], [Float(1), 2]), .link("soft", to: "/numbers"),
                .link("away", to: "/part", file: "other.h5"),
                .numbers("external", "f4", [4], [Float](), .external),
                .numbers("view", "f4", [4], [Float](), .virtual),
            ])
            for name in ["soft", "away", "away/numbers", "external", "view"] {
                #expect(try fault(of: bytes) { _ = try $0.array(name) } == .elsewhere, "\(name)")
            }
            #expect(try fault(of: bytes) { _ = try $0.array("numbers") } == nil)
        }

        @Test("equal arrays give equal bytes; what cannot be written leaves nothing")
        func writing() throws {
            #expect(try fileOfQuarters() == fileOfQuarters())
            let folder = try TemporaryFolder()
            #expect(throws: FileError.self) { try HDF5File.write([], to: folder.path("none/a.h5")) }
            // The same name twice.
            let output = HDF5Output.numbers("a", "u1", [1], [1] as [UInt8])
            #expect(throws: FileError.self) { try HDF5File.write([output, output], to: folder.path("a.h5")) }
            #expect(folder.names.isEmpty)
        }
    }
#endif
