#if HDF5
    import CHDF5
    import Files

    extension HDF5File {
        /// Writes arrays, contiguous, into groups that their names' paths say; labels are an attribute `labels` of an array,
        /// texts of fixed length. The library makes the file in memory, and it is written as a whole (`AtomicFile`).
        ///
        /// - Throws: `FileError` where the library or the system refuses.
        static func write(_ arrays: [NamedArray], to path: String) throws(FileError) {
            let bytes: [UInt8]
            do throws(ArrayFault) {
                bytes = try library.withLock { _ throws(ArrayFault) in
                    try withQuietLibrary { () throws(ArrayFault) in try image(of: arrays, path) }
                }
            } catch {
                throw .cannotWrite(path: path, reason: "\(error)")
            }
            try AtomicFile.write(bytes, to: path)
        }

        private static func image(of arrays: [NamedArray], _ path: String) throws(ArrayFault) -> [UInt8] {
            let access = try checked(H5Pcreate(hdf5FileAccess()))
            defer { H5Idec_ref(access) }
            _ = try checked(H5Pset_fapl_core(access, 1 << 20, false))
            let file = try checked(
                H5Fcreate("\(path)/in memory", hdf5Truncate(), hdf5DefaultProperties(), access))
            defer { H5Fclose(file) }
            for array in arrays { try add(array, to: file) }
            _ = try checked(H5Fflush(file, H5F_SCOPE_GLOBAL))
            var bytes = [UInt8](repeating: 0, count: Int(try checked(H5Fget_file_image(file, nil, 0))))
            _ = try checked(H5Fget_file_image(file, &bytes, bytes.count))
            return bytes
        }

        private static func add(_ array: NamedArray, to file: hid_t) throws(ArrayFault) {
            let links = try checked(H5Pcreate(hdf5LinkCreation()))
            defer { H5Idec_ref(links) }
            _ = try checked(H5Pset_create_intermediate_group(links, 1))
            let creation = try checked(H5Pcreate(hdf5DatasetCreation()))
            defer { H5Idec_ref(creation) }
            // Equal arrays give equal bytes.
            _ = try checked(H5Pset_obj_track_times(creation, false))
            let space = try self.space(array.dimensions)
            defer { H5Idec_ref(space) }
            let type =
                switch array.elements {
                case .bytes: hdf5UInt8()
                case .floats: hdf5Float()
                }
            let dataset = try checked(
                H5Dcreate2(file, array.name, type, space, links, creation, hdf5DefaultProperties()))
            defer { H5Idec_ref(dataset) }
            func write(_ numbers: UnsafeRawPointer) -> herr_t {
                H5Dwrite(
                    dataset, type, hdf5WholeSpace(), hdf5WholeSpace(), hdf5DefaultProperties(), numbers)
            }
            switch array.elements {
            case .bytes(let bytes): _ = try checked(write(bytes))
            case .floats(let floats): _ = try checked(write(floats))
            }
            if let labels = array.labels { try add(labels.map { Array($0.utf8) }, to: dataset) }
        }

        private static func add(_ labels: [[UInt8]], to dataset: hid_t) throws(ArrayFault) {
            let size = max(labels.map(\.count).max() ?? 1, 1)
            let type = try checked(H5Tcopy(hdf5Text()))
            defer { H5Idec_ref(type) }
            _ = try checked(H5Tset_size(type, size))
            _ = try checked(H5Tset_strpad(type, H5T_STR_NULLPAD))
            _ = try checked(H5Tset_cset(type, H5T_CSET_UTF8))
            let space = try self.space([labels.count])
            defer { H5Idec_ref(space) }
            let properties = hdf5DefaultProperties()
            let attribute = try checked(H5Acreate2(dataset, "labels", type, space, properties, properties))
            defer { H5Idec_ref(attribute) }
            guard !labels.isEmpty else { return }
            let text = labels.flatMap { $0 + [UInt8](repeating: 0, count: size - $0.count) }
            _ = try checked(H5Awrite(attribute, type, text))
        }

        private static func space(_ dimensions: [Int]) throws(ArrayFault) -> hid_t {
            try checked(H5Screate_simple(Int32(dimensions.count), dimensions.map { hsize_t($0) }, nil))
        }
    }
#endif
