import EventRecordings
import Files
import Foundation
import TestSupport
import Testing

@testable import SpikeDatasets

/// A folder as that of N-MNIST, read through a cache.
struct SpikeCacheTests {
    private let folder: TemporaryFolder
    private let cache: String
    private let entry = DatasetCatalog.neuromorphicMNIST[0]

    init() throws {
        folder = try TemporaryFolder()
        cache = folder.path("cache/spikes")
        try write([1, 2, 128, 0, 100] + [3, 4, 0, 0, 200], as: "Train/3/1.bin")
        try write([5, 6, 0, 0, 1], as: "Train/5/1.bin")
        try write([7, 8, 128, 0, 9], as: "Test/0/1.bin")
    }

    private func write(_ bytes: [UInt8], as path: String) throws {
        try folder.write(bytes, as: "n-mnist/\(path)")
    }

    private func load(
        _ input: EventInput = EventInput(), stepCount: Int = 4, cache: String? = nil, isLater: Bool = true
    ) async throws -> [SpikeDataset] {
        // Changes of now are not kept, since another one may follow within the same tick of the file system's clock.
        var path = DatasetSearchPath(only: folder, cache: cache ?? self.cache)
        path.clockLead = isLater ? 10 : 0
        let splits = try await entry.load(input, stepCount: stepCount, from: path)
        guard case (.spikes(let train), .spikes(let test)) = (splits.train, splits.test) else { return [] }
        #expect(splits.files.map(\.name) == ["Train", "Test"])
        return [train, test]
    }

    private func names(_ prefix: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: cache)) ?? []).filter { $0.hasPrefix(prefix) }
    }

    private func isSame(_ one: [SpikeDataset], _ other: [SpikeDataset]) -> Bool {
        zip(one, other).allSatisfy { one, other in
            one.labels == other.labels && one.shape == other.shape && one.account == other.account
                && one.raster(Array(0..<one.count)) == other.raster(Array(0..<other.count))
        } && one.count == other.count
    }

    @Test("what comes from the cache is what was read, and each way of reading has its own")
    func hits() async throws {
        let read = try await load(cache: "off")
        #expect(names("").isEmpty)
        #expect(isSame(try await load(), read))
        #expect(names("spikes-").count == 1 && names("stat-").count == 1)
        #expect(isSame(try await load(), read))
        _ = try await load(EventInput(transforms: EventPipeline(["flip=x"])))
        _ = try await load(stepCount: 5)
        #expect(names("spikes-").count == 3 && names("stat-").count == 1)
    }

    @Test("a recording that changed is read anew")
    func changes() async throws {
        let before = try await load()
        try write([9, 9, 0, 0, 1], as: "Train/5/1.bin")
        let after = try await load(isLater: false)
        #expect(!isSame(before, after))
        #expect(isSame(after, try await load(cache: "off")))
        #expect(names("stat-").count == 1, "a change of now is not trusted")
        #expect(isSame(after, try await load()))
    }

    @Test("a damaged file of the cache is made anew")
    func damage() async throws {
        let read = try await load()
        let path = "\(cache)/\(names("spikes-")[0])"
        let right = try [UInt8](Data(contentsOf: URL(filePath: path)))
        for changed in [[], Array(right.dropLast()), right + [0], Array(right.prefix(90))]
            + stride(from: 0, to: right.count, by: 7).map({ place in
                var bytes = right
                bytes[place] ^= 4
                return bytes
            })
        {
            try Data(changed).write(to: URL(filePath: path))
            #expect(isSame(try await load(), read))
            #expect(try [UInt8](Data(contentsOf: URL(filePath: path))) == right)
        }
        let state = "\(cache)/\(names("stat-")[0])"
        try Data("nonsense\n".utf8).write(to: URL(filePath: state))
        #expect(isSame(try await load(), read))
    }

    @Test("bytes that claim what they do not hold are refused, also with a digest that is right")
    func hostile() async throws {
        let list = SpikeList(rows: [1, 0, 2, 1], inputs: [3, 0, 1, 2], events: [(5, 1), (3, 0)])
        let part = SpikeCache.Part(digest: String(repeating: "a", count: 64), labels: [1, 0], spikes: list)
        let bytes = SpikeCacheFile.bytes(SpikeCache.Parts(train: part, test: part))
        func read(_ bytes: [UInt8], steps: Int = 2, inputs: Int = 4, classes: Int = 2) -> SpikeCache.Parts? {
            SpikeCacheFile.parts(bytes, stepCount: steps, inputCount: inputs, classCount: classes)
        }
        let parts = try #require(read(bytes))
        #expect(SpikeCacheFile.bytes(parts) == bytes)
        #expect(
            read(bytes, steps: 3) == nil && read(bytes, inputs: 3) == nil && read(bytes, classes: 1) == nil)
        let start = 15 + 65
        for place in start..<bytes.count {
            for value: UInt8 in [0, 1, 0x7F, 0xFF] {
                var changed = Array(bytes[start...])
                changed[place - start] = value
                let digest = Array("\(SHA256Digest.hex(of: changed))\n".utf8)
                _ = read(Array(bytes[..<15]) + digest + changed)
            }
        }
    }

    @Test("a cache that cannot be written is none")
    func unwritable() async throws {
        let read = try await load(cache: "off")
        #expect(isSame(try await load(cache: "/dev/null/cache"), read))
    }

    @Test("where spikes are kept")
    func folders() {
        func folder(_ environment: [String: String]) -> String? {
            DatasetSearchPath(environment: environment).cacheFolder
        }
        #expect(folder(["HOME": "/home/u"]) == "/home/u/.cache/sqsnn")
        #expect(folder(["HOME": "/home/u", "XDG_CACHE_HOME": "/x"]) == "/x/sqsnn")
        #expect(folder(["XDG_CACHE_HOME": "/x", "SQSNN_CACHE": "/c"]) == "/c")
        #expect(folder(["SQSNN_CACHE": "off"]) == nil)
    }
}
