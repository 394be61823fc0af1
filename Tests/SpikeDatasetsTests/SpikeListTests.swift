#if HDF5
    import EventRecordings
    import HDF5Files
    import TestSupport
    import Testing

    @testable import SpikeDatasets

    /// Files as those of SHD, with a few samples, by our own writer; one by h5py was compared by hand.
    struct SpikeListTests {
        private let folder: TemporaryFolder
        private let entry = DatasetCatalog.spikingHeidelbergDigits

        init() throws { folder = try TemporaryFolder() }

        /// Of 16 bits: 0, 0.5 and 1 second.
        private static let (zero, half, one) = (UInt16(0), UInt16(0x3800), UInt16(0x3C00))

        private func write(
            _ name: String, labels: [UInt16], times: [[UInt16]], units: [[UInt16]], as other: String? = nil
        ) throws {
            let outputs: [HDF5Output] = [
                .sequences("spikes/times", "f2", times), .sequences("spikes/units", "u2", units),
                .numbers("labels", "u2", [labels.count], labels),
                .numbers("extra/speaker", "u2", [labels.count], labels),
            ]
            try folder.write(HDF5File.contents(of: outputs, path: name), as: "shd/\(other ?? name)")
        }

        private func writeAll() throws {
            try write(
                "shd_train.h5", labels: [3, 3, 19],
                times: [[Self.zero, Self.half, Self.one], [], [Self.half, Self.zero]],
                units: [[0, 699, 5], [], [7, 8]])
            try write("shd_test.h5", labels: [0], times: [[Self.one]], units: [[1]])
        }

        private func load(stepCount: Int = 4) async throws -> DatasetSplits<SpikeDataset> {
            let input = EventInput(bins: .span(250_000))
            let splits = try await entry.load(
                input, stepCount: stepCount, from: DatasetSearchPath(only: folder))
            guard case (.spikes(let train), .spikes(let test)) = (splits.train, splits.test) else {
                throw DatasetError.input(dataset: entry.name, problem: "no spikes")
            }
            return DatasetSplits(train: train, test: test, files: splits.files, note: splits.note)
        }

        @Test("each channel is an input, seconds become steps, classes come in turn")
        func spikes() async throws {
            try writeAll()
            let splits = try await load(stepCount: 5)
            let train = splits.train
            #expect((train.inputCount, train.count, train.classCount) == (700, 3, 20))
            #expect(train.labels == [3, 19, 3])
            let raster = train.raster([0, 1, 2])
            func active(_ sample: Int) -> [[Int]] {
                (0..<5).map { raster.activeNeurons(sample: sample, step: $0) }
            }
            #expect(active(0) == [[0], [], [699], [], [5]])
            // Sorted by time.
            #expect(active(1) == [[8], [], [7], [], []])
            #expect(active(2) == [[], [], [], [], []])
            #expect(splits.test.labels == [0])
            #expect(splits.note.hasSuffix("2,264 to judge by; here are 3 and 1 samples"))
            #expect(Set(splits.digests.keys) == ["train", "test"])
        }

        @Test("what is no sample is an error that names the file, the row and the number")
        func damaged() async throws {
            func message(labels: [UInt16] = [0], times: [[UInt16]] = [[0]], units: [[UInt16]] = [[0]])
                async throws
                -> String
            {
                try writeAll()
                try write("shd_train.h5", labels: labels, times: times, units: units)
                let error = await #expect(throws: DatasetError.self) { try await load() }
                return error?.description ?? ""
            }
            #expect(
                try await message(labels: [20]).contains("shd_train.h5: labels number 0 is 20, expected 0…19")
            )
            #expect(
                try await message(units: [[700]]).contains(
                    "row 0 of spikes/units number 0 is 700, expected 0…699"))
            // Infinite, and less than nothing.
            for time in [UInt16(0x7C00), 0xBC00] {
                #expect(try await message(times: [[time]]).contains("expected 0 to 1e6 seconds"))
            }
            #expect(try await message(units: [[1, 2]]).contains("row 0 of spikes/units is 2, expected 1"))
            #expect(try await message(labels: [0, 1]).contains("spikes/times is 1, expected 2"))
            #expect(try await message(labels: [], times: [], units: []).contains("labels is 0"))
        }

        @Test("a file that breaks the library is an error")
        func broken() async throws {
            try writeAll()
            try folder.write(HDF5File.signature + noise(500), as: "shd/shd_test.h5")
            let error = await #expect(throws: DatasetError.self) { try await load() }
            #expect(error?.description.contains("shd_test.h5: the file cannot be read") == true)
        }

        @Test("of SSC the samples to validate by are the last to learn from")
        func validation() throws {
            let layout = try #require(DatasetCatalog.spikingSpeechCommands.layout.temporal)
            #expect(layout.fileNames == ["ssc_train.h5", "ssc_valid.h5", "ssc_test.h5"])
            #expect(layout.publishedCounts == (75_466 + 9981, 20_382))
        }
    }
#endif
