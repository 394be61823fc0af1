import Files

/// What is put into an HDF5 file that is made.
package struct HDF5Output: Sendable {
    enum Kind: Sendable { case array, attribute, link }

    /// How an array lies in the file.
    package enum Layout: Sendable, Hashable {
        case contiguous
        /// In chunks of these sizes, compressed.
        case chunked([Int])
        /// In another file, which no reader of ours opens.
        case external
        /// A view of an array of another file.
        case virtual
    }

    let kind: Kind
    let name: String
    let type: String
    let dimensions: [Int]
    let layout: Layout
    let bytes: [UInt8]

    /// An array; groups on the way to it are made.
    ///
    /// - Parameters:
    ///   - type: `u1` to `u8`, `i1` to `i8`, `f2` to `f8` (bytes of a number), `b1` for truth values, records as `x u2,p b1`.
    ///   - bytes: the numbers, little-endian, last dimension fastest, without gaps.
    package static func array(
        _ name: String, _ type: String, _ dimensions: [Int], _ bytes: [UInt8], _ layout: Layout = .contiguous
    ) -> HDF5Output {
        HDF5Output(
            kind: .array, name: name, type: type, dimensions: dimensions, layout: layout, bytes: bytes)
    }

    /// An array of numbers that are in memory as in the file.
    package static func numbers<Number: BitwiseCopyable>(
        _ name: String, _ type: String, _ dimensions: [Int], _ numbers: [Number],
        _ layout: Layout = .contiguous
    ) -> HDF5Output {
        array(name, type, dimensions, numbers.withUnsafeBytes(Array.init), layout)
    }

    /// An array whose rows vary in length.
    package static func sequences<Number: BitwiseCopyable>(
        _ name: String, _ type: String, _ rows: [[Number]]
    ) -> HDF5Output {
        let lengths = rows.map { UInt64($0.count) }
        return array(
            name, "*\(type)", [rows.count],
            lengths.withUnsafeBytes(Array.init) + rows.joined().map { $0 }.withUnsafeBytes(Array.init))
    }

    /// An attribute: a single whole number.
    package static func attribute(_ label: String, of name: String, _ number: Int) -> HDF5Output {
        HDF5Output(
            kind: .attribute, name: name, type: "\(label) i8", dimensions: [], layout: .contiguous,
            bytes: withUnsafeBytes(of: Int64(number), Array.init))
    }

    /// An attribute: texts, of fixed length in the file.
    package static func attribute(_ label: String, of name: String, _ texts: [String]) -> HDF5Output {
        let size = max(texts.map(\.utf8.count).max() ?? 1, 1)
        return HDF5Output(
            kind: .attribute, name: name, type: "\(label) t\(size)", dimensions: [texts.count],
            layout: .contiguous,
            bytes: texts.flatMap { Array($0.utf8) + [UInt8](repeating: 0, count: size - $0.utf8.count) })
    }

    /// A link to a path, of another file where one is named.
    package static func link(_ name: String, to path: String, file: String? = nil) -> HDF5Output {
        HDF5Output(
            kind: .link, name: name, type: path, dimensions: [], layout: .contiguous,
            bytes: file.map { Array($0.utf8) + [0] } ?? [])
    }
}

extension HDF5File {
    /// Writes a whole file, or none. The library makes it in memory, in a process of its own.
    ///
    /// - Parameter outputs: an array before its attributes.
    /// - Throws: `FileError` where the library or the system refuses.
    package static func write(_ outputs: [HDF5Output], to path: String) throws(FileError) {
        try AtomicFile.write(try contents(of: outputs, path: path), to: path)
    }

    /// The bytes of a file.
    ///
    /// - Throws: as ``write(_:to:)``.
    package static func contents(of outputs: [HDF5Output], path: String) throws(FileError) -> [UInt8] {
        do throws(HDF5Error) {
            #if HDF5
                return try image(of: outputs, path)
            #else
                throw .builtWithout(path: path)
            #endif
        } catch {
            if case .damaged(_, _, let fault) = error { throw .cannotWrite(path: path, reason: "\(fault)") }
            throw .cannotWrite(path: path, reason: "\(error)")
        }
    }
}

#if HDF5
    import CHDF5Child

    extension HDF5File {
        private static func image(of outputs: [HDF5Output], _ path: String) throws(HDF5Error) -> [UInt8] {
            let size = outputs.reduce(0) { $0 + $1.bytes.count }
            // The numbers, the file that grows, and its copy.
            let limits = HDF5Limits(memory: 8 * size + HDF5Limits().memory, seconds: 3600)
            let child = try HDF5Child(file: -1, path: path, limits: limits)
            do throws(ArrayFault) {
                for output in outputs { _ = try child.ask(HDF5Child.Request(output), largest: 0) }
                return try child.ask(HDF5Child.Request(operation: HDF5_IMAGE), largest: 2 * size + 1 << 28)
                    .bytes
            } catch {
                throw .damaged(path: path, name: HDF5Error.wholeFile, error)
            }
        }
    }

    extension HDF5Child.Request {
        fileprivate init(_ output: HDF5Output) {
            let operation =
                switch output.kind {
                case .array: HDF5_ADD_ARRAY
                case .attribute: HDF5_ADD_ATTRIBUTE
                case .link: HDF5_ADD_LINK
                }
            let (layout, chunk) =
                switch output.layout {
                case .contiguous: (HDF5_CONTIGUOUS, [Int]())
                case .chunked(let chunk): (HDF5_CHUNKED, chunk)
                case .external: (HDF5_EXTERNAL, [])
                case .virtual: (HDF5_VIRTUAL, [])
                }
            self.init(
                operation: operation, kind: layout.rawValue, name: output.name, type: output.type,
                dimensions: output.dimensions, chunk: chunk, payload: output.bytes)
        }
    }
#endif
