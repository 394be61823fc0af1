#if HDF5
    import CHDF5
    import Foundation
    import TestSupport

    @testable import SpikeDatasets

    /// Makes small HDF5 files for tests, with HDF5 itself.
    struct HDF5Writer {
        /// The file while it is written.
        let file: hid_t

        /// The bytes of a file with what the body puts into it.
        static func bytes(_ body: (HDF5Writer) throws -> Void) throws -> [UInt8] {
            let folder = try TemporaryFolder()
            let path = "\(folder.path)/made.h5"
            try HDF5File.library.withLock { _ in
                let file = H5Fcreate(path, hdf5Truncate(), hdf5DefaultProperties(), hdf5DefaultProperties())
                defer { H5Fclose(file) }
                try body(HDF5Writer(file: file))
            }
            return [UInt8](try Data(contentsOf: URL(filePath: path)))
        }

        /// How an array lies in the file.
        enum Layout {
            case contiguous
            /// In chunks of these sizes, compressed.
            case chunked([Int])
            /// In another file.
            case external(String)
            /// A view of an array of another file.
            case virtual(String)
        }

        /// Adds an array; groups on the way to it are made.
        func add<Number: BitwiseCopyable>(
            _ name: String, _ type: hid_t, _ dimensions: [Int], _ elements: [Number],
            _ layout: Layout = .contiguous
        ) {
            let links = H5Pcreate(hdf5LinkCreation())
            H5Pset_create_intermediate_group(links, 1)
            let creation = H5Pcreate(hdf5DatasetCreation())
            let sizes = dimensions.map { hsize_t($0) }
            let space = H5Screate_simple(Int32(sizes.count), sizes, nil)
            switch layout {
            case .contiguous: break
            case .chunked(let chunk):
                H5Pset_chunk(creation, Int32(chunk.count), chunk.map { hsize_t($0) })
                H5Pset_deflate(creation, 6)
            case .external(let path):
                H5Pset_external(creation, path, 0, hsize_t(dimensions.reduce(H5Tget_size(type), *)))
            case .virtual(let path):
                H5Pset_virtual(creation, space, path, "other", space)
            }
            let dataset = H5Dcreate2(file, name, type, space, links, creation, hdf5DefaultProperties())
            precondition(dataset >= 0, "HDF5 refuses to make \(name)")
            if !elements.isEmpty {
                H5Dwrite(
                    dataset, type, hdf5WholeSpace(), hdf5WholeSpace(), hdf5DefaultProperties(), elements)
            }
            for identifier in [dataset, space, creation, links] { H5Idec_ref(identifier) }
        }

        /// Adds a link to a path of this file or, where one is named, of another.
        func addLink(_ name: String, to path: String, file other: String? = nil) {
            let properties = hdf5DefaultProperties()
            if let other {
                H5Lcreate_external(other, path, file, name, properties, properties)
            } else {
                H5Lcreate_soft(path, file, name, properties, properties)
            }
        }
    }
#endif
