#if HDF5
    import CHDF5
    import Files
    import TestSupport
    import Testing

    @testable import SpikeDatasets

    @Suite("HDF5 files")
    struct HDF5FileTests {
        let folder: TemporaryFolder
        /// 0, 0.25 … 5.75.
        let numbers = (0..<24).map { Float($0) / 4 }

        init() throws {
            folder = try TemporaryFolder()
        }

        /// - Parameter contents: the bytes uncompressed, where the file is gzipped.
        private func file(_ bytes: [UInt8], contents: [UInt8]? = nil) throws -> HDF5File {
            let contents = contents ?? bytes
            return try HDF5File(
                path: try folder.write(bytes, as: "file.h5"), size: contents.count,
                digest: SHA256Digest.hex(of: contents))
        }

        /// What reading an array of a file as floating-point numbers is refused for; `nil` if it is not.
        private func fault(
            _ name: String, _ dimensions: [Int?], of bytes: [UInt8]
        ) throws -> ArrayFault? {
            let file = try file(bytes)
            do {
                _ = try file.array(name, of: Double.self, dimensions: dimensions)
                return nil
            } catch .damaged(let path, .array(let place, let fault)) {
                #expect(path == file.path && place == name)
                return fault
            }
        }

        private func bytesWithNumbers(_ layout: HDF5Writer.Layout = .contiguous) throws -> [UInt8] {
            try HDF5Writer.bytes { $0.add("part/numbers", hdf5Float(), [2, 3, 4], numbers, layout) }
        }

        @Test("plain, in compressed chunks, gzipped as a whole or after a user's block: the same array")
        func layouts() throws {
            let plain = try bytesWithNumbers()
            let chunked = try bytesWithNumbers(.chunked([2, 2, 3]))
            for (bytes, contents) in [
                (plain, plain), (chunked, chunked), (gzip(chunked), chunked),
                ([UInt8](repeating: 7, count: 1024) + plain, [UInt8](repeating: 7, count: 1024) + plain),
            ] {
                let array = try file(bytes, contents: contents).array(
                    "part/numbers", of: Double.self, dimensions: [2, nil, 4])
                #expect(array.dimensions == [2, 3, 4])
                #expect(array.elements == numbers.map(Double.init))
            }
            #expect(try file(plain).contentDigest == SHA256Digest.hex(of: plain))
            #expect(try file(gzip(plain), contents: plain).contentDigest == SHA256Digest.hex(of: plain))
        }

        @Test("numbers of other sizes are converted without loss, and a scalar has no dimensions")
        func types() throws {
            let bytes = try HDF5Writer.bytes {
                $0.add("double", hdf5Double(), [2], [0.1, -1e300])
                $0.add("narrow", hdf5Int32(), [3], [Int32.min, 0, .max])
                $0.add("wide", hdf5Int64(), [2], [Int64.min, .max])
                $0.add("scalar", hdf5Double(), [], [2.5])
                $0.add("empty", hdf5Double(), [0, 5], [Double]())
            }
            let file = try file(bytes)
            #expect(try file.array("double", of: Double.self, dimensions: [2]).elements == [0.1, -1e300])
            let narrow = try file.array("narrow", of: Int64.self, dimensions: [3]).elements
            #expect(narrow == [Int64(Int32.min), 0, Int64(Int32.max)])
            #expect(try file.array("wide", of: Int64.self, dimensions: [nil]).elements == [.min, .max])
            #expect(try file.array("scalar", of: Double.self, dimensions: []).elements == [2.5])
            #expect(try file.array("empty", of: Double.self, dimensions: [0, 5]).elements == [])
        }

        @Test("an array that is not there is told with what is")
        func absent() throws {
            let bytes = try HDF5Writer.bytes {
                $0.add("train/data", hdf5Float(), [1], [Float(0)])
                $0.add("train/labels", hdf5Int32(), [1], [Int32(0)])
            }
            #expect(try fault("test/data", [1], of: bytes) == .absent(found: ["train"]))
            #expect(
                try fault("train/target", [1], of: bytes)
                    == .absent(found: ["train/data", "train/labels"]))
            #expect(try fault("data", [1], of: HDF5Writer.bytes { _ in }) == .absent(found: []))
        }

        @Test("another type is refused, even where it could be converted")
        func wrongType() throws {
            let bytes = try HDF5Writer.bytes {
                $0.add("signed", hdf5Int32(), [1], [Int32(1)])
                $0.add("unsigned", hdf5UInt64(), [1], [UInt64.max])
                $0.add("float", hdf5Float(), [1], [Float(0)])
                $0.add("group/inner", hdf5Float(), [1], [Float(0)])
            }
            let expected = "floating-point numbers of at most 64 bits"
            #expect(
                try fault("signed", [1], of: bytes)
                    == .wrongType(found: "32-bit signed integers", expected: expected))
            guard case .unreadable? = try fault("group", [1], of: bytes) else {
                Issue.record("a group was read as an array")
                return
            }
            // 64 bits without a sign do not fit, whatever their values are.
            for (name, found) in [
                ("unsigned", "64-bit unsigned integers"), ("float", "32-bit floating-point numbers"),
            ] {
                #expect {
                    _ = try file(bytes).array(name, of: Int64.self, dimensions: [1])
                } throws: { error in
                    guard case .damaged(_, .array(name, let fault))? = error as? DatasetError else {
                        return false
                    }
                    return fault
                        == .wrongType(
                            found: found, expected: "integers within the range of signed 64-bit ones")
                }
            }
        }

        @Test("another rank or size is refused, with both shapes in the message")
        func wrongShape() throws {
            let bytes = try bytesWithNumbers()
            for expected in [[2, 12], [2, 3, 5], [24], [], [2, 3, 4, 1]] as [[Int?]] {
                #expect(
                    try fault("part/numbers", expected, of: bytes)
                        == .wrongShape(found: [2, 3, 4], expected: expected))
            }
            #expect(
                ArrayFault.wrongShape(found: [2, 3], expected: [nil, 4]).description
                    == "is 2 × 3, expected any × 4; check that it is the right file")
        }

        @Test("a shape or a chunk that the file cannot hold is refused before anything is allocated")
        func hostileShapes() throws {
            let shapes: [[Int]] = [[1 << 40, 1 << 40], [1 << 62, 64], [1 << 21, 1 << 21], [.max]]
            for shape in shapes {
                let bytes = try HDF5Writer.bytes {
                    let chunk = shape.map { _ in 16 }
                    $0.add("huge", hdf5Float(), shape, [Float](), .chunked(chunk))
                }
                let any = [Int?](repeating: nil, count: shape.count)
                let fault = try fault("huge", any, of: bytes)
                #expect(fault == .impossibleSize(dimensions: shape, largest: bytes.count * 1032))
            }
            // Never written, so that no byte of it is in the file.
            let unwritten = try HDF5Writer.bytes { $0.add("huge", hdf5Float(), [1 << 30], [Float]()) }
            #expect(
                try fault("huge", [nil], of: unwritten)
                    == .impossibleSize(dimensions: [1 << 30], largest: unwritten.count))
        }

        @Test("a chunk larger than its array, which HDF5 never writes, is refused and not read")
        func hostileChunk() throws {
            let bytes = try HDF5Writer.bytes {
                $0.add("numbers", hdf5Float(), [2, 3, 4], numbers, .chunked([1, 3, 4]))
            }
            // The sizes of a chunk and of its elements, 32 bits each, as the layout message has them (version 3).
            let sizes: [UInt8] = [1, 3, 4, 4].flatMap { [$0, 0, 0, 0] }
            let place = try #require(bytes.firstRange(of: sizes)).lowerBound
            #expect(bytes.ranges(of: sizes).count == 1)
            var changed = bytes
            changed[place + 9] = 0x10
            #expect(
                try fault("numbers", [2, 3, 4], of: changed)
                    == .unreadable(reason: "its chunks are larger than the array"))
            #expect(try fault("numbers", [2, 3, 4], of: bytes) == nil)
        }

        @Test("what lies in another file is refused: links, external storage, views")
        func elsewhere() throws {
            let other = try folder.write(try bytesWithNumbers(), as: "other.h5")
            let bytes = try HDF5Writer.bytes {
                $0.add("numbers", hdf5Float(), [2], [Float(1), 2])
                $0.addLink("soft", to: "/numbers")
                $0.addLink("away", to: "/part", file: other)
                $0.add("external", hdf5Float(), [4], [Float](), .external(other))
                $0.add("view", hdf5Float(), [4], [Float](), .virtual(other))
            }
            for name in ["soft", "away", "away/numbers", "external", "view"] {
                let dimensions: [Int?] = name == "soft" ? [2] : [4]
                #expect(try fault(name, dimensions, of: bytes) == .elsewhere, "\(name)")
            }
            #expect(try fault("numbers", [2], of: bytes) == nil)
        }

        @Test("a file cut anywhere is an error, never a shorter array")
        func truncated() throws {
            let bytes = try bytesWithNumbers(.chunked([1, 3, 4]))
            for length in stride(from: 0, to: bytes.count, by: 7) {
                let cut = Array(bytes[..<length])
                do {
                    _ = try file(cut).array("part/numbers", of: Double.self, dimensions: [2, 3, 4])
                    Issue.record("no error after \(length) bytes")
                } catch let error as DatasetError {
                    switch error {
                    case .damaged(_, .wrongSignature(let found)): #expect(length < 8 && found == cut)
                    case .damaged(_, .array(_, .unreadable(let reason))):
                        #expect(reason != "HDF5: no reason given")
                    default: Issue.record("\(length) bytes: \(error)")
                    }
                }
            }
        }

        @Test("compressed numbers with a changed bit are refused in HDF5's own words")
        func corruptChunk() throws {
            let bytes = try HDF5Writer.bytes {
                $0.add("numbers", hdf5Double(), [4096], (0..<4096).map(Double.init), .chunked([4096]))
            }
            // A zlib stream of level 6 starts so (RFC 1950).
            let start = try #require(
                bytes.indices.dropLast().first { bytes[$0] == 0x78 && bytes[$0 + 1] == 0x5E }
                    ?? bytes.indices.dropLast().first { bytes[$0] == 0x78 && bytes[$0 + 1] == 0x9C })
            var changed = bytes
            for position in start + 100..<start + 110 { changed[position] ^= 0x55 }
            guard case .unreadable(let reason)? = try fault("numbers", [4096], of: changed) else {
                Issue.record("a corrupt chunk was read")
                return
            }
            #expect(reason.contains("inflate"))
        }

        // A value of this type is all that HDF5's library is ever given.
        @Test("a file of another digest never becomes one that HDF5 reads, whichever byte was changed")
        func otherDigest() throws {
            let bytes = try bytesWithNumbers(.chunked([1, 3, 4]))
            let digest = SHA256Digest.hex(of: bytes)
            func fault(_ changed: [UInt8]) throws -> FileFault? {
                let path = try folder.write(changed, as: "file.h5")
                do {
                    _ = try HDF5File(path: path, size: bytes.count, digest: digest)
                    return nil
                } catch .damaged(_, let fault) {
                    return fault
                }
            }
            #expect(try fault(bytes) == nil)
            for position in stride(from: 8, to: bytes.count, by: 37) {
                var changed = bytes
                changed[position] ^= 1
                let found = SHA256Digest.hex(of: changed)
                #expect(try fault(changed) == .wrongDigest(found: found, expected: digest))
                let packed = SHA256Digest.hex(of: changed)
                #expect(try fault(gzip(changed)) == .wrongDigest(found: packed, expected: digest))
            }
            #expect(try fault(bytes + [0]) == .trailingBytes(expected: bytes.count))
            let bomb = gzip(bytes + [UInt8](repeating: 0, count: 30_000_000), level: 9)
            #expect(try fault(bomb) == .trailingBytes(expected: bytes.count))
        }

        @Test("what is no HDF5 file, no file, or empty is said to be so")
        func notHDF5() throws {
            let page = Array("<html>not found</html>".utf8)
            #expect {
                _ = try file(page)
            } throws: { error in
                "\(error)".hasSuffix(
                    "starts with 0x3c68746d6c3e6e6f, an HDF5 file with 0x894844460d0a1a0a; "
                        + "check that it is the right file")
            }
            #expect {
                _ = try file([])
            } throws: { error in
                (error as? DatasetError)
                    == .damaged(path: "\(folder.path)/file.h5", .wrongSignature(found: []))
            }
            for path in ["\(folder.path)/missing.h5", folder.path] {
                #expect {
                    _ = try HDF5File(path: path, size: 100, digest: "")
                } throws: { error in
                    guard case .unreadable(let reason)? = error as? DatasetError else { return false }
                    return reason.description.hasPrefix("\(path): ")
                }
            }
            // The signature and nothing after it.
            guard case .unreadable? = try fault("numbers", [1], of: HDF5File.signature) else {
                Issue.record("a signature was read as a file")
                return
            }
        }

        @Test("HDF5 prints nothing while a file is read, and prints again afterwards as its caller wants")
        func silence() throws {
            let calls = UnsafeMutablePointer<Int>.allocate(capacity: 1)
            defer { calls.deallocate() }
            calls.initialize(to: 0)
            H5Eset_auto2(
                hdf5ErrorStack(),
                { _, calls in
                    calls?.assumingMemoryBound(to: Int.self).pointee += 1
                    return 0
                }, calls)
            defer { H5Eset_auto2(hdf5ErrorStack(), nil, nil) }
            #expect(try fault("numbers", [1], of: HDF5File.signature) != nil)
            #expect(calls.pointee == 0)
            H5Idec_ref(-1)
            #expect(calls.pointee == 1)
        }
    }
#endif
