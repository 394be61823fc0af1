import Files
import Foundation
import HDF5Files
import Synchronization
import TestSupport
import Testing

@testable import SpikeDatasets

@Suite("Fetching data sets, from a server on this machine", .timeLimit(.minutes(5)))
struct DatasetFetcherTests {
    let folder: TemporaryFolder
    let tiny = TinyDataset()
    private let firstFile = "train-images-idx3-ubyte.gz"

    init() throws {
        folder = try TemporaryFolder()
    }

    private func fetch(from server: LocalFileServer) async throws(DatasetError) -> [String] {
        try await DatasetFetcher(folder: folder.path, address: server.address).fetch(tiny.entry())
    }

    private func fault(from server: LocalFileServer) async -> DownloadFault? {
        do {
            _ = try await fetch(from: server)
            return nil
        } catch .downloadFailed(_, let fault) {
            return fault
        } catch {
            return nil
        }
    }

    private var namesInFolder: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/tiny").sorted()) ?? []
    }

    private func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: "\(folder.path)/tiny/\(name)")))
    }

    @Test("all files arrive, can be loaded, and are not fetched again")
    func fetches() async throws {
        try await serving(tiny.archives) { server in
            let paths = try await fetch(from: server)
            #expect(paths.count == 4 && namesInFolder == tiny.archives.keys.sorted())
            let splits = try await tiny.entry().loadImages(
                from: DatasetSearchPath(environment: ["SQSNN_DATA": folder.path]))
            #expect(splits.train.pixels == noise(36))
            #expect(server.requests.count == 4)
            _ = try await fetch(from: server)
            #expect(server.requests.count == 4)
        }
    }

    @Test("progress ends at the size of each file")
    func progress() async throws {
        try await serving(tiny.archives) { server in
            let reports = Mutex<[DatasetFetcher.Progress]>([])
            _ = try await DatasetFetcher(folder: folder.path, address: server.address).fetch(tiny.entry()) {
                progress in reports.withLock { $0.append(progress) }
            }
            for (name, bytes) in tiny.archives {
                let last = reports.withLock { $0.last { $0.fileName == name } }
                #expect(last?.received == bytes.count && last?.expected == bytes.count)
            }
        }
    }

    @Test("an interrupted download is an error that keeps what came, and goes on from there")
    func resumes() async throws {
        try await serving(tiny.archives, .breaksOff(after: 20)) { server in
            guard case .connection(_, received: 20) = await fault(from: server) else {
                Issue.record("no error for a broken connection")
                return
            }
            #expect(namesInFolder == ["\(firstFile).part"])
            #expect(try bytes("\(firstFile).part") == Array(tiny.archives[firstFile, default: []][..<20]))
            _ = try await fetch(from: server)
            #expect(server.requests.prefix(2).map(\.rangeStart) == [nil, 20])
            #expect(namesInFolder == tiny.archives.keys.sorted())
        }
    }

    @Test("a server that ignores ranges gives the whole file, which replaces the part")
    func ignoredRange() async throws {
        try folder.write([1, 2, 3], as: "tiny/\(firstFile).part")
        try await serving(tiny.archives, .ignoresRange) { server in
            _ = try await fetch(from: server)
            #expect(server.requests[0].rangeStart == 3)
            #expect(try bytes(firstFile) == tiny.archives[firstFile])
        }
    }

    @Test("a part that was complete already is only checked and renamed")
    func completePart() async throws {
        try folder.write(tiny.archives[firstFile, default: []], as: "tiny/\(firstFile).part")
        try await serving(tiny.archives) { server in
            _ = try await fetch(from: server)
            #expect(server.requests.count == 4)
            #expect(namesInFolder == tiny.archives.keys.sorted())
        }
    }

    @Test("a part of another file is thrown away, and the file fetched once more from its beginning")
    func foreignPart() async throws {
        try folder.write([1, 2, 3], as: "tiny/\(firstFile).part")
        try await serving(tiny.archives) { server in
            _ = try await fetch(from: server)
            #expect(server.requests.prefix(2).map(\.rangeStart) == [3, nil])
            #expect(try bytes(firstFile) == tiny.archives[firstFile])
        }
    }

    @Test("a file with another digest is an error and leaves nothing behind")
    func wrongDigest() async throws {
        var files = tiny.archives
        files[firstFile] = gzip(idx([6, 2, 3], Array(repeating: 7, count: 36)))
        try await serving(files) { server in
            guard case .wrongFile(.wrongDigest) = await fault(from: server) else {
                Issue.record("no error for a wrong file")
                return
            }
            #expect(namesInFolder.isEmpty)
            #expect(server.requests.count == 1)
        }
    }

    @Test("a missing file is an error that names the status and the mirror option")
    func notFound() async throws {
        try await serving([:]) { server in
            let fault = await fault(from: server)
            #expect(fault == .status(404))
            #expect(fault?.description.contains("--url") == true)
            #expect(namesInFolder.isEmpty)
        }
    }

    @Test("no server is an error of the category failure")
    func refused() async throws {
        let server = try LocalFileServer(files: [:])
        server.stop()
        do {
            _ = try await fetch(from: server)
            Issue.record("no error without a server")
        } catch {
            #expect(error.category == .failure)
            #expect(error.description.hasPrefix(server.address))
            #expect(!error.description.contains("\n"))
        }
    }

    @Test(
        "an address that is none is refused before anything is written",
        arguments: ["", "mnist", "ftp://a/b/"])
    func address(_ address: String) async {
        do {
            _ = try await DatasetFetcher(folder: folder.path, address: address).fetch(tiny.entry())
            Issue.record("no error")
        } catch {
            #expect(error == .downloadFailed(url: address, .notAnAddress))
        }
    }

    @Test("a folder that cannot be made is an error")
    func unwritable() async throws {
        let file = try folder.write([], as: "file")
        do {
            _ = try await DatasetFetcher(folder: file, address: "http://127.0.0.1:1/").fetch(tiny.entry())
            Issue.record("no error")
        } catch {
            guard case .unwritable = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test(
        "what the catalogue fetches has an https address; only USPS and recordings have none",
        arguments: DatasetCatalog.entries)
    func addresses(entry: CatalogEntry) {
        switch entry.origin {
        case .address(let address): #expect(address.hasPrefix("https://") && address.hasSuffix("/"))
        case .byHand: #expect(entry.name.hasPrefix("usps") || entry.isTemporal)
        }
    }

    @Test("a set without an address is an error that says what to get, and nothing is written")
    func noAddress() async {
        do {
            _ = try await DatasetFetcher(folder: folder.path).fetch(DatasetCatalog.usps)
            Issue.record("no error")
        } catch {
            let files = "usps.h5, the HDF5 file with train/data, train/target, test/data and test/target"
            #expect(error == .noAddress(dataset: "usps", files: files, folder: "\(folder.path)/usps"))
            #expect(error.category == .usage)
            #expect(error.description.hasSuffix("or name a server of your own with --url"))
            #expect((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) == [])
        }
    }

    @Test("an HDF5 file is fetched under its own name from the address given, and checked")
    func singleFile() async throws {
        let bytes = HDF5File.signature + noise(100)
        let file = CatalogFile(
            name: "tiny.h5", format: .hdf5(size: bytes.count), digest: .content(SHA256Digest.hex(of: bytes)))
        let layout = DatasetLayout.singleFile(
            HDF5Images(
                file: file, trainCount: 1, testCount: 1, labelCount: 2, labels: [0, 1], division: nil))
        let entry = CatalogEntry(
            name: "tiny", summary: "", licence: "none", source: "this test", classNames: ["0", "1"], width: 1,
            height: 1, note: "", origin: .byHand("tiny.h5"), folderNames: ["tiny"], debianPackage: nil,
            substitute: nil, layout: layout)
        for (served, isRight) in [(HDF5File.signature + noise(99), false), (bytes, true)] {
            try await serving(["tiny.h5": served]) { server in
                let paths = try? await DatasetFetcher(folder: folder.path, address: server.address).fetch(
                    entry)
                #expect(paths == (isRight ? ["\(folder.path)/tiny/tiny.h5"] : nil))
                #expect(namesInFolder == (isRight ? ["tiny.h5"] : []))
            }
        }
    }
}
