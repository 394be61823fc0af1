import Files
import Glibc
import TestSupport
import Testing

@testable import SpikeDatasets

@Suite("IDX files")
struct IDXFileTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// The fault of a file with these bytes.
    private func fault(_ bytes: [UInt8], _ dimensions: [Int?] = [nil, nil, nil]) throws -> FileFault? {
        let path = try folder.write(bytes, as: "file")
        do {
            _ = try IDXFile(path: path, dimensions: dimensions)
            return nil
        } catch .damaged(let place, let fault) {
            #expect(place == path)
            return fault
        } catch {
            throw error
        }
    }

    @Test("plain, compressed and stored contents give the same array and the same digest")
    func compression() throws {
        // Longer than the reader's piece of 256 KiB, both compressed and not.
        let elements = noise(1_000_000)
        let plain = idx([1000, 10, 100], elements)
        for bytes in [plain, gzip(plain), gzip(plain, level: 0)] {
            let file = try IDXFile(path: try folder.write(bytes, as: "file"), dimensions: [nil, nil, nil])
            #expect(file.dimensions == [1000, 10, 100])
            #expect(file.elements == elements)
            #expect(file.digests.content == SHA256Digest.hex(of: plain))
        }
    }

    @Test("gzip members one after the other are one file", arguments: [1, 16, 30, 46])
    func members(cut: Int) throws {
        let plain = idx([3, 2, 5], noise(30))
        let bytes = gzip(Array(plain[..<cut])) + gzip([]) + gzip(Array(plain[cut...]))
        #expect(
            try IDXFile(path: try folder.write(bytes, as: "file"), dimensions: [nil, nil, nil]).elements
                == noise(30))
    }

    // As gzip -d, which takes zero bytes after the end in silence.
    @Test(
        "zero bytes after the end of a gzip file are padding, other bytes are an error",
        arguments: [1, 1536, 100_000])
    func padding(count: Int) throws {
        let plain = idx([3, 2, 5], noise(30))
        let padded = gzip(plain) + [UInt8](repeating: 0, count: count)
        let file = try IDXFile(path: try folder.write(padded, as: "file"), dimensions: [3, 2, 5])
        #expect(file.elements == noise(30))
        // Padding is no part of the archive.
        #expect(file.digests.archive == SHA256Digest.hex(of: gzip(plain)))
        guard case .gzip(.corrupt)? = try fault(padded + [7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7], [nil, nil, nil])
        else {
            Issue.record("bytes after the padding were taken")
            return
        }
        #expect(try fault(plain + [UInt8](repeating: 0, count: count), [3, 2, 5]) != nil)
    }

    @Test("a file larger than what it should hold can ever be is not read")
    func tooLarge() throws {
        let bytes = [UInt8](repeating: 0, count: 131_072 + 100)
        let path = try folder.write(bytes, as: "file")
        #expect(
            throws: DatasetError.unreadable(
                .tooLarge(path: path, bytes: bytes.count, limit: 24 + 3 + 131_072))
        ) { try IDXFile(path: path, dimensions: [2, 3, 4]) }
    }

    @Test("dimensions of any size are refused beyond 2³⁰ elements, whatever the file could hold")
    func largestCount() throws {
        // 1.1 · 10⁹ bytes that are never written: a sparse file.
        let path = try folder.write(idx([1 << 15, 1 << 15, 2], []), as: "sparse")
        try #require(truncate(path, 1_100_000_000) == 0)
        #expect {
            _ = try IDXFile(path: path, dimensions: [nil, nil, nil])
        } throws: { error in
            (error as? DatasetError)
                == .damaged(
                    path: path,
                    .impossibleSize(dimensions: [1 << 15, 1 << 15, 2], largest: IDXFile.largestCount))
        }
    }

    @Test("gzip is recognised by its contents, not by the name")
    func recognition() throws {
        let plain = idx([4], [1, 2, 3, 4])
        #expect(
            try IDXFile(path: try folder.write(plain, as: "labels.gz"), dimensions: [nil]).elements == [
                1, 2, 3, 4,
            ])
        let path = try folder.write(gzip(plain), as: "labels")
        #expect(try IDXFile(path: path, dimensions: [nil]).elements == [1, 2, 3, 4])
    }

    @Test("a gzip file cut anywhere is an error, never a shorter array")
    func truncatedGzip() throws {
        let bytes = gzip(idx([2, 10, 10], noise(200)))
        for length in 0..<bytes.count {
            let fault = try #require(try fault(Array(bytes[..<length])), "cut after \(length) bytes")
            switch fault {
            case .gzip(.truncated) where length >= 2: break
            // Too little is left to be recognised as gzip, or to hold what the header announces.
            case .tooShort where length < 2, .wrongMagic where length < 2: break
            case .impossibleSize: break
            default: Issue.record("cut after \(length) bytes: \(fault)")
            }
        }
    }

    @Test("a changed bit after the gzip header is an error, or changes nothing; never another array")
    func corruptGzip() throws {
        let elements = noise(200)
        let bytes = gzip(idx([2, 10, 10], elements))
        for position in 10..<bytes.count {
            var changed = bytes
            changed[position] ^= 0x10
            // Some bits mean nothing, as those between the header and the data of a stored block.
            let file = try? IDXFile(path: try folder.write(changed, as: "file"), dimensions: [nil, nil, nil])
            #expect(file == nil || file?.elements == elements, "byte \(position)")
        }
        var checksum = bytes
        checksum[bytes.count - 8] ^= 1
        #expect(try fault(checksum) == .gzip(.corrupt(inflated: 216, reason: "incorrect data check")))
    }

    @Test("a wrong magic number is named, with the right one")
    func magic() throws {
        let fault = try fault(idx([1, 1, 1], [0], magic: 0x0D03))
        #expect(fault == .wrongMagic(found: 0x0D03, expected: 0x0803))
        #expect(fault?.description.contains("0x00000d03") == true)
        #expect(try self.fault(Array("<html>not found</html>".utf8), [nil]) != nil)
    }

    @Test("other dimensions than the catalogue's are an error before the contents are read")
    func dimensions() throws {
        #expect(
            try fault(idx([2, 3, 3], noise(18)), [2, 3, 4])
                == .wrongDimensions(found: [2, 3, 3], expected: "2 × 3 × 4"))
    }

    @Test("too few and too many bytes are errors, plain and gzipped")
    func length() throws {
        let whole = idx([2, 3, 3], noise(18))
        #expect(try fault(Array(whole[..<10])) == .tooShort(found: 10, expected: 16))
        #expect(try fault(Array(whole.dropLast())) == .impossibleSize(dimensions: [2, 3, 3], largest: 17))
        #expect(try fault(gzip(Array(whole.dropLast()))) == .tooShort(found: 33, expected: 34))
        #expect(try fault(whole + [0]) == .trailingBytes(expected: 34))
        #expect(try fault(gzip(whole + [0])) == .trailingBytes(expected: 34))
        #expect(try fault(gzip(whole) + gzip([0])) == .trailingBytes(expected: 34))
        #expect(try fault([]) == .tooShort(found: 0, expected: 16))
    }

    @Test("a header that claims more than the file can hold is refused before anything is allocated")
    func hostileSizes() throws {
        let sizes: [[UInt32]] = [
            [1 << 31, 1 << 31, 1], [.max, .max, .max], [1 << 16, 1 << 16, 1 << 16], [1 << 31, 0, 1 << 31],
        ]
        for size in sizes {
            for bytes in [idx(size, noise(100)), gzip(idx(size, noise(100)))] {
                guard case .impossibleSize = try fault(bytes) else {
                    Issue.record("\(size) was not refused")
                    continue
                }
            }
        }
    }

    @Test("a file that is not there, a folder, a pipe without writer and a device cannot be read")
    func unreadable() throws {
        try #require(mkfifo(folder.path("pipe"), 0o600) == 0)
        for path in ["\(folder.path)/missing", folder.path, folder.path("pipe"), "/dev/zero"] {
            #expect {
                _ = try IDXFile(path: path, dimensions: [nil])
            } throws: { error in
                guard case .unreadable(let reason)? = error as? DatasetError else { return false }
                return reason.description.hasPrefix("\(path): ")
            }
        }
    }
}
