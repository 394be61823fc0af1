#if HDF5
    import CHDF5
    import Files
    import Synchronization

    extension HDF5File {
        /// One caller at a time: HDF5 keeps its state in global variables, and not every build of it has locks.
        static let library = Mutex<Void>(())

        /// Reads an array.
        ///
        /// Nothing is allocated on the word of the file alone: a shape that its bytes cannot hold is refused.
        /// Only numbers that lie in this file are read; a link, external storage or a virtual data set could lead
        /// to any other file of the machine.
        ///
        /// - Parameters:
        ///   - name: path from the root group, `train/data` for one.
        ///   - expected: the size of each dimension, `nil` where any will do.
        /// - Throws: ``DatasetError/damaged(path:_:)`` with ``FileFault/array(_:_:)``.
        func array<Element: HDF5Element>(
            _ name: String, of type: Element.Type, dimensions expected: [Int?]
        ) throws(DatasetError) -> HDF5Array<Element> {
            do throws(ArrayFault) {
                return try Self.library.withLock { _ throws(ArrayFault) in
                    try withQuietLibrary { () throws(ArrayFault) in
                        let file = try open()
                        defer { H5Idec_ref(file) }
                        try requireOwnObject(name, in: file)
                        let dataset = try checked(H5Dopen2(file, name, hdf5DefaultProperties()))
                        defer { H5Idec_ref(dataset) }
                        return try read(dataset, of: type, dimensions: expected)
                    }
                }
            } catch {
                throw .damaged(path: path, .array(name, error))
            }
        }

        /// Opens the bytes as a file in memory that is never written.
        private func open() throws(ArrayFault) -> hid_t {
            let access = try checked(H5Pcreate(hdf5FileAccess()))
            defer { H5Idec_ref(access) }
            _ = try checked(H5Pset_fapl_core(access, 1 << 20, false))
            // HDF5 copies the bytes; its C type lacks the const.
            let status = bytes.withUnsafeBytes {
                H5Pset_file_image(access, UnsafeMutableRawPointer(mutating: $0.baseAddress), $0.count)
            }
            _ = try checked(status)
            // HDF5 wants a name that no file has, and below a file there is none.
            return try checked(H5Fopen("\(path)/in memory", hdf5ReadOnly(), access))
        }

        /// Makes sure that each name on the way is there and leads to an object of this file.
        private func requireOwnObject(_ name: String, in file: hid_t) throws(ArrayFault) {
            var group = "/"
            for component in name.split(separator: "/") {
                let path = group == "/" ? String(component) : "\(group)/\(component)"
                guard try checked(H5Lexists(file, path, hdf5DefaultProperties())) > 0 else {
                    throw .absent(found: try names(in: group, of: file))
                }
                guard try checked(hdf5IsHardLink(file, path)) > 0 else { throw .elsewhere }
                group = path
            }
        }

        /// The first names in a group, as paths.
        private func names(in group: String, of file: hid_t) throws(ArrayFault) -> [String] {
            var information = H5G_info_t()
            _ = try checked(H5Gget_info_by_name(file, group, &information, hdf5DefaultProperties()))
            var names: [String] = []
            for index in 0..<min(information.nlinks, 20) {
                var name = [CChar](repeating: 0, count: 100)
                let length = H5Lget_name_by_idx(
                    file, group, H5_INDEX_NAME, H5_ITER_INC, index, &name, name.count, hdf5DefaultProperties()
                )
                _ = try checked(length)
                let text = String(
                    decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
                names.append(group == "/" ? text : "\(group)/\(text)")
            }
            return names
        }

        private func read<Element: HDF5Element>(
            _ dataset: hid_t, of type: Element.Type, dimensions expected: [Int?]
        ) throws(ArrayFault) -> HDF5Array<Element> {
            let stored = try NumberType(of: dataset)
            guard stored.fits(type.kind) else {
                throw .wrongType(found: stored.description, expected: type.kind.rawValue)
            }
            let (dimensions, maxima) = try shape(of: dataset)
            guard dimensions.count == expected.count,
                zip(dimensions, expected).allSatisfy({ $0 == $1 ?? $0 })
            else {
                throw .wrongShape(found: dimensions, expected: expected)
            }
            let largest = try largestSize(of: dataset, elementSize: stored.size, maxima: maxima)
            let count = try self.count(dimensions, elementSize: stored.size, largest: largest)

            var status: herr_t = 0
            let elements = [Element](unsafeUninitializedCapacity: count) { buffer, initializedCount in
                if count > 0 {
                    let inMemory = type.kind == .floatingPoint ? hdf5Double() : hdf5Int64()
                    status = H5Dread(
                        dataset, inMemory, hdf5WholeSpace(), hdf5WholeSpace(), hdf5DefaultProperties(),
                        buffer.baseAddress)
                }
                initializedCount = status >= 0 ? count : 0
            }
            _ = try checked(status)
            return HDF5Array(dimensions: dimensions, elements: elements)
        }

        /// The size of each dimension, and to what it may grow.
        private func shape(of dataset: hid_t) throws(ArrayFault) -> (dimensions: [Int], maxima: [Int]) {
            let space = try checked(H5Dget_space(dataset))
            defer { H5Idec_ref(space) }
            let rank = Int(try checked(H5Sget_simple_extent_ndims(space)))
            var sizes = [hsize_t](repeating: 0, count: rank)
            var maxima = sizes
            _ = try checked(H5Sget_simple_extent_dims(space, &sizes, &maxima))
            return (sizes.map { Int(clamping: $0) }, maxima.map { Int(clamping: $0) })
        }

        /// The most bytes that the array can have in the file: all of the file, many times over if it is packed in
        /// chunks.
        private func largestSize(
            of dataset: hid_t, elementSize: Int, maxima: [Int]
        ) throws(ArrayFault) -> Int {
            let creation = try checked(H5Dget_create_plist(dataset))
            defer { H5Idec_ref(creation) }
            let layout = H5Pget_layout(creation)
            _ = try checked(layout.rawValue)
            guard layout != H5D_VIRTUAL, try checked(H5Pget_external_count(creation)) == 0 else {
                throw .elsewhere
            }
            guard layout == H5D_CHUNKED else { return bytes.count }
            let largest = bytes.count * GzipReader.largestRatio
            var sizes = [hsize_t](repeating: 0, count: Int(H5S_MAX_RANK))
            let rank = Int(try checked(H5Pget_chunk(creation, Int32(sizes.count), &sizes)))
            let chunk = sizes.prefix(rank).map { Int(clamping: $0) }
            // HDF5 writes no such chunk, and reads past the end of its memory where a damaged file has one.
            guard chunk.count == maxima.count, zip(chunk, maxima).allSatisfy({ $0 <= $1 }) else {
                throw .unreadable(reason: "its chunks are larger than the array")
            }
            // A chunk is held whole while it is read.
            _ = try count(chunk, elementSize: elementSize, largest: largest)
            return largest
        }

        /// The number of elements, if that many bytes are possible.
        private func count(
            _ dimensions: [Int], elementSize: Int, largest: Int
        ) throws(ArrayFault) -> Int {
            var size = elementSize
            for dimension in dimensions {
                let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
                guard !overflow, product <= largest else {
                    throw .impossibleSize(dimensions: dimensions, largest: largest)
                }
                size = product
            }
            return size / elementSize
        }
    }

    /// The type of the elements in the file.
    private struct NumberType: CustomStringConvertible {
        let typeClass: H5T_class_t
        /// Bytes of an element.
        let size: Int
        let isSigned: Bool

        init(of dataset: hid_t) throws(ArrayFault) {
            let type = try checked(H5Dget_type(dataset))
            defer { H5Idec_ref(type) }
            typeClass = H5Tget_class(type)
            _ = try checked(typeClass.rawValue)
            size = max(1, H5Tget_size(type))
            isSigned = typeClass == H5T_INTEGER && H5Tget_sign(type) == H5T_SGN_2
        }

        /// Whether every such number can be converted without loss.
        func fits(_ kind: HDF5NumberKind) -> Bool {
            switch kind {
            case .floatingPoint: typeClass == H5T_FLOAT && size <= 8
            case .integer: typeClass == H5T_INTEGER && (size < 8 || size == 8 && isSigned)
            }
        }

        var description: String {
            switch typeClass {
            case H5T_INTEGER: "\(8 * size)-bit \(isSigned ? "signed" : "unsigned") integers"
            case H5T_FLOAT: "\(8 * size)-bit floating-point numbers"
            case H5T_STRING: "text"
            case H5T_COMPOUND: "records"
            default: "elements that are no numbers"
            }
        }
    }

    /// Keeps HDF5 from printing its errors, and restores what it did before.
    func withQuietLibrary<Result>(
        _ body: () throws(ArrayFault) -> Result
    ) throws(ArrayFault) -> Result {
        var printer: H5E_auto2_t?
        var printerData: UnsafeMutableRawPointer?
        H5Eget_auto2(hdf5ErrorStack(), &printer, &printerData)
        H5Eset_auto2(hdf5ErrorStack(), nil, nil)
        defer { H5Eset_auto2(hdf5ErrorStack(), printer, printerData) }
        return try body()
    }

    /// A result of HDF5, whose negative numbers mean errors.
    func checked<Number: BinaryInteger>(_ result: Number) throws(ArrayFault) -> Number {
        guard result >= 0 else { throw .unreadable(reason: "HDF5: \(libraryMessage())") }
        return result
    }

    /// What HDF5 says about its last error: the innermost of its messages, which is the cause.
    private func libraryMessage() -> String {
        var messages: [String] = []
        withUnsafeMutablePointer(to: &messages) { pointer in
            _ = H5Ewalk2(
                hdf5ErrorStack(), H5E_WALK_UPWARD,
                { _, description, list in
                    if let text = description?.pointee.desc {
                        list?.assumingMemoryBound(to: [String].self).pointee.append(String(cString: text))
                    }
                    return 0
                }, pointer)
        }
        return messages.first ?? "no reason given"
    }
#else
    extension HDF5File {
        func array<Element: HDF5Element>(
            _ name: String, of type: Element.Type, dimensions expected: [Int?]
        ) throws(DatasetError) -> HDF5Array<Element> {
            throw .builtWithout(path: path, library: "HDF5")
        }
    }
#endif
