import Testing

@testable import SpikeDatasets

@Suite("Images in memory")
struct ImageDatasetTests {
    /// Image i has two pixels i, 255 − i, and class i % 3 + i / 90 (classes of unequal size).
    private let images: ImageDataset

    init() throws {
        images = try ImageDataset(
            name: "made", width: 2, height: 1, classNames: ["a", "b", "c", "d"],
            pixels: (0..<100).flatMap { [UInt8($0), UInt8(255 - $0)] },
            labels: (0..<100).map { UInt8($0 % 3 + $0 / 90) })
    }

    @Test("prefix, suffix and subset keep pixels and labels together")
    func parts() throws {
        #expect(images.prefix(3).pixels == [0, 255, 1, 254, 2, 253])
        #expect(images.prefix(1000) == images)
        #expect(images.prefix(-1).count == 0)
        #expect(images.suffix(2).pixels == [98, 157, 99, 156] && images.suffix(2).labels == [3, 1])
        #expect(images.suffix(1000) == images)
        #expect(images.suffix(-1).count == 0)
        let subset = try images.subset([99, 0])
        #expect(subset.pixels == [99, 156, 0, 255] && subset.labels == [1, 0])
        #expect(try images.pixels(at: [1, 1]) == [1, 254, 1, 254])
    }

    @Test("counts and mean are those of the definition")
    func measures() {
        // Classes of 0…89: 30 each; 90…99 have i % 3 + 1: 4, 3, 3 for classes 1, 2, 3.
        #expect(images.classCounts == [30, 34, 33, 3])
        // Every image has pixels that add up to 255.
        #expect(abs(images.meanIntensity - 0.5) < 1e-12)
    }

    @Test("a stratified split has the wanted sizes, gives each class its share, and shares no image")
    func stratified() throws {
        let (train, test) = try images.stratifiedSplit(trainCount: 60, testCount: 20, seed: 1)
        #expect(train.count == 60 && test.count == 20)
        // 0.6 and 0.2 of 30, 34, 33, 3, each within one image.
        for (label, size) in images.classCounts.enumerated() {
            #expect(abs(Double(train.classCounts[label]) - 0.6 * Double(size)) < 1)
            #expect(abs(Double(test.classCounts[label]) - 0.2 * Double(size)) <= 1)
        }
        let trainImages = Set(try (0..<60).map { try train.image(at: $0) })
        let testImages = Set(try (0..<20).map { try test.image(at: $0) })
        #expect(trainImages.count == 60 && testImages.count == 20 && trainImages.isDisjoint(with: testImages))
        #expect((0..<60).allSatisfy { images.labels[Int(train.gather([$0])[0])] == train.labels[$0] })
    }

    // Test positions from a Philox4x32-10 in Python, keys (words 0 and 1) at (sample: class, element: position).
    @Test("a split is the same in every release, as figures are drawn from it")
    func fixedSplit() throws {
        let thirty = try ImageDataset(
            name: "made", width: 1, height: 1, classNames: ["a", "b", "c"], pixels: Array(0..<30),
            labels: (0..<30).map { UInt8($0 % 3) })
        let (train, test) = try thirty.stratifiedSplit(trainCount: 24, testCount: 6, seed: 7)
        #expect(test.pixels == [2, 8, 9, 13, 16, 21])
        #expect(train.pixels == (0..<30).filter { ![2, 8, 9, 13, 16, 21].contains($0) })
    }

    @Test("the seed decides the split")
    func seeds() throws {
        let first = try images.stratifiedSplit(trainCount: 50, testCount: 50, seed: 7)
        let again = try images.stratifiedSplit(trainCount: 50, testCount: 50, seed: 7)
        let other = try images.stratifiedSplit(trainCount: 50, testCount: 50, seed: 8)
        #expect(first.train == again.train && first.test == again.test)
        #expect(first.train != other.train)
    }

    @Test("shares add up to the total and never exceed a size", arguments: [0, 1, 7, 49, 99, 100])
    func shares(total: Int) {
        let sizes = [30, 34, 33, 3, 0]
        let shares = ImageDataset.shares(of: total, among: sizes)
        #expect(shares.reduce(0, +) == total)
        #expect(zip(shares, sizes).allSatisfy { $0 <= $1 })
    }

    /// What a user can get wrong in a release build, where a trap has no message.
    @Test("pixels, labels, positions and parts that do not fit are errors that name the set")
    func refused() throws {
        func fault(_ make: () throws -> Void) -> ImageFault? {
            do {
                try make()
                return nil
            } catch {
                guard case .images("made", let fault)? = error as? DatasetError else { return nil }
                return fault
            }
        }
        func made(
            width: Int = 2, height: Int = 1, classes: Int = 2, pixels: Int = 4, labels: [UInt8] = [0, 1]
        ) throws {
            _ = try ImageDataset(
                name: "made", width: width, height: height, classNames: (0..<classes).map(String.init),
                pixels: [UInt8](repeating: 0, count: pixels), labels: labels)
        }
        #expect(fault { try made() } == nil)
        #expect(
            fault { try made(pixels: 5) } == .pixelCount(found: 5, images: 2, height: 1, width: 2))
        #expect(
            fault { try made(labels: [0]) } == .pixelCount(found: 4, images: 1, height: 1, width: 2))
        #expect(fault { try made(labels: [1, 2]) } == .label(2, position: 1, classCount: 2))
        #expect(fault { try made(classes: 257) } == .classCount(257))
        for (width, height) in [(0, 1), (-2, -1), (1 << 40, 1 << 40)] {
            #expect(
                fault { try made(width: width, height: height) } == .shape(height: height, width: width))
        }
        for position in [-1, 100, .max, .min] {
            let expected = ImageFault.position(position, count: 100)
            #expect(fault { _ = try images.image(at: position) } == expected)
            #expect(fault { _ = try images.pixels(at: [0, position]) } == expected)
            #expect(fault { _ = try images.subset([position]) } == expected)
        }
        for (train, test) in [(60, 41), (-1, 1), (1, -1), (.max, .max)] {
            #expect(
                fault { _ = try images.stratifiedSplit(trainCount: train, testCount: test, seed: 1) }
                    == .split(trainCount: train, testCount: test, count: 100))
        }
        #expect(
            DatasetError.images(dataset: "made", .label(2, position: 1, classCount: 2)).description
                == "images of made: label 1 is 2, expected one of 2 classes, counted from 0")
    }
}
