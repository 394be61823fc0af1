import Files

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
    package var copyCount: Int { self == .npz ? 2 : 3 }

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
            #if HDF5
                try HDF5File.write(arrays, to: path)
            #else
                try check(path)
            #endif
        }
    }
}
