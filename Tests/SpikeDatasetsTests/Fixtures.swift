import CZlib
import Files
import Foundation
import TestSupport

@testable import SpikeDatasets

/// The bytes of an IDX file of bytes.
func idx(_ dimensions: [UInt32], _ elements: [UInt8], magic: UInt32? = nil) -> [UInt8] {
    let words = [magic ?? 0x0800 + UInt32(dimensions.count)] + dimensions
    return words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } }
        + elements
}

/// One gzip member, made by zlib.
func gzip(_ bytes: [UInt8], level: Int32 = 6) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(
        &stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
    let length = input.withUnsafeMutableBufferPointer { source in
        output.withUnsafeMutableBufferPointer { target in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            stream.next_out = target.baseAddress
            stream.avail_out = UInt32(target.count)
            deflate(&stream, Z_FINISH)
            return target.count - Int(stream.avail_out)
        }
    }
    return Array(output[..<length])
}

/// Bytes without a pattern, always the same: x ← x·1664525 + 1013904223 modulo 2³², highest byte.
func noise(_ count: Int) -> [UInt8] {
    var state: UInt32 = 1
    return (0..<count).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return UInt8(state >> 24)
    }
}

/// A data set of tiny images with the layout of MNIST, and the bytes of its files.
struct TinyDataset {
    let trainImages = idx([6, 2, 3], noise(36))
    let trainLabels = idx([6], [0, 1, 2, 0, 1, 2])
    let testImages = idx([3, 2, 3], Array(noise(54)[36...]))
    let testLabels = idx([3], [2, 1, 0])

    var contents: [String: [UInt8]] {
        [
            "train-images-idx3-ubyte": trainImages, "train-labels-idx1-ubyte": trainLabels,
            "t10k-images-idx3-ubyte": testImages, "t10k-labels-idx1-ubyte": testLabels,
        ]
    }

    /// The files as a server has them, packed.
    var archives: [String: [UInt8]] {
        Dictionary(uniqueKeysWithValues: contents.map { ("\($0).gz", gzip($1)) })
    }

    /// The catalogue entry that describes it.
    ///
    /// - Parameter digestsOfArchives: whether the entry knows the gzip files only.
    func entry(digestsOfArchives: Bool = false) -> CatalogEntry {
        func file(_ name: String, _ dimensions: [Int], _ bytes: [UInt8]) -> CatalogFile {
            let digest: ExpectedDigest =
                digestsOfArchives
                ? .archive(SHA256Digest.hex(of: gzip(bytes))) : .content(SHA256Digest.hex(of: bytes))
            return CatalogFile(name: name, format: .idx(dimensions: dimensions), digest: digest)
        }
        return CatalogEntry(
            name: "tiny", summary: "nine images", licence: "none", source: "this test",
            classNames: ["a", "b", "c"], width: 3, height: 2, note: "six and three",
            origin: .address("http://127.0.0.1:1/"), folderNames: ["tiny", "Tiny/raw"],
            debianPackage: "dataset-tiny",
            substitute: nil,
            layout: .trainAndTest(
                ImagePair(
                    count: 6, images: file("train-images-idx3-ubyte", [6, 2, 3], trainImages),
                    labels: file("train-labels-idx1-ubyte", [6], trainLabels)),
                ImagePair(
                    count: 3, images: file("t10k-images-idx3-ubyte", [3, 2, 3], testImages),
                    labels: file("t10k-labels-idx1-ubyte", [3], testLabels))))
    }

    /// Writes all files into a folder, gzipped or not; `replacing` names files that get other bytes.
    func write(
        to folder: TemporaryFolder, as name: String = "tiny", gzipped: Bool = true,
        replacing: [String: [UInt8]] = [:]
    ) throws {
        for (file, bytes) in contents.merging(replacing, uniquingKeysWith: { $1 }) {
            let path = "\(name)/\(file)" + (gzipped ? ".gz" : "")
            try folder.write(gzipped ? gzip(bytes) : bytes, as: path)
        }
    }
}

extension DatasetSearchPath {
    /// Only this folder, and Debian's.
    ///
    /// - Parameter cache: a folder for spikes, or `off`.
    init(only folder: TemporaryFolder, cache: String = "off") {
        self.init(environment: [
            "SQSNN_DATA": folder.path, "XDG_DATA_HOME": "\(folder.path)/home", "SQSNN_CACHE": cache,
        ])
    }
}
