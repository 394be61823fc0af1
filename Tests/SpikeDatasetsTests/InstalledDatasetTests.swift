import Files
import SpikeDatasets
import Testing

/// Whether a data set can be found on this machine.
private func isInstalled(_ name: String) -> Bool {
    let path = DatasetSearchPath()
    return (try? DatasetCatalog.entry(named: name).paths(in: path)) != nil
}

@Suite("Data sets installed on this machine")
struct InstalledDatasetTests {
    // Counts: the paper of each data set; every class has the same number of images, save in MNIST.
    @Test(
        "Fashion-MNIST has 6,000 and 1,000 images a class",
        .enabled(if: isInstalled("fashion-mnist"), "Fashion-MNIST is not installed"))
    func fashionMNIST() async throws {
        let splits = try await DatasetCatalog.loadImages("fashion-mnist")
        #expect(splits.train.classCounts == Array(repeating: 6000, count: 10))
        #expect(splits.test.classCounts == Array(repeating: 1000, count: 10))
        #expect(splits.train.pixels.count == 60_000 * 784)
        #expect(splits.files.allSatisfy { $0.verification == .contentMatches })
        #expect(splits.digests.count == 4)
        // The first training image is an ankle boot.
        #expect(splits.train.classNames[Int(splits.train.labels[0])] == "ankle boot")
    }

    @Test("MNIST starts with a five", .enabled(if: isInstalled("mnist"), "MNIST is not installed"))
    func mnist() async throws {
        let splits = try await DatasetCatalog.loadImages("mnist")
        // Class counts of the training part as published with the data set.
        #expect(
            splits.train.classCounts == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
        #expect(Array(splits.train.labels.prefix(5)) == [5, 0, 4, 1, 9])
        #expect(splits.test.count == 10_000)
    }

    @Test(
        "MNIST by rows: a step has a row's pixels, all of one scale",
        .enabled(if: isInstalled("mnist"), "MNIST is not installed"))
    func rows() async throws {
        let entry = try DatasetCatalog.entry(named: "mnist-rows")
        let series = try entry.loadSeries()
        let images = try await DatasetCatalog.loadImages("mnist")
        #expect(series.train.series.count == 60_000 && series.test.series.count == 10_000)
        let five = series.train.series[0]
        #expect(five.label == 5 && five.values.count == 28)
        for (row, column) in [(0, 0), (5, 12), (14, 13), (27, 27)] {
            #expect(five.values[column][row] == Double(images.train.pixels[28 * row + column]) / 255)
        }
        // Mean and deviation of MNIST's training pixels as they are published everywhere: 0.1307 and 0.3081.
        var input = EventInput()
        input.series = .currents
        guard case .series(let train) = try await entry.load(input, stepCount: 28).train else {
            Issue.record("no numbers")
            return
        }
        #expect(train.inputCount == 28 && train.stepCount == 28)
        #expect(abs(train.values.values[0] + 0.1307 / 0.3081) < 2e-4)
        // Any number of samples from the front has of each class its share.
        #expect(Array(train.labels.prefix(10)) == Array(0..<10))
    }

    @Test(
        "the divided KMNIST test pair has 800 and 200 images a class, and no image in both parts",
        .enabled(if: isInstalled("kmnist-8k2k"), "the KMNIST test pair is not installed"))
    func dividedTestPair() async throws {
        let splits = try await DatasetCatalog.loadImages("kmnist-8k2k")
        #expect(splits.train.classCounts == Array(repeating: 800, count: 10))
        #expect(splits.test.classCounts == Array(repeating: 200, count: 10))
        // Digest of the 2,000 images as the same division in Python (its own Philox) selects them.
        #expect(
            SHA256Digest.hex(of: splits.test.pixels)
                == "ce2a2c5d81a9922cf8ee6fa2f5fa86347e0c9649563b447c7c3c6cb2b8b86214")
        let train = Set(try (0..<splits.train.count).map { try splits.train.image(at: $0) })
        let test = Set(try (0..<splits.test.count).map { try splits.test.image(at: $0) })
        // Taken from the files: the 10,000 images are all different.
        #expect(train.count == 8000 && test.count == 2000 && train.isDisjoint(with: test))
    }

    #if HDF5
        // Class counts: https://web.stanford.edu/~hastie/StatLearnSparsity_files/DATA/zipcode.html. Digests of the
        // pixels: h5py 3 and NumPy, floor(255 x + 0.5) in 64 bits; the division is Python's own Philox.
        @Test(
            "USPS has its published classes and pixels",
            .enabled(if: isInstalled("usps"), "USPS is not installed"))
        func usps() async throws {
            let splits = try await DatasetCatalog.loadImages("usps")
            #expect(splits.train.classCounts == [1194, 1005, 731, 658, 652, 556, 664, 645, 542, 644])
            #expect(splits.test.classCounts == [359, 264, 198, 166, 200, 160, 170, 147, 166, 177])
            #expect(splits.train.width == 16 && splits.train.height == 16)
            #expect(
                SHA256Digest.hex(of: splits.train.pixels)
                    == "af484e46d4752bb02f5e3594c413601a9f1c3c1e7ed7bddc3e421aec4f38877d")
            #expect(
                SHA256Digest.hex(of: splits.test.pixels)
                    == "f82740aa43a42280fc7068da357ea8e00f1c8ff0b230071622389bd146ddb2e5")
            #expect(splits.files.map(\.verification) == [.contentMatches])
        }

        @Test(
            "digits 1 and 7 of USPS are classes 0 and 1, whole and divided anew",
            .enabled(if: isInstalled("usps"), "USPS is not installed"))
        func uspsOneSeven() async throws {
            let whole = try await DatasetCatalog.loadImages("usps-1v7-full")
            #expect(whole.train.classCounts == [1005, 645] && whole.test.classCounts == [264, 147])
            #expect(whole.train.classNames == ["1", "7"])
            let part = try await DatasetCatalog.loadImages("usps-1v7")
            // 500 · 1005 / 1650 = 304.5 and so on; shares of 625 are 380.7 and 244.3.
            #expect(part.train.classCounts == [305, 195] && part.test.classCounts == [76, 49])
            #expect(
                SHA256Digest.hex(of: part.train.pixels)
                    == "b7e8744f08ee8470a0412fdc69f3bb9f15d23aac37cbc6f8d2f2e00a59ea0ae1")
            #expect(
                SHA256Digest.hex(of: part.test.pixels)
                    == "2caef7e8807fccbd70a675a3b5c24cbaf934cbb1ba90d77c3e4313a3a482416c")
        }
    #endif
}
