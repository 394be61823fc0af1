import Files

/// A data set known by name: what it is, where it comes from, and how it lies on disk.
public struct CatalogEntry: Sendable {
    /// The name by which commands and runs call it.
    public let name: String
    /// What it holds, in one sentence.
    public let summary: String
    /// The licence under which its authors publish it.
    public let licence: String
    /// Who made it, and where it is described.
    public let source: String
    /// One name a class, in the order of the labels.
    public let classNames: [String]
    /// Pixels of a row, rows of an image.
    public let width: Int
    public let height: Int
    /// How the set is divided into what to learn from and what to judge by.
    public let note: String

    let origin: DatasetOrigin
    /// Names that its folder may have; the first is the one that a download gets.
    let folderNames: [String]
    /// Debian's package of it, if there is one.
    let debianPackage: String?
    /// A data set to fall back on where this one is incomplete.
    let substitute: String?
    let layout: DatasetLayout

    /// The names of its files, without `.gz`; of samples in files of their own, of the folders, or of one of them.
    public var fileNames: [String] { layout.temporal?.fileNames ?? layout.files.map(\.name) }

    /// Whether its samples go on over time: recordings of events, sounds, series.
    public var isTemporal: Bool { layout.temporal != nil }
}

/// Where the files of a data set can be had.
enum DatasetOrigin: Sendable, Hashable {
    /// A folder on the network, with a slash at its end.
    case address(String)
    /// No address that serves them is known: what to look for, in words that follow "get".
    case byHand(String)
}

extension CatalogEntry: Hashable {
    /// By the name, of which there is one in the catalogue.
    public static func == (first: CatalogEntry, second: CatalogEntry) -> Bool { first.name == second.name }
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// How a data set lies on disk.
enum DatasetLayout: Sendable {
    /// Two parts, each an image file and a label file.
    case trainAndTest(ImagePair, ImagePair)
    /// One image file and label file, to be divided into two parts.
    case divided(ImagePair, StratifiedDivision)
    /// One file in HDF5 with both parts.
    case singleFile(HDF5Images)
    /// Samples that go on over time.
    case temporal(any TemporalLayout)

    /// nil of images.
    var temporal: (any TemporalLayout)? {
        if case .temporal(let layout) = self { layout } else { nil }
    }

    var files: [CatalogFile] {
        switch self {
        case .trainAndTest(let train, let test): [train.images, train.labels, test.images, test.labels]
        case .divided(let pair, _): [pair.images, pair.labels]
        case .singleFile(let images): [images.file]
        case .temporal(let layout): layout.files
        }
    }
}

/// An image file and the label file that belongs to it.
struct ImagePair: Sendable, Hashable {
    let count: Int
    let images: CatalogFile
    let labels: CatalogFile
}

/// An HDF5 file with the arrays `train/data`, `train/target`, `test/data` and `test/target`: intensities 0…1, a row an
/// image, and labels.
struct HDF5Images: Sendable, Hashable {
    let file: CatalogFile
    /// Images of each part in the file.
    let trainCount: Int
    let testCount: Int
    /// Labels that the file may hold are below this.
    let labelCount: Int
    /// Those whose images are taken; the first becomes class 0, the second class 1 and so on.
    let labels: [Int]
    /// How the first part is divided anew, if it is; the second part is left out then.
    let division: StratifiedDivision?
}

/// Two parts of a set in which each class has its share: ``ImageDataset/stratifiedSplit(trainCount:testCount:seed:)``.
struct StratifiedDivision: Sendable, Hashable {
    let trainCount: Int
    let testCount: Int
    let seed: UInt64
}

/// A file of a data set.
struct CatalogFile: Sendable, Hashable {
    enum Format: Sendable, Hashable {
        /// An array of bytes: images, rows and columns; or labels.
        case idx(dimensions: [Int])
        /// As large as said, in bytes.
        case hdf5(size: Int)
    }

    /// The name without `.gz`.
    let name: String
    let format: Format
    let digest: ExpectedDigest

    /// The name on the network. HDF5 files compress their arrays themselves.
    var publishedName: String {
        switch format {
        case .idx: "\(name).gz"
        case .hdf5: name
        }
    }

    /// Bytes of its contents, uncompressed.
    var contentSize: Int {
        switch format {
        case .idx(let dimensions): IDXFile.size(ofDimensions: dimensions)
        case .hdf5(let size): size
        }
    }

    /// The most bytes that it can have on the network or on disk.
    var sizeLimit: Int { GzipReader.largestSize(ofContents: contentSize) }
}
