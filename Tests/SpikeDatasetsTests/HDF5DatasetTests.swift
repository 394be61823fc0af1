#if HDF5
    import Files
    import Foundation
    import HDF5Files
    import TestSupport
    import Testing

    @testable import SpikeDatasets

    /// A data set of tiny images in one HDF5 file, with the layout of USPS.
    private struct TinyHDF5 {
        var trainLabels: [Int32] = [0, 1, 2, 1, 2, 0]
        var testLabels: [Int32] = [2, 2, 1]
        /// Six and three images of 2 × 3 pixels; all different.
        var intensities = (0..<54).map { Float($0) / 100 }

        func bytes() throws -> [UInt8] {
            let outputs: [HDF5Output] = [
                .numbers("train/data", "f4", [6, 6], Array(intensities[..<36]), .chunked([2, 6])),
                .numbers("train/target", "i4", [6], trainLabels),
                .numbers("test/data", "f4", [3, 6], Array(intensities[36...])),
                .numbers("test/target", "i4", [3], testLabels),
            ]
            return try HDF5File.contents(of: outputs, path: "tiny.h5")
        }

        func entry(
            of bytes: [UInt8], labels: [Int] = [0, 1, 2], division: StratifiedDivision? = nil
        ) -> CatalogEntry {
            let file = CatalogFile(
                name: "tiny.h5", format: .hdf5(size: bytes.count),
                digest: .content(SHA256Digest.hex(of: bytes)))
            return CatalogEntry(
                name: "tiny", summary: "nine images", licence: "none", source: "this test",
                classNames: labels.map(String.init), width: 3, height: 2, note: "six and three",
                origin: .byHand("tiny.h5"), folderNames: ["tiny"], debianPackage: nil, substitute: nil,
                layout: .singleFile(
                    HDF5Images(
                        file: file, trainCount: 6, testCount: 3, labelCount: 3, labels: labels,
                        division: division)))
        }
    }

    @Suite("Data sets in one HDF5 file")
    struct HDF5DatasetTests {
        let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder()
        }

        private func load(
            _ tiny: TinyHDF5 = TinyHDF5(), labels: [Int] = [0, 1, 2], division: StratifiedDivision? = nil
        ) async throws -> DatasetSplits<ImageDataset> {
            let bytes = try tiny.bytes()
            try folder.write(bytes, as: "tiny/tiny.h5")
            return try await tiny.entry(of: bytes, labels: labels, division: division).loadImages(
                from: DatasetSearchPath(only: folder))
        }

        private func fault(_ tiny: TinyHDF5) async -> FileFault? {
            do {
                _ = try await load(tiny)
                return nil
            } catch {
                guard case .damaged(_, let fault)? = error as? DatasetError else { return nil }
                return fault
            }
        }

        @Test("intensities become the nearest bytes, labels stay, and the file's digest is kept")
        func loads() async throws {
            let splits = try await load()
            // 2.55 times the position, to the nearest integer: by hand.
            #expect(try splits.train.image(at: 0) == [0, 3, 5, 8, 10, 13])
            #expect(try splits.test.image(at: 2) == [122, 125, 128, 130, 133, 135])
            #expect(splits.train.labels == [0, 1, 2, 1, 2, 0] && splits.test.labels == [2, 2, 1])
            #expect(splits.files.map(\.verification) == [.contentMatches])
            let written = [UInt8](try Data(contentsOf: URL(filePath: folder.path("tiny/tiny.h5"))))
            #expect(splits.digests == ["tiny.h5": SHA256Digest.hex(of: written)])
        }

        @Test("some labels alone become classes 0, 1 … in the order wanted")
        func someLabels() async throws {
            let splits = try await load(labels: [2, 1])
            #expect(splits.train.labels == [1, 0, 1, 0] && splits.train.classNames == ["2", "1"])
            #expect(splits.test.labels == [0, 0, 1])
            let all = try await load().train
            #expect(splits.train.pixels == all.gather([1, 2, 3, 4]))
        }

        @Test("a division takes both parts from the training images")
        func divided() async throws {
            let splits = try await load(
                labels: [1, 2], division: StratifiedDivision(trainCount: 2, testCount: 2, seed: 0))
            #expect(splits.train.classCounts == [1, 1] && splits.test.classCounts == [1, 1])
            let all = try await load().train
            let images = Set((0..<2).flatMap { [splits.train.gather([$0]), splits.test.gather([$0])] })
            #expect(images == Set([1, 2, 3, 4].map { all.gather([$0]) }))
        }

        // 1/510 of full scale is half a step of a byte.
        @Test("each of the 2,001 grey values of USPS becomes a byte within 1/510 of it")
        func rounding() throws {
            for step in 0...2000 {
                let intensity = Double(Float(step) / 2000)
                let pixel = try #require(ImageDataset.pixel(ofIntensity: intensity))
                #expect(abs(Double(pixel) / 255 - intensity) <= 1.0 / 510 + 1e-15)
            }
            #expect(ImageDataset.pixel(ofIntensity: 0.5) == 128 && ImageDataset.pixel(ofIntensity: 1) == 255)
        }

        @Test("an intensity outside 0…1 and a label that is no class are errors that name their place")
        func outOfRange() async throws {
            for value in [-0.001, 1.001, .nan, .infinity] as [Float] {
                var tiny = TinyHDF5()
                tiny.intensities[40] = value
                guard
                    case .array("test/data", .outOfRange(_, position: 4, expected: "0…1")) = await fault(tiny)
                else {
                    Issue.record("no error for \(value)")
                    continue
                }
            }
            for label in [-1, 3] as [Int32] {
                var tiny = TinyHDF5()
                tiny.trainLabels[5] = label
                let expected = ArrayFault.outOfRange(value: "\(label)", position: 5, expected: "0…2")
                #expect(await fault(tiny) == .array("train/target", expected))
            }
        }

        @Test("a changed file is refused by its digest before HDF5 sees it")
        func wrongDigest() async throws {
            let bytes = try TinyHDF5().bytes()
            // Only the signature is right: HDF5 itself would refuse the file in other words.
            try folder.write(HDF5File.signature + [0, 1, 2], as: "tiny/tiny.h5")
            await #expect {
                _ = try await TinyHDF5().entry(of: bytes).loadImages(from: DatasetSearchPath(only: folder))
            } throws: { error in
                guard case .damaged(_, .wrongDigest)? = error as? DatasetError else { return false }
                return true
            }
        }

        @Test("an HDF5 file of which only an archive's digest is known is not opened")
        func archiveDigest() throws {
            let bytes = try TinyHDF5().bytes()
            let path = try folder.write(bytes, as: "tiny/tiny.h5")
            let file = CatalogFile(
                name: "tiny.h5", format: .hdf5(size: bytes.count),
                digest: .archive(SHA256Digest.hex(of: bytes)))
            #expect(throws: DatasetError.damaged(path: path, .nothingToCompare)) {
                _ = try file.openHDF5(at: path)
            }
        }

        @Test("a missing file is told with what to get and where to put it")
        func missing() async throws {
            let entry = TinyHDF5().entry(of: [])
            await #expect {
                _ = try await entry.loadImages(from: DatasetSearchPath(only: folder))
            } throws: { error in
                "\(error)".contains("get tiny.h5, and put it into \(folder.path)/home/sqsnn/tiny, or name")
            }
        }
    }
#endif
