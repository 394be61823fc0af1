import Foundation
import Testing

/// The corpus through every reader, without sanitizers: `Scripts/fuzz` looks for new cases with them.
struct ReplayTests {
    private static let corpus = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Corpus").path

    @Test(
        "no reader crashes on any case of its corpus, and each reads its first seed",
        arguments: FuzzedReader.allCases)
    func corpus(reader: FuzzedReader) throws {
        let folder = "\(Self.corpus)/\(reader.rawValue)"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        #expect(!names.isEmpty)
        for name in names {
            let bytes = try [UInt8](Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
            if name.hasPrefix("seed") {
                // Seeds are right: a reader that refuses them is not fuzzed any more.
                #expect(throws: Never.self, "\(reader) \(name)") { try reader.read(bytes) }
            } else {
                #expect(throws: (any Error).self, "\(reader) \(name)") { try reader.read(bytes) }
            }
        }
    }
}
