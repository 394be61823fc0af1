import Foundation
import TestSupport

@testable import EventRecordings

/// The events of a file with these bytes.
func events(
    _ bytes: [UInt8], name: String, format: EventFormat? = nil, pieceSize: Int = 1 << 16
) throws -> [Event] {
    let folder = try TemporaryFolder()
    let path = folder.path + "/" + name
    try Data(bytes).write(to: URL(filePath: path))
    var (_, reader) = try EventFile.open(path, format: format)
    var all: [Event] = []
    try reader.forEachPiece(of: pieceSize) { all += $0 }
    return all
}

func littleEndian<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian, Array.init)
}

func bigEndian<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian, Array.init)
}
