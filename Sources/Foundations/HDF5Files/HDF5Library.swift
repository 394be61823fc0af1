#if HDF5
    import CHDF5Child
#endif

/// The library itself, for `sqsnn doctor`.
package enum HDF5Library {
    /// Its version, and whether it unpacks compressed arrays.
    ///
    /// - Throws: ``HDF5Error``, for a program built without it as well.
    package static func version() throws(HDF5Error) -> (text: String, hasDeflate: Bool) {
        #if HDF5
            let path = "HDF5"
            let child = try HDF5Child(file: -1, path: path, limits: HDF5Limits())
            do throws(ArrayFault) {
                let reply = try child.ask(HDF5Child.Request(operation: HDF5_VERSION), largest: 16)
                let numbers = reply.bytes.withUnsafeBytes { Array($0.bindMemory(to: UInt32.self)) }
                guard numbers.count == 4 else { throw .unreadable(reason: "no version") }
                return (numbers.prefix(3).map(String.init).joined(separator: "."), numbers[3] != 0)
            } catch {
                throw .damaged(path: path, name: HDF5Error.wholeFile, error)
            }
        #else
            throw .builtWithout(path: "HDF5")
        #endif
    }
}
