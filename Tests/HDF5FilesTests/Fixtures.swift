import Files

@testable import HDF5Files

/// Bytes of a small file.
func hdf5(_ outputs: [HDF5Output]) throws -> [UInt8] { try HDF5File.contents(of: outputs, path: "made.h5") }

/// 0, 0.25 … 5.75, in an array of 2 × 3 × 4.
let quarters = (0..<24).map { Float($0) / 4 }

func fileOfQuarters(_ layout: HDF5Output.Layout = .contiguous) throws -> [UInt8] {
    try hdf5([.numbers("part/numbers", "f4", [2, 3, 4], quarters, layout)])
}

/// What opening a file, and what follows, is refused for; nil if it is not.
func fault(of bytes: [UInt8], _ read: (HDF5File) throws -> Void) throws -> ArrayFault? {
    do {
        try read(HDF5File(contents: bytes, path: "made.h5"))
        return nil
    } catch let error as HDF5Error {
        guard case .damaged("made.h5", _, let fault) = error else { throw error }
        return fault
    }
}

/// Whether all numbers of a file can be had.
///
/// Of some files the library does not come back: they have a second.
func readAll(_ bytes: [UInt8]) -> Bool {
    do throws(HDF5Error) {
        let file = try HDF5File(
            contents: bytes, path: "made.h5", limits: HDF5Limits(memory: 1 << 28, seconds: 1))
        for case .array(let array) in try file.entries() {
            for field in array.fields.indices {
                if array.varies {
                    for row in 0..<min(array.rowCount, 3) { _ = try file.realSequence(array, row: row) }
                } else if array.fields[field].element.isWhole {
                    _ = try file.integers(array, field: field)
                } else {
                    _ = try file.reals(array, field: field)
                }
            }
        }
        return true
    } catch {
        return false
    }
}
