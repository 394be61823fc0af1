/// Samples with their classes, of any kind that networks are trained on.
public enum LabelledDataset: Sendable {
    case images(ImageDataset)
    case spikes(SpikeDataset)
    case series(SeriesDataset)

    public var name: String {
        switch self {
        case .images(let images): images.name
        case .spikes(let spikes): spikes.name
        case .series(let series): series.name
        }
    }

    public var count: Int { labels.count }

    public var inputCount: Int {
        switch self {
        case .images(let images): images.inputCount
        case .spikes(let spikes): spikes.inputCount
        case .series(let series): series.inputCount
        }
    }

    /// One name a class, in the order of the labels.
    public var classNames: [String] {
        switch self {
        case .images(let images): images.classNames
        case .spikes(let spikes): spikes.classNames
        case .series(let series): series.classNames
        }
    }

    public var classCount: Int { classNames.count }

    /// The class of each sample, `0 ..< classCount`.
    public var labels: [UInt8] {
        switch self {
        case .images(let images): images.labels
        case .spikes(let spikes): spikes.labels
        case .series(let series): series.labels
        }
    }

    /// The first samples, all of them where there are fewer.
    public func prefix(_ length: Int) -> LabelledDataset {
        let kept = 0..<min(max(0, length), count)
        return switch self {
        case .images(let images): .images(images.prefix(length))
        case .spikes(let spikes): .spikes(spikes.subset(Array(kept)))
        case .series(let series): .series(series.subset(Array(kept)))
        }
    }

    /// The last samples, all of them where there are fewer.
    public func suffix(_ length: Int) -> LabelledDataset {
        let kept = count - min(max(0, length), count)..<count
        return switch self {
        case .images(let images): .images(images.suffix(length))
        case .spikes(let spikes): .spikes(spikes.subset(Array(kept)))
        case .series(let series): .series(series.subset(Array(kept)))
        }
    }
}

extension DatasetSplits<ImageDataset> {
    /// The same images as samples of any kind.
    public var labelled: DatasetSplits<LabelledDataset> {
        DatasetSplits<LabelledDataset>(train: .images(train), test: .images(test), files: files, note: note)
    }
}
