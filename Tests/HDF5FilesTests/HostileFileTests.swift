#if HDF5
    import Files
    import Foundation
    import TestSupport
    import Testing

    @testable import HDF5Files

    @Suite("HDF5 files made to break the library", .serialized)
    struct HostileFileTests {
        /// One of everything that is read.
        private func sample() throws -> [UInt8] {
            try hdf5([
                .numbers("part/numbers", "f4", [2, 3, 4], quarters, .chunked([1, 3, 4])),
                .array("events", "x u2,p b1", [2], [1, 0, 1, 2, 0, 0]),
                .sequences("times", "f2", [[0x3C00], [0x4000, 0]] as [[UInt16]]),
            ])
        }

        @Test("a file cut anywhere is an error, never a shorter array")
        func truncated() throws {
            let bytes = try sample()
            for length in stride(from: 0, to: bytes.count, by: 89) {
                let isWhole = readAll(Array(bytes[..<length]))
                #expect(!isWhole, "\(length) of \(bytes.count) bytes")
            }
            let isRead = readAll(bytes)
            #expect(isRead)
        }

        // The library of 1.10.8 crashes on some of them, which this process does not notice.
        @Test("whatever bits are changed, the file is read or is an error")
        func changed() throws {
            let bytes = try sample()
            var refusedCount = 0
            for position in stride(from: 0, to: bytes.count, by: 31) {
                var changed = bytes
                changed[position] ^= position % 2 == 0 ? 0xFF : 0x10
                if !readAll(changed) { refusedCount += 1 }
            }
            #expect(refusedCount > 0)
            let isRead = readAll(bytes)
            #expect(isRead)
        }

        @Test("a chunk larger than its array, at which the library reads past its memory")
        func hostileChunk() throws {
            let bytes = try hdf5([.numbers("numbers", "f4", [2, 3, 4], quarters, .chunked([1, 3, 4]))])
            // The sizes of a chunk and of its elements, 32 bits each, as the layout message has them (version 3).
            let sizes: [UInt8] = [1, 3, 4, 4].flatMap { [$0, 0, 0, 0] }
            let place = try #require(bytes.firstRange(of: sizes)).lowerBound
            var changed = bytes
            changed[place + 9] = 0x10
            guard case .unreadable? = try fault(of: changed, { _ = try $0.array("numbers") }) else {
                Issue.record("such a chunk was taken")
                return
            }
        }

        @Test("compressed numbers with a changed bit are refused in HDF5's own words")
        func corruptChunk() throws {
            let bytes = try hdf5([
                .numbers("numbers", "f8", [4096], (0..<4096).map(Double.init), .chunked([4096]))
            ])
            // A zlib stream of level 6 starts so (RFC 1950).
            let start = try #require(
                bytes.indices.dropLast().first {
                    bytes[$0] == 0x78 && [0x5E, 0x9C].contains(bytes[$0 + 1])
                })
            var changed = bytes
            for position in start + 20..<start + 30 { changed[position] ^= 0x55 }
            let fault = try fault(of: changed) { _ = try $0.reals($0.array("numbers")) }
            guard case .unreadable(let reason)? = fault else {
                Issue.record("a corrupt chunk was read: \(String(describing: fault))")
                return
            }
            #expect(reason.contains("inflate"))
        }

        @Test(
            "a library that crashes is an error, of all that follows too",
            arguments: [SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGKILL])
        func crash(signal: Int32) throws {
            let file = try HDF5File(contents: try sample(), path: "a.h5")
            let error = #expect(throws: HDF5Error.self) { try file.breakLibrary(Int(signal)) }
            guard case .damaged("a.h5", HDF5Error.wholeFile, .libraryEnded(let how))? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            let words = signal == SIGKILL ? "was ended" : "crashed (\(String(cString: strsignal(signal))))"
            #expect(how.hasPrefix(words))
            #expect(throws: HDF5Error.damaged(path: "a.h5", name: "x", .libraryEnded(how: how))) {
                _ = try file.array("x")
            }
        }

        @Test("neither time nor memory without end")
        func limits() throws {
            let limits = HDF5Limits(memory: 1 << 26, seconds: 1)
            let slow = try HDF5File(contents: try sample(), path: "a.h5", limits: limits)
            let error = #expect(throws: HDF5Error.self) { try slow.breakLibrary(0) }
            #expect(error?.description.contains("took too long") == true)
            let large = try HDF5File(contents: try sample(), path: "a.h5", limits: limits)
            let refusal = #expect(throws: HDF5Error.self) { try large.breakLibrary(-1) }
            #expect(refusal?.description.contains("more memory than is allowed") == true)
            // It goes on after that.
            #expect(try large.array("events").rowCount == 2)
        }

        @Test("processes end with their files, and leave no descriptor open")
        func noneLeft() throws {
            let bytes = try sample()
            func openCount() -> Int {
                ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []).count
            }
            let before = openCount()
            for _ in 0..<20 { _ = try HDF5File(contents: bytes, path: "a.h5").array("events") }
            // Other tests open files meanwhile.
            #expect(openCount() < before + 15)
        }

        @Test("many at once, from many threads")
        func together() async throws {
            let bytes = try fileOfQuarters()
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        let file = try HDF5File(contents: bytes, path: "a.h5")
                        return try file.reals(try file.array("part/numbers")).count
                    }
                }
                for try await count in group { #expect(count == 24) }
            }
        }
    }
#endif
