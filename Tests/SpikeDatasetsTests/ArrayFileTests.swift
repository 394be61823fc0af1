import Files
import Foundation
import HDF5Files
import TestSupport
import Testing

@testable import SpikeDatasets

@Suite("Files of arrays")
struct ArrayFileTests {
    static let arrays = [
        NamedArray(["input", "spikes"], dimensions: [2, 3, 1], .bytes([0, 1, 1, 0, 0, 1])),
        NamedArray(
            ["hidden", "memory"], dimensions: [1, 2, 2], .floats([0.1, -2, 3e-30, 5]),
            labels: ["potential", "x"]),
        NamedArray(["hidden", "none"], dimensions: [2, 3, 0], .floats([]), labels: []),
    ]

    @Test("the ending says the kind")
    func kinds() {
        #expect(ArrayFile(ofFile: "a/b.npz") == .npz && ArrayFile(ofFile: "b.h5") == .hdf5)
        #expect(ArrayFile(ofFile: "b.npy") == nil && ArrayFile(ofFile: "npz") == nil)
    }

    #if HDF5
        @Test(
            "an HDF5 file has the arrays in groups, equal arrays give equal bytes, and nothing else is left")
        func hdf5() throws {
            let folder = try TemporaryFolder()
            let path = folder.path("arrays.h5")
            try ArrayFile.hdf5.write(Self.arrays, to: path)
            let bytes = try InputFile.read(path)
            let file = try HDF5File(path: path)
            #expect(
                try file.integers(file.array("input/spikes", dimensions: [2, 3, 1])) == [0, 1, 1, 0, 0, 1])
            let memory = try file.reals(file.array("hidden/memory", dimensions: [1, 2, 2]))
            #expect(memory.map { Float($0) } == [0.1, -2, 3e-30, 5])
            #expect(try file.reals(file.array("hidden/none", dimensions: [2, 3, 0])) == [])
            try ArrayFile.hdf5.write(Self.arrays, to: folder.path("again.h5"))
            #expect(try InputFile.read(folder.path("again.h5")) == bytes)
            #expect(folder.names == ["again.h5", "arrays.h5"])
            #expect(throws: FileError.self) {
                try ArrayFile.hdf5.write(Self.arrays, to: folder.path("none/arrays.h5"))
            }
        }

        @Test("h5py reads it, labels too", .enabled(if: Python.has("h5py"), "python3 has no h5py"))
        func h5py() throws {
            let folder = try TemporaryFolder()
            let path = folder.path("arrays.h5")
            try ArrayFile.hdf5.write(Self.arrays, to: path)
            let text = try Python.run(
                """
                import h5py, sys
                with h5py.File(sys.argv[1]) as file:
                    spikes, memory, none = file["input/spikes"], file["hidden/memory"], file["hidden/none"]
                    print(spikes.dtype, spikes.shape, spikes[()].ravel().tolist(), memory.dtype, memory.shape,
                          [t.decode() for t in memory.attrs["labels"]], none.shape, len(none.attrs["labels"]))
                """, path)
            #expect(
                String(decoding: text, as: UTF8.self)
                    == "uint8 (2, 3, 1) [0, 1, 1, 0, 0, 1] float32 (1, 2, 2) ['potential', 'x'] (2, 3, 0) 0\n"
            )
        }
    #else
        @Test("without the library the kind is refused before anything is written, with what to do")
        func without() throws {
            let error = #expect(throws: DatasetError.self) { try ArrayFile.hdf5.check("a.h5") }
            #expect(error == .builtWithout(path: "a.h5", library: "HDF5"))
        }
    #endif
}
