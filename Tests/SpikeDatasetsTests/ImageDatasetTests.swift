import Testing

@testable import SpikeDatasets

@Suite("Images in memory")
struct ImageDatasetTests {
    /// Image i has two pixels i, 255 − i, and class i % 3 + i / 90 (classes of unequal size).
    private let images = ImageDataset(
        name: "made", width: 2, height: 1, classNames: ["a", "b", "c", "d"],
        pixels: (0..<100).flatMap { [UInt8($0), UInt8(255 - $0)] },
        labels: (0..<100).map { UInt8($0 % 3 + $0 / 90) })

    @Test("prefix and subset keep pixels and labels together")
    func parts() {
        #expect(images.prefix(3).pixels == [0, 255, 1, 254, 2, 253])
        #expect(images.prefix(1000) == images)
        #expect(images.prefix(-1).count == 0)
        let subset = images.subset([99, 0])
        #expect(subset.pixels == [99, 156, 0, 255] && subset.labels == [1, 0])
        #expect(images.pixels(at: [1, 1]) == [1, 254, 1, 254])
    }

    @Test("counts and mean are those of the definition")
    func measures() {
        // Classes of 0…89: 30 each; 90…99 have i % 3 + 1: 4, 3, 3 for classes 1, 2, 3.
        #expect(images.classCounts == [30, 34, 33, 3])
        // Every image has pixels that add up to 255.
        #expect(abs(images.meanIntensity - 0.5) < 1e-12)
    }

    @Test("a stratified split has the wanted sizes, gives each class its share, and shares no image")
    func stratified() {
        let (train, test) = images.stratifiedSplit(trainCount: 60, testCount: 20, seed: 1)
        #expect(train.count == 60 && test.count == 20)
        // 0.6 and 0.2 of 30, 34, 33, 3, each within one image.
        for (label, size) in images.classCounts.enumerated() {
            #expect(abs(Double(train.classCounts[label]) - 0.6 * Double(size)) < 1)
            #expect(abs(Double(test.classCounts[label]) - 0.2 * Double(size)) <= 1)
        }
        let trainImages = Set((0..<60).map { train.image(at: $0) })
        let testImages = Set((0..<20).map { test.image(at: $0) })
        #expect(trainImages.count == 60 && testImages.count == 20 && trainImages.isDisjoint(with: testImages))
        #expect((0..<60).allSatisfy { images.labels[Int(train.image(at: $0)[0])] == train.labels[$0] })
    }

    // Test positions from a Philox4x32-10 in Python, keys (words 0 and 1) at (sample: class, element: position).
    @Test("a split is the same in every release, as figures are drawn from it")
    func fixedSplit() {
        let thirty = ImageDataset(
            name: "made", width: 1, height: 1, classNames: ["a", "b", "c"], pixels: Array(0..<30),
            labels: (0..<30).map { UInt8($0 % 3) })
        let (train, test) = thirty.stratifiedSplit(trainCount: 24, testCount: 6, seed: 7)
        #expect(test.pixels == [2, 8, 9, 13, 16, 21])
        #expect(train.pixels == (0..<30).filter { ![2, 8, 9, 13, 16, 21].contains($0) })
    }

    @Test("the seed decides the split")
    func seeds() {
        let first = images.stratifiedSplit(trainCount: 50, testCount: 50, seed: 7)
        let again = images.stratifiedSplit(trainCount: 50, testCount: 50, seed: 7)
        let other = images.stratifiedSplit(trainCount: 50, testCount: 50, seed: 8)
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
}
