import Foundation
import TestSupport
import Testing

@testable import Files

/// Tests run as root too, whom permission bits do not stop; the faults here are ones that stop everyone.
struct AtomicFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("a write replaces the old content and leaves nothing else in the folder")
    func replaces() throws {
        try AtomicFile.write(Array("old content".utf8), to: folder.path("a"))
        try AtomicFile.write(Array("new".utf8), to: folder.path("a"))
        #expect(try InputFile.read(folder.path("a")) == Array("new".utf8))
        #expect(folder.names == ["a"])
    }

    @Test("a disk that fills up halfway leaves the old content and no partial file")
    func fullDisk() throws {
        try AtomicFile.write(Array("old".utf8), to: folder.path("a"))
        var calls = 0
        let error = #expect(throws: FileError.self) {
            try AtomicFile.write([UInt8](repeating: 1, count: 1000), to: folder.path("a")) {
                descriptor, rest in
                calls += 1
                if calls < 3 { return write(descriptor, rest.baseAddress, 100) }
                errno = ENOSPC
                return -1
            }
        }
        #expect(error == .cannotWrite(path: folder.path("a"), reason: "No space left on device"))
        #expect(try InputFile.read(folder.path("a")) == Array("old".utf8))
        #expect(folder.names == ["a"])
    }

    @Test("a short or interrupted write goes on where it stopped")
    func shortWrites() throws {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        var calls = 0
        try AtomicFile.write(bytes, to: folder.path("a")) { descriptor, rest in
            calls += 1
            if calls % 2 == 0 {
                errno = EINTR
                return -1
            }
            return write(descriptor, rest.baseAddress, min(7, rest.count))
        }
        #expect(try InputFile.read(folder.path("a")) == bytes)
    }

    @Test("a target that is a folder is refused and stays one")
    func targetIsFolder() throws {
        try FileManager.default.createDirectory(atPath: folder.path("a"), withIntermediateDirectories: false)
        #expect(throws: FileError.self) { try AtomicFile.write([1], to: folder.path("a")) }
        #expect(folder.names == ["a"])
    }

    @Test(
        "a folder that cannot hold files is named in the error",
        arguments: ["/proc/a", "/dev/null/a", "/no/such/a"])
    func noFolder(_ path: String) {
        let error = #expect(throws: FileError.self) { try AtomicFile.write([1], to: path) }
        #expect(error?.description.hasPrefix("\(path): cannot be written (") == true)
        #expect(error?.category == .failure)
    }

    @Test("a partial file left by a killed process is neither used nor in the way")
    func leftover() throws {
        let leftover = ".a.\(getpid()).partial"
        try AtomicFile.write([9], to: folder.path(leftover))
        try AtomicFile.write([1, 2], to: folder.path("a"))
        #expect(try InputFile.read(folder.path("a")) == [1, 2])
        #expect(folder.names == [leftover, "a"])
    }

    @Test("many writers of one file leave the content of one of them, whole")
    func concurrentWriters() async throws {
        let path = folder.path("a")
        try await withThrowingTaskGroup { group in
            for value in UInt8(0)..<16 {
                group.addTask { try AtomicFile.write([UInt8](repeating: value, count: 100_000), to: path) }
            }
            try await group.waitForAll()
        }
        let bytes = try InputFile.read(path)
        #expect(bytes.count == 100_000 && Set(bytes).count == 1)
        #expect(folder.names == ["a"])
    }
}
