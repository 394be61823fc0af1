import Compute

extension ImageDataset {
    /// The first images, all of them where there are fewer.
    public func prefix(_ length: Int) -> ImageDataset {
        let kept = min(max(0, length), count)
        return with(pixels: Array(pixels.prefix(kept * inputCount)), labels: Array(labels.prefix(kept)))
    }

    /// The last images, all of them where there are fewer.
    public func suffix(_ length: Int) -> ImageDataset {
        let kept = min(max(0, length), count)
        return with(pixels: Array(pixels.suffix(kept * inputCount)), labels: Array(labels.suffix(kept)))
    }

    /// The images at some positions, in the order given.
    ///
    /// - Throws: ``DatasetError/images(dataset:_:)`` for a position without image.
    public func subset(_ indices: [Int]) throws(DatasetError) -> ImageDataset {
        try check(indices)
        return part(indices)
    }

    private func part(_ indices: [Int]) -> ImageDataset {
        with(pixels: gather(indices), labels: indices.map { labels[$0] })
    }

    /// Divides the set at random into two parts in which each class has its share.
    ///
    /// Each class gives both parts a number of images in proportion to the class's size; what rounding
    /// leaves over goes to the classes with the largest remainder, the first of them where remainders are
    /// equal. Both parts keep the order of the set. The same seed gives the same parts.
    ///
    /// - Parameters:
    ///   - trainCount: images of the first part.
    ///   - testCount: images of the second part; together at most ``count``.
    ///   - seed: which images go where; their numbers come from the purpose `RandomPurpose/split`.
    /// - Throws: ``DatasetError/images(dataset:_:)`` for parts larger than the whole.
    public func stratifiedSplit(
        trainCount: Int, testCount: Int, seed: UInt64
    ) throws(DatasetError) -> (train: ImageDataset, test: ImageDataset) {
        guard trainCount >= 0, testCount >= 0, trainCount <= count, testCount <= count - trainCount else {
            throw .images(dataset: name, .split(trainCount: trainCount, testCount: testCount, count: count))
        }
        let stream = RandomStream(seed: seed, purpose: .split)
        let sizes = classCounts
        let chosenSizes = Self.shares(of: trainCount + testCount, among: sizes)
        let trainSizes = Self.shares(of: trainCount, among: chosenSizes)
        var train: [Int] = []
        var test: [Int] = []
        for label in 0..<classCount {
            let members = Self.shuffled(
                labels.indices.filter { labels[$0] == UInt8(label) }, by: stream, sample: label)
            train += members[..<trainSizes[label]]
            test += members[trainSizes[label]..<chosenSizes[label]]
        }
        return (part(train.sorted()), part(test.sorted()))
    }

    /// The indices in the order of random keys, one for each of them; not `shuffled(using:)`, whose order
    /// another version of the standard library may change, and with it a split that figures were drawn from.
    private static func shuffled(_ indices: [Int], by stream: RandomStream, sample: Int) -> [Int] {
        let keyed = indices.map { index in
            let words = stream.words(sample: sample, element: index)
            return (key: UInt64(words[0]) << 32 | UInt64(words[1]), index: index)
        }
        return keyed.sorted { ($0.key, $0.index) < ($1.key, $1.index) }.map(\.index)
    }

    /// Shares out a total in proportion to sizes, none above its size (largest remainder method).
    static func shares(of total: Int, among sizes: [Int]) -> [Int] {
        let sum = sizes.reduce(0, +)
        guard sum > 0 else { return sizes }
        var shares = sizes.map { $0 * total / sum }
        let remainders = sizes.map { $0 * total % sum }
        let byRemainder = sizes.indices.sorted {
            remainders[$0] != remainders[$1] ? remainders[$0] > remainders[$1] : $0 < $1
        }
        for index in byRemainder.prefix(total - shares.reduce(0, +)) { shares[index] += 1 }
        return shares
    }

    private func with(pixels: [UInt8], labels: [UInt8]) -> ImageDataset {
        ImageDataset(
            checkedName: name, width: width, height: height, classNames: classNames, pixels: pixels,
            labels: labels)
    }
}
