import Foundation
import TestSupport
import Testing

@testable import Files

@Suite("Files of arrays as numpy.savez writes them")
struct NPZFileTests {
    static let arrays = [
        NamedArray(["hidden", "spikes"], dimensions: [2, 3, 1], .bytes([0, 1, 1, 0, 0, 1])),
        NamedArray(
            ["c <&>/..", "memory"], dimensions: [1, 2, 2],
            .floats([0.1, -2, 3e-30, .greatestFiniteMagnitude]),
            labels: ["potential", "µ"]),
        NamedArray(["none", "memory"], dimensions: [2, 3, 0], .floats([]), labels: []),
    ]

    private struct Read: Decodable {
        let type: String
        let shape: [Int]
        let numbers: [Double]
        let texts: [String]
    }

    @Test(
        "numpy reads them, with sums that are right",
        .enabled(if: Python.has("numpy"), "python3 has no numpy"))
    func numpy() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("arrays.npz")
        try NPZFile.write(Self.arrays, to: path)
        let text = try Python.run(
            """
            import json, numpy, sys, zipfile
            assert zipfile.ZipFile(sys.argv[1]).testzip() is None
            arrays = numpy.load(sys.argv[1])
            print(json.dumps({name: {
                "type": array.dtype.str, "shape": array.shape,
                "numbers": [] if array.dtype.kind == "S" else array.ravel().tolist(),
                "texts": [t.decode() for t in array.ravel()] if array.dtype.kind == "S" else []}
                for name, array in arrays.items()}))
            """, path)
        let read = try JSONDecoder().decode([String: Read].self, from: text)
        let odd = Self.arrays[1].name
        #expect(
            Set(read.keys) == ["hidden/spikes", odd, odd + "_labels", "none/memory", "none/memory_labels"])
        #expect(odd.hasPrefix("c-----") && odd.hasSuffix("/memory") && odd.split(separator: "/").count == 2)
        let spikes = try #require(read["hidden/spikes"])
        #expect(spikes.type == "|u1" && spikes.shape == [2, 3, 1] && spikes.numbers == [0, 1, 1, 0, 0, 1])
        let memory = try #require(read[odd])
        #expect(memory.type == "<f4" && memory.shape == [1, 2, 2])
        #expect(memory.numbers.map { Float($0) } == [0.1, -2, 3e-30, .greatestFiniteMagnitude])
        #expect(read[odd + "_labels"]?.texts == ["potential", "µ"])
        #expect(read["none/memory"]?.shape == [2, 3, 0] && read["none/memory_labels"]?.shape == [0])
    }

    /// CRC-32 bit by bit, as ISO 3309 defines it.
    private func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(~0 as UInt32) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
    }

    // Offsets: APPNOTE.TXT of PKWARE, and numpy's description of NPY 1.0.
    @Test("byte by byte: a stored archive with sizes of 64 bits, numbers at a multiple of 64 in their file")
    func layout() throws {
        let array = NamedArray(["a"], dimensions: [2], .bytes([7, 9]))
        let bytes = NPZFile.bytes(of: [array])
        func number(_ offset: Int, _ size: Int) -> Int {
            (0..<size).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
        }
        let file = Array(bytes[30 + 5 + 20..<30 + 5 + 20 + 128 + 2])
        #expect(bytes.starts(with: Array("PK\u{3}\u{4}".utf8)) && number(8, 2) == 0)
        #expect(number(14, 4) == Int(checksum(file)))
        #expect(number(26, 2) == 5 && number(28, 2) == 20)
        #expect(String(decoding: bytes[30..<35], as: UTF8.self) == "a.npy")
        #expect(number(39, 8) == file.count && number(47, 8) == file.count)
        #expect(Array(file.prefix(8)) == [0x93] + Array("NUMPY".utf8) + [1, 0] && file.suffix(2) == [7, 9])
        #expect(Int(file[8]) + 10 == 128 && file[127] == UInt8(ascii: "\n"))
        let header = String(decoding: file[10..<127], as: UTF8.self)
        #expect(
            header.trimmingCharacters(in: .whitespaces)
                == "{'descr': '|u1', 'fortran_order': False, 'shape': (2, ), }")
        // From the end: the end record, the locator, and what it leads to.
        let locator = bytes.count - 22 - 20
        #expect(number(locator, 4) == 0x0706_4b50)
        let end = number(locator + 8, 8)
        #expect(number(end, 4) == 0x0606_4b50 && number(end + 24, 8) == 1)
        let directory = number(end + 48, 8)
        #expect(directory == 30 + 5 + 20 + file.count && number(directory, 4) == 0x0201_4b50)
        #expect(number(end + 40, 8) == end - directory)
        // The offset of the file is the last field.
        #expect(number(end - 8, 8) == 0)
    }
}
