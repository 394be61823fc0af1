import Foundation
import TestSupport
import Testing

@testable import Files

@Suite("Folders: made once, written in by one at a time")
struct FolderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("a folder is made with those above it, and what was made is told, outermost first")
    func make() throws {
        #expect(try Folder.make(folder.path("a/b/c/")) == ["a", "a/b", "a/b/c"].map(folder.path))
        #expect(try Folder.make(folder.path("a/b")) == [])
        #expect(try Folder.makeNew(folder.path("a/b")) == nil)
        #expect(try Folder.makeNew(folder.path("a/d")) == [folder.path("a/d")])
    }

    @Test("names are in order, numbers by size, without hidden ones; a link to a folder is one")
    func contents() throws {
        for name in ["a/10", "a/9", "a/09", "a/b9", "a/b10c", "a/.hidden", "a/b/c"] {
            try folder.write("", as: name)
        }
        try FileManager.default.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: "a")
        #expect(Folder.names(in: folder.path("link")) == ["09", "9", "10", "b", "b9", "b10c"])
        #expect(Folder.names(in: folder.path("gone")) == [])
        #expect(
            ["a", "link", "a/9", "gone"].map { Folder.exists(folder.path($0)) } == [true, true, false, false])
        #expect(Folder.withoutLinks(folder.path("link/b")) == Folder.withoutLinks(folder.path("a/b")))
        #expect(Folder.withoutLinks(folder.path("gone")) == nil)
        #expect(["a", "a/b", "/a", "a/b/c", ""].map(Folder.above) == [".", "a", "/", "a/b", "."])
    }

    @Test("a folder below a file, or in /proc, is refused with the system's reason, and nothing is left")
    func refused() throws {
        try folder.write("", as: "file")
        for (path, reason) in [
            (folder.path("file"), "Not a directory"), (folder.path("file/a"), "Not a directory"),
            ("/proc/a/b", "No such file or directory"), ("", "No such file or directory"),
        ] {
            #expect(throws: FileError.cannotMakeFolder(path: path, reason: reason), "\(path)") {
                try Folder.make(path)
            }
        }
        #expect(folder.contents == ["file"])
    }

    @Test("of many that want a new folder at once, one gets it")
    func race() async throws {
        for round in 0..<20 {
            let path = folder.path("\(round)/a")
            let winners = try await withThrowingTaskGroup { group in
                for _ in 0..<8 { group.addTask { try Folder.makeNew(path) != nil } }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(winners == 1)
        }
    }

    @Test("a folder is locked for one at a time, and no file is left")
    func lock() throws {
        do {
            let lock = try FolderLock(folder.path)
            #expect(FolderLock.isHeld(folder.path))
            #expect(throws: FileError.busy(path: folder.path)) { try FolderLock(folder.path) }
            withExtendedLifetime(lock) {}
        }
        #expect(!FolderLock.isHeld(folder.path))
        #expect(folder.names == [])
        _ = try FolderLock(folder.path)
    }

    @Test("the file of a process that was killed is in nobody's way")
    func leftover() throws {
        try folder.write("", as: ".lock")
        #expect(!FolderLock.isHeld(folder.path))
        _ = try FolderLock(folder.path)
    }

    @Test("those that wait for a lock have it one after the other")
    func waiting() async throws {
        let path = folder.path("count")
        try AtomicFile.write(Array("0".utf8), to: path)
        let folder = folder
        try await withThrowingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<25 {
                        let lock = try FolderLock(folder.path, isWaiting: true)
                        let count = Int(String(decoding: try InputFile.read(path), as: UTF8.self)) ?? -1000
                        try AtomicFile.write(Array("\(count + 1)".utf8), to: path)
                        withExtendedLifetime(lock) {}
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try InputFile.read(path) == Array("200".utf8))
        #expect(folder.names == ["count"])
    }

    @Test("what was made for nothing goes with its lock; what is not empty stays")
    func abandoned() throws {
        let made = try Folder.make(folder.path("a/b"))
        try FolderLock(folder.path("a/b")).remove(made)
        #expect(folder.contents == [])
        let full = try Folder.make(folder.path("c/d"))
        try folder.write("kept", as: "c/file")
        try FolderLock(folder.path("c/d")).remove(full)
        #expect(folder.contents == ["c", "c/file"])
    }

    @Test("what killed writers left is found by its name")
    func partials() throws {
        for name in [".a.7.partial", "b.partial", ".c", ".a.7.1.partial"] { try folder.write("", as: name) }
        #expect(AtomicFile.partials(in: folder.path) == [".a.7.1.partial", ".a.7.partial"])
        AtomicFile.removePartials(in: folder.path)
        #expect(folder.names == [".c", "b.partial"])
    }
}
