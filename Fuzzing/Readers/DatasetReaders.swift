import Files
@testable import SpikeDatasets

/// Files of data sets, before their digest is known.
enum DatasetReaders {
    static func idx(_ path: String) throws {
        _ = try? IDXFile(path: path, dimensions: [nil])
        _ = try IDXFile(path: path, dimensions: [nil, 2, 3])
    }

    static func gzip(_ path: String) throws {
        let reader = try GzipReader(path: path, sizeLimit: 1 << 20)
        var bytes: [UInt8] = []
        try reader.read(1 << 20, into: &bytes)
        _ = try reader.isAtEnd()
    }
}
