import Files
import Foundation
import TestSupport
import Testing

@testable import SpikeDatasets

@Suite("Fetching from servers that mean no good, and being stopped", .timeLimit(.minutes(5)))
struct HostileServerTests {
    let folder: TemporaryFolder
    let tiny = TinyDataset()
    private let firstFile = "train-images-idx3-ubyte.gz"
    /// Of the first file: 52 bytes uncompressed, an eighth more, and 128 KiB.
    private let limit = 52 + 6 + 131_072

    init() throws {
        folder = try TemporaryFolder()
    }

    private func fetch(_ address: String) async throws(DatasetError) -> [String] {
        try await DatasetFetcher(folder: folder.path("home"), address: address).fetch(tiny.entry())
    }

    private func error(_ address: String) async -> DatasetError? {
        do {
            _ = try await fetch(address)
            return nil
        } catch {
            return error
        }
    }

    private func mode(_ name: String) throws -> UInt32 {
        var status = stat()
        try #require(stat(folder.path(name), &status) == 0)
        return status.st_mode & 0o777
    }

    @Test(
        "a server without end is stopped at what the catalogue knows, and nothing is left, no folder either")
    func withoutEnd() async throws {
        try await serving(tiny.archives, .sendsWithoutEnd) { server in
            let url = server.address + firstFile
            #expect(await error(server.address) == .downloadFailed(url: url, .tooLarge(limit: limit)))
            #expect(folder.contents == [])
        }
    }

    @Test(
        "a length that the file cannot have is refused before the body, up to the largest number",
        arguments: ["9223372036854775807", "9223372036854775296", "1000000000000", "131131"])
    func announced(length: String) async throws {
        try await serving(tiny.archives, .announces(length)) { server in
            let url = server.address + firstFile
            #expect(await error(server.address) == .downloadFailed(url: url, .tooLarge(limit: limit)))
            #expect(folder.contents == [])
        }
    }

    @Test(
        "a length that is no number, or more than one, is an error and leaves nothing",
        arguments: ["99999999999999999999", "-1", "10\r\nContent-Length: 11"])
    func senseless(length: String) async throws {
        try await serving(tiny.archives, .announces(length)) { server in
            guard case .downloadFailed? = await error(server.address) else {
                Issue.record("no error for \(length)")
                return
            }
            #expect(!folder.contents.contains { $0.hasSuffix(".gz") })
        }
    }

    @Test("a file that unpacks to more than the catalogue knows is refused as soon as it does")
    func bomb() async throws {
        let zeros = [UInt8](repeating: 0, count: 30_000_000)
        for (contents, fault) in [
            (idx([6, 2, 3], zeros), FileFault.trailingBytes(expected: 52)),
            (
                idx([.max, .max, .max], zeros),
                .wrongDimensions(found: [4_294_967_295, 4_294_967_295, 4_294_967_295], expected: "6 × 2 × 3")
            ),
        ] {
            try await serving([firstFile: gzip(contents, level: 9)]) { server in
                let url = server.address + firstFile
                #expect(await error(server.address) == .downloadFailed(url: url, .wrongFile(fault)))
                #expect(folder.contents == [])
            }
        }
    }

    @Test("name and password of an address go to the server, and into no message")
    func credentials() async throws {
        try await serving([:]) { server in
            let address = server.address.replacing("http://", with: "http://user:secret@")
            let error = try #require(await error(address))
            #expect(error == .downloadFailed(url: server.address + firstFile, .status(404)))
            // "user:secret" in base 64.
            #expect(server.requests.first?.authorization == "Basic dXNlcjpzZWNyZXQ=")
        }
        let closed = try LocalFileServer(files: [:])
        closed.stop()
        for address in [
            "http://user:secret@127.0.0.1:\(closed.port)/", "ftp://user:secret@example.org/",
            "http://user:secret@", "user:secret@example.org", "http://us/er:se@cret@example.org/ x/",
            "http://user:secret\u{301}@example.org/",
        ] {
            let message = try #require(await error(address)).description
            #expect(!message.contains("secret") && !message.contains("cret@"), "\(message)")
        }
        #expect(
            DatasetError.unknownDataset("http://user:secret@example.org/", known: []).description
                == "no data set is called 'http://example.org/'; known are ")
    }

    @Test("an address stays as it is without a password in it")
    func plainAddresses() {
        for address in ["http://example.org/a/", "https://example.org:8080/a?b#c", "mnist", ""] {
            #expect(WebAddress.withoutCredentials(address) == address)
        }
        for address in [
            "http://", "http:///a/", "https://@/", "http://user@:80/", "http://a b/", "file:///etc",
        ] {
            #expect(WebAddress(address) == nil, "\(address)")
        }
    }

    @Test("a file is its owner's alone until it is whole, and then as readable as its folder")
    func modes() async throws {
        try FileManager.default.createDirectory(
            atPath: folder.path("home/tiny"), withIntermediateDirectories: true)
        try await serving(tiny.archives, .breaksOff(after: 20)) { server in
            _ = await error(server.address)
            #expect(try mode("home/tiny/\(firstFile).part") == 0o600)
            chmod(folder.path("home/tiny"), 0o750)
            _ = try await fetch(server.address)
            #expect(try mode("home/tiny/\(firstFile)") == 0o640)
        }
    }

    @Test("a part that is a link, or that another process writes, is not touched")
    func foreignParts() async throws {
        let other = try folder.write("mine", as: "other")
        let part = folder.path("home/tiny/\(firstFile).part")
        try folder.write("", as: "home/tiny/.keep")
        try await serving(tiny.archives) { server in
            try FileManager.default.createSymbolicLink(atPath: part, withDestinationPath: other)
            guard case .unwritable(part, _)? = await error(server.address) else {
                Issue.record("a link was followed")
                return
            }
            unlink(part)
            try FileManager.default.linkItem(atPath: other, toPath: part)
            guard case .unwritable(part, _)? = await error(server.address) else {
                Issue.record("a file with two names was written")
                return
            }
            unlink(part)
            #expect(try String(contentsOfFile: other, encoding: .utf8) == "mine")
            let held = try PartialFile(for: folder.path("home/tiny/\(firstFile)"))
            #expect(await error(server.address) == .busy(path: part))
            withExtendedLifetime(held) {}
        }
    }

    // What arrives is written in its order, so these are all the states that a kill can leave.
    @Test("whatever file, and wherever in it, a fetch was killed at, the next one completes the folder")
    func killed() async throws {
        let order = tiny.entry().layout.files.map(\.publishedName)
        try await serving(tiny.archives) { server in
            for (place, name) in order.enumerated() {
                let whole = tiny.archives[name, default: []]
                for length in stride(from: place, through: whole.count, by: place == 0 ? 2 : 9) {
                    try? FileManager.default.removeItem(atPath: folder.path("home"))
                    for earlier in order[..<place] {
                        try folder.write(tiny.archives[earlier, default: []], as: "home/tiny/\(earlier)")
                    }
                    try folder.write(Array(whole[..<length]), as: "home/tiny/\(name).part")
                    _ = try await fetch(server.address)
                    #expect(folder.contents.count == 6, "\(name) after \(length) bytes")
                    for file in order {
                        #expect(
                            try Data(contentsOf: URL(filePath: folder.path("home/tiny/\(file)")))
                                == Data(tiny.archives[file, default: []]))
                    }
                }
            }
        }
    }

    @Test("a fetch whose task is cancelled ends, though the server is silent")
    func cancelled() async throws {
        try await serving(tiny.archives, .stalls) { server in
            let fetcher = DatasetFetcher(folder: folder.path("home"), address: server.address)
            let entry = tiny.entry()
            let task = Task { () -> DatasetError? in
                do throws(DatasetError) {
                    _ = try await fetcher.fetch(entry)
                    return nil
                } catch {
                    return error
                }
            }
            while server.requests.isEmpty { await Task.yield() }
            task.cancel()
            guard case .downloadFailed(_, .connection)? = await task.value else {
                Issue.record("no error for a cancelled fetch")
                return
            }
            #expect(folder.contents == [])
        }
    }
}
