import Digests
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
        let train = Set((0..<splits.train.count).map { splits.train.image(at: $0) })
        let test = Set((0..<splits.test.count).map { splits.test.image(at: $0) })
        // Taken from the files: the 10,000 images are all different.
        #expect(train.count == 8000 && test.count == 2000 && train.isDisjoint(with: test))
    }
}
