import Files
import HDF5Files

/// A kind of file that arrays are written to, by the ending of its name.
package enum ArrayFile: String, Sendable, CaseIterable {
    case npz = ".npz"
    case hdf5 = ".h5"

    package init?(ofFile path: String) {
        guard
            let kind = Self.allCases.first(where: {
                path.utf8.reversed().starts(with: $0.rawValue.utf8.reversed())
            })
        else { return nil }
        self = kind
    }

    /// Copies of the numbers that are held while a file is made.
    package var copyCount: Int { self == .npz ? 2 : 4 }

    /// Refuses a kind that this program cannot write.
    ///
    /// - Throws: ``DatasetError/builtWithout(path:library:)``.
    package func check(_ path: String) throws(DatasetError) {
        #if !HDF5
            if self == .hdf5 { throw .builtWithout(path: path, library: "HDF5") }
        #endif
    }

    /// Writes a whole file, or none.
    ///
    /// - Throws: as ``check(_:)``, and `FileError` where the system or the library refuses.
    package func write(_ arrays: [NamedArray], to path: String) throws {
        switch self {
        case .npz: try NPZFile.write(arrays, to: path)
        case .hdf5:
            try check(path)
            try HDF5File.write(arrays.flatMap(HDF5Output.outputs), to: path)
        }
    }
}

extension HDF5Output {
    /// An array in groups that its name's path says, its labels as an attribute `labels`, texts of fixed length.
    fileprivate static func outputs(_ array: NamedArray) -> [HDF5Output] {
        let numbers =
            switch array.elements {
            case .bytes(let bytes): HDF5Output.array(array.name, "u1", array.dimensions, bytes)
            case .floats(let floats): HDF5Output.numbers(array.name, "f4", array.dimensions, floats)
            }
        return [numbers] + (array.labels.map { [.attribute("labels", of: array.name, $0)] } ?? [])
    }
}
