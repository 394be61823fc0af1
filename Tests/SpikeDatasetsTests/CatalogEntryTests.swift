import Files
import TestSupport
import Testing

@testable import SpikeDatasets

@Suite("Loading a data set by name")
struct CatalogEntryTests {
    let folder: TemporaryFolder
    let tiny = TinyDataset()

    init() throws {
        folder = try TemporaryFolder()
    }

    private func load(_ entry: CatalogEntry? = nil) async throws -> DatasetSplits<ImageDataset> {
        try await (entry ?? tiny.entry()).loadImages(from: DatasetSearchPath(only: folder))
    }

    private func error(_ entry: CatalogEntry? = nil) async -> DatasetError? {
        do {
            _ = try await load(entry)
            return nil
        } catch {
            return error as? DatasetError
        }
    }

    @Test("images, labels, digests and the note on the split arrive", arguments: [true, false])
    func loads(gzipped: Bool) async throws {
        try tiny.write(to: folder, gzipped: gzipped)
        let splits = try await load()
        #expect(splits.train.pixels == noise(36))
        #expect(splits.train.labels == [0, 1, 2, 0, 1, 2])
        #expect(try splits.test.image(at: 1) == Array(noise(54)[42..<48]))
        #expect(splits.note == "six and three")
        #expect(splits.files.map(\.verification) == Array(repeating: .contentMatches, count: 4))
        #expect(Set(splits.digests.keys) == Set(tiny.contents.keys))
    }

    @Test("the other accepted folder name works, and the folder itself in the search path")
    func folderNames() async throws {
        try tiny.write(to: folder, as: "Tiny/raw")
        #expect(try await load().train.count == 6)
        let itself = DatasetSearchPath(environment: ["SQSNN_DATA": "/nowhere:\(folder.path)/Tiny/raw"])
        #expect(try await tiny.entry().loadImages(from: itself).test.count == 3)
    }

    @Test("the search path is SQSNN_DATA, then the user's folder, then Debian's")
    func searchPath() {
        let path = DatasetSearchPath(environment: ["SQSNN_DATA": "/a:/b", "HOME": "/home/u"])
        #expect(path.folders == ["/a", "/b", "/home/u/.local/share/sqsnn", "/usr/share/datasets"])
        let moved = DatasetSearchPath(environment: ["XDG_DATA_HOME": "/x", "HOME": "/home/u"])
        #expect(moved.folders == ["/x/sqsnn", "/usr/share/datasets"])
        #expect(moved.userFolder == "/x/sqsnn")
    }

    @Test("a missing set names the folders looked in and every remedy")
    func missing() async throws {
        try tiny.write(to: folder)
        try folder.write([], as: "other/t10k-labels-idx1-ubyte")
        let entry = tiny.entry()
        let elsewhere = try TemporaryFolder()
        try elsewhere.write([], as: "tiny/train-images-idx3-ubyte.gz")
        #expect {
            _ = try entry.paths(in: DatasetSearchPath(only: elsewhere))
        } throws: { error in
            let text = String(describing: error)
            return (error as? DatasetError)?.category == .badInput
                && text.contains(
                    "\(elsewhere.path)/tiny lacks train-labels-idx1-ubyte, t10k-images-idx3-ubyte")
                && text.contains("apt-get install dataset-tiny") && text.contains("sqsnn data fetch tiny")
                && text.contains("SQSNN_DATA") && text.contains("/usr/share/datasets")
        }
    }

    @Test("an unknown name is a usage error that lists the known ones")
    func unknown() {
        #expect(throws: DatasetError.unknownDataset("mnits", known: DatasetCatalog.names)) {
            _ = try DatasetCatalog.entry(named: "mnits")
        }
        let error = DatasetError.unknownDataset("mnits", known: DatasetCatalog.names)
        #expect(error.category == .usage && error.description.contains("fashion-mnist"))
    }

    @Test("where only the KMNIST test pair is there, kmnist points to kmnist-8k2k")
    func substitute() async throws {
        try folder.write([], as: "kmnist/t10k-images-idx3-ubyte.gz")
        try folder.write([], as: "kmnist/t10k-labels-idx1-ubyte.gz")
        let text = try #require(await error(DatasetCatalog.kmnist)).description
        #expect(text.contains("use kmnist-8k2k"))
    }

    @Test("a label file of another length, and a label that is no class, are errors")
    func labels() async throws {
        try tiny.write(to: folder, replacing: ["t10k-labels-idx1-ubyte": idx([4], [0, 1, 2, 0])])
        guard case .damaged(let path, .labelCount(found: 4, images: 3)) = await error() else {
            Issue.record("no error for four labels")
            return
        }
        #expect(path.hasSuffix("t10k-labels-idx1-ubyte.gz"))
        try tiny.write(to: folder, replacing: ["train-labels-idx1-ubyte": idx([6], [0, 1, 2, 0, 3, 2])])
        guard case .damaged(_, .labelOutOfRange(label: 3, position: 4, classCount: 3)) = await error() else {
            Issue.record("no error for label 3")
            return
        }
    }

    @Test("contents with another digest are refused, with both digests in the message")
    func wrongDigest() async throws {
        var images = tiny.trainImages
        images[20] ^= 1
        try tiny.write(to: folder, replacing: ["train-images-idx3-ubyte": images])
        guard case .damaged(_, .wrongDigest(let found, let expected)) = await error() else {
            Issue.record("no error for a changed pixel")
            return
        }
        #expect(found != expected && found.count == 64 && expected.count == 64)
    }

    @Test("a set known by its archives is compared with them, and says so where it cannot be")
    func archives() async throws {
        let entry = tiny.entry(digestsOfArchives: true)
        try tiny.write(to: folder)
        #expect(try await load(entry).files.allSatisfy { $0.verification == .archiveMatches })
        try tiny.write(to: folder, as: "Tiny/raw", gzipped: false)
        let plain = DatasetSearchPath(environment: ["SQSNN_DATA": "\(folder.path)/Tiny/raw"])
        let splits = try await entry.loadImages(from: plain)
        #expect(splits.files.allSatisfy { $0.verification == .nothingToCompare })
        try folder.write(gzip(tiny.trainImages, level: 0), as: "tiny/train-images-idx3-ubyte.gz")
        guard case .damaged(_, .wrongDigest) = await error(entry) else {
            Issue.record("no error for another archive")
            return
        }
    }

    // 36 pixels of 255; 18 of 0 with one of 255: 1/18 = 0.0556.
    @Test("mean intensities have three decimals, from white to nearly black")
    func meanIntensities() async throws {
        let entry = tiny.entry(digestsOfArchives: true)
        let dark = [255] + [UInt8](repeating: 0, count: 17)
        try tiny.write(
            to: folder, gzipped: false,
            replacing: [
                "train-images-idx3-ubyte": idx([6, 2, 3], [UInt8](repeating: 255, count: 36)),
                "t10k-images-idx3-ubyte": idx([3, 2, 3], dark),
            ])
        let lines = DatasetSummary(entry, try await load(entry).labelled).lines
        #expect(lines.contains("  train     6 images, mean intensity 1.000"))
        #expect(lines.contains("  test      3 images, mean intensity 0.056"))
    }

    @Test("every message is one line")
    func oneLine() async throws {
        var errors: [DatasetError] = [.unknownDataset("x", known: ["y"])]
        errors.append(try #require(await error()))
        try tiny.write(to: folder, replacing: ["t10k-labels-idx1-ubyte": []])
        errors.append(try #require(await error()))
        #expect(errors.allSatisfy { !$0.description.contains("\n") })
    }
}
