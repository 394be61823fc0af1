import Files
import Glibc

/// A file in the Hierarchical Data Format 5 (The HDF Group) that is read, by its library in a process of its own.
///
/// The library is old and large, and files made to break it do. Such a file ends that process, takes no more memory and time
/// than ``HDF5Limits``, and is an error here. Only numbers that lie in the file are read: a link, external storage or a
/// virtual data set could lead to any other file of the machine.
package final class HDF5File: Sendable {
    package static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

    /// For messages.
    package let path: String
    /// In bytes.
    package let size: Int

    #if HDF5
        let child: HDF5Child
    #endif

    /// Opens a file.
    ///
    /// - Parameter path: the file; a gzipped one is first copied into a temporary file, of ``copyLimit`` bytes at most.
    /// - Throws: ``HDF5Error``.
    package convenience init(path: String, limits: HDF5Limits = HDF5Limits()) throws(HDF5Error) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        defer { if descriptor >= 0 { close(descriptor) } }
        var start: [UInt8] = [0, 0]
        if descriptor >= 0, pread(descriptor, &start, 2, 0) == 2, start != [0x1F, 0x8B] {
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                throw .unreadable(.notAFile(path: path))
            }
            try self.init(descriptor, size: Int(status.st_size), path: path, limits)
            return
        }
        // Whatever is wrong with the file, the reader says it.
        let copy: PrivateFile
        let name: String
        do throws(FileError) {
            (copy, name) = try Self.copy(path)
        } catch {
            throw .unreadable(error)
        }
        defer { withExtendedLifetime(copy) {} }
        try self.init(copy.descriptor, size: copy.size, path: name, limits)
    }

    /// Opens what is in memory.
    ///
    /// - Parameter path: for messages.
    /// - Throws: ``HDF5Error``.
    package convenience init(
        contents: [UInt8], path: String, limits: HDF5Limits = HDF5Limits()
    ) throws(HDF5Error) {
        let copy: PrivateFile
        do throws(FileError) { copy = try PrivateFile(holding: contents, keepsName: true) } catch {
            throw .unreadable(error)
        }
        // The library asks for the name of what it opens; afterwards it is gone.
        defer { withExtendedLifetime(copy) {} }
        try self.init(copy.descriptor, size: contents.count, path: path, limits)
    }

    private init(_ descriptor: Int32, size: Int, path: String, _ limits: HDF5Limits) throws(HDF5Error) {
        (self.path, self.size) = (path, size)
        #if HDF5
            child = try HDF5Child(file: descriptor, path: path, limits: limits)
        #else
            throw .builtWithout(path: path)
        #endif
    }

    /// HDF5 reads here and there in a file, which gzip does not allow.
    package static let copyLimit = 1 << 32

    private static func copy(_ path: String) throws(FileError) -> (PrivateFile, name: String) {
        let reader = try GzipReader(path: path, sizeLimit: copyLimit)
        let file = try PrivateFile(keepsName: true)
        var (piece, size) = ([UInt8](), 0)
        repeat {
            piece.removeAll(keepingCapacity: true)
            try reader.read(1 << 20, into: &piece)
            guard size + piece.count <= copyLimit else {
                throw .tooLarge(path: reader.path, bytes: size + piece.count, limit: copyLimit)
            }
            try file.write(piece, at: size)
            size += piece.count
        } while !piece.isEmpty
        return (file, reader.path)
    }

    func damaged(_ name: String, _ fault: ArrayFault) -> HDF5Error {
        .damaged(path: path, name: name.isEmpty ? HDF5Error.wholeFile : name, fault)
    }

    /// The most bytes that numbers can have in the file: all of it, many times over if they are packed in chunks.
    func largestSize(isChunked: Bool) -> Int {
        isChunked ? size.multipliedReportingOverflow(by: GzipReader.largestRatio).partialValue : size
    }
}
