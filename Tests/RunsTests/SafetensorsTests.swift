import Files
import Foundation
import TestSupport
import Testing

@testable import Runs

/// The byte-exact file was written by safetensors 0.8.0 for Python:
/// `safetensors.numpy.save({"weight": float32 [[1, 2.5], [-3, 0]], "angle": float64 [0.5], "mask": uint8 [7]},
/// metadata={"format": "test"})`.
struct SafetensorsTests {
    let contents = SafetensorsFile(
        [
            "weight": Tensor([Float(1), 2.5, -3, 0], shape: [2, 2]),
            "angle": Tensor([0.5]),
            "mask": Tensor([UInt8(7)]),
        ], metadata: ["format": "test"])

    @Test("equal contents give the bytes of the reference implementation")
    func referenceBytes() throws {
        let header =
            #"{"__metadata__":{"format":"test"},"angle":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"#
            + #""weight":{"dtype":"F32","shape":[2,2],"data_offsets":[8,24]},"#
            + #""mask":{"dtype":"U8","shape":[1],"data_offsets":[24,25]}}"#
        let bytes = try contents.encoded
        let length = Int(bytes[0]) + Int(bytes[1]) << 8
        #expect(length % 8 == 0)
        #expect(
            String(decoding: bytes[8..<8 + length], as: UTF8.self).trimmingCharacters(in: .whitespaces)
                == header)
        #expect(
            Array(bytes[(8 + length)...]) == [
                0, 0, 0, 0, 0, 0, 0xE0, 0x3F,  // 0.5
                0, 0, 0x80, 0x3F, 0, 0, 0x20, 0x40, 0, 0, 0x40, 0xC0, 0, 0, 0, 0,  // 1, 2.5, -3, 0
                7,
            ])
    }

    @Test("every element type, empty tensors, scalars and odd names survive a round trip through a file")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        var file = SafetensorsFile(
            [
                "": Tensor([UInt8](), shape: [0]),
                "empty": Tensor([Float](), shape: [3, 0, 2]),
                "scalar": Tensor([Int64.min], shape: []),
                "layers/0 \"quoted\" \n ü": Tensor([UInt64.max, 0]),
                "i": Tensor([Int32.min, -1, .max], shape: [3, 1]),
                "d": Tensor([Double.greatestFiniteMagnitude, -.infinity, .leastNonzeroMagnitude]),
            ], metadata: ["note": "a \"quoted\" \\ text\n", "another": ""])
        file["f"] = Tensor([Float.pi, -0.0])
        try file.write(to: folder.path("x.safetensors"))
        let read = try SafetensorsFile(readingFrom: folder.path("x.safetensors"))
        #expect(read.entries == file.entries)
        #expect(read.metadata == file.metadata)
        #expect(
            read.entries.map(\.name) == ["layers/0 \"quoted\" \n ü", "scalar", "d", "empty", "f", "i", ""])
        #expect(try read.values("scalar", as: Int64.self, shape: []) == [.min])
    }

    @Test("a request for a tensor that is absent or of another kind names file, tensor, found and expected")
    func requests() throws {
        let file = SafetensorsFile(contents.tensorMap, source: "run/checkpoint.safetensors")
        #expect(
            throws: SafetensorsError.missingTensor(
                file: "run/checkpoint.safetensors", name: "bias", found: ["angle", "weight", "mask"])
        ) { try file.values("bias", as: Float.self) }
        let shape = #expect(throws: SafetensorsError.self) {
            try file.values("weight", as: Float.self, shape: [4, 1])
        }
        #expect(
            shape?.description == "run/checkpoint.safetensors: weight.shape: found [2, 2], expected [4, 1]")
        let type = #expect(throws: SafetensorsError.self) { try file.values("weight", as: Double.self) }
        #expect(type?.description == "run/checkpoint.safetensors: weight.dtype: found F32, expected F64")
    }
}

/// Hostile files: each breaks one rule of the format, and the message must name the file and the field.
struct SafetensorsHostileFileTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let header: String
        var data: [UInt8] = [0, 0, 0, 0]
        let message: String
        var testDescription: String { message }
    }

    static let cases = [
        Case(header: "", data: [], message: "header: found no '{' at byte 8"),
        Case(header: " {}", data: [], message: "header: found no '{' at byte 8"),
        Case(header: #"{"a":"#, message: "header: not valid JSON"),
        Case(header: "{} {}", message: "header: not valid JSON"),
        Case(header: String(repeating: "{\"a\":", count: 5000), message: "header: not valid JSON"),
        Case(header: "[1]", message: "header: found no '{' at byte 8"),
        Case(header: #"{"a":3}"#, message: "header: a: found a number, expected an object"),
        Case(
            header: #"{"__metadata__":{"k":1}}"#,
            message: "header: __metadata__.k: found a number, expected a string"),
        Case(
            header: #"{"a":{"dtype":"F32","shape":[1]}}"#,
            message: "header: a.data_offsets: the field is missing"),
        Case(
            header: #"{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}"#,
            message: "a.dtype: found 'F16', expected one of U64, I64, F64, F32, I32, U8"),
        Case(
            header: #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
            message: "a.data_offsets: found 4 bytes, expected 8 for F32 of shape [2]"),
        Case(
            header: #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
            message: "a.shape: found [-1]"),
        Case(
            header: #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#,
            message: "a.shape: found [4611686018427387904, 4]"),
        Case(
            header: #"{"a":{"dtype":"F32","shape":[1e30],"data_offsets":[0,4]}}"#,
            message: "header: a.shape[0]: found 1e30, expected an integer"),
        Case(
            header: #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#,
            message: "a.data_offsets: found [4, 0]"),
        Case(
            header: #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#,
            message: "a.data_offsets: found [-4, 0]"),
        Case(
            header: #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#,
            message: "a.data_offsets: found [0]"),
        Case(
            header: #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
            data: [UInt8](repeating: 0, count: 8),
            message: "a.data_offsets: found a start at 4, expected 0"),
        Case(
            header: #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
                + #""b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#,
            data: [UInt8](repeating: 0, count: 12), message: "b.data_offsets: found a start at 4, expected 8"),
        Case(
            header: #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
            message: "found 4 bytes, expected 8 of numbers, to the end of tensor 'a'"),
        Case(
            header: #"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}"#,
            message: "data: found 4 bytes, expected 3"),
        Case(
            header: #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"#
                + #""\u0061":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#,
            message: "header: not valid JSON (line 1, column 54): the field 'a' is given twice"),
        Case(
            header: #"{"a":{"dtype":"U8","shape":[4],"shape":[4],"data_offsets":[0,4]}}"#,
            message: "header: not valid JSON (line 1, column 32): the field 'shape' is given twice"),
    ]

    @Test("a broken header or data section is refused", arguments: cases)
    func broken(_ broken: Case) throws {
        let length = (0..<8).map { UInt8(truncatingIfNeeded: broken.header.utf8.count >> (8 * $0)) }
        let bytes = length + Array(broken.header.utf8) + broken.data
        let error = #expect(throws: SafetensorsError.self) {
            try SafetensorsFile(decoding: bytes, source: "f.safetensors")
        }
        let description = try #require(error?.description)
        #expect(description.hasPrefix("f.safetensors: \(broken.message)"), "\(description)")
        #expect(error?.category == .badInput)
    }

    @Test("a file cut anywhere is refused, and so is a header length beyond the file")
    func truncated() throws {
        let bytes = try SafetensorsTests().contents.encoded
        for count in 0..<bytes.count {
            #expect(throws: SafetensorsError.self, "cut at \(count)") {
                try SafetensorsFile(decoding: Array(bytes[..<count]), source: "f")
            }
        }
        for length in [UInt8(0xFF), 0x7F] {
            let huge = [UInt8](repeating: 0xFF, count: 7) + [length] + Array("{}".utf8)
            #expect(throws: SafetensorsError.self) { try SafetensorsFile(decoding: huge, source: "f") }
        }
    }

    @Test("random damage to any byte is read or refused, never a crash")
    func damage() throws {
        let bytes = try SafetensorsTests().contents.encoded
        for index in bytes.indices {
            for replacement in [UInt8(0), 0x22, 0x7B, 0x5C, 0xFF] {
                var damaged = bytes
                damaged[index] = replacement
                _ = try? SafetensorsFile(decoding: damaged, source: "f")
            }
        }
    }

    @Test(
        "a folder, a device and a missing file are refused by name",
        arguments: ["/tmp", "/dev/zero", "/no/such/file"])
    func noFile(_ path: String) {
        let error = #expect(throws: FileError.self) { try SafetensorsFile(readingFrom: path) }
        #expect(error?.description.hasPrefix(path) == true)
        #expect(error?.category == .badInput)
    }
}

extension SafetensorsFile {
    fileprivate var tensorMap: [String: Tensor] {
        Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.tensor) })
    }
}
