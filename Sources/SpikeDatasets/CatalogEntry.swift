/// A data set known by name: what it is, where it comes from, and how it lies on disk.
public struct CatalogEntry: Sendable, Hashable {
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

    /// The folder of the files on the network, with a slash at its end.
    let address: String
    /// Names that its folder may have; the first is the one that a download gets.
    let folderNames: [String]
    /// Debian's package of it, if there is one.
    let debianPackage: String?
    /// A data set to fall back on where this one is incomplete.
    let substitute: String?
    let layout: DatasetLayout

    /// The names of its files, without `.gz`.
    public var fileNames: [String] { layout.files.map(\.name) }
}

/// How a data set lies on disk.
enum DatasetLayout: Sendable, Hashable {
    /// Two parts, each an image file and a label file.
    case trainAndTest(ImagePair, ImagePair)
    /// One image file and label file, to be divided into two parts.
    case divided(ImagePair, trainCount: Int, testCount: Int, seed: UInt64)

    var files: [CatalogFile] {
        switch self {
        case .trainAndTest(let train, let test): [train.images, train.labels, test.images, test.labels]
        case .divided(let pair, _, _, _): [pair.images, pair.labels]
        }
    }
}

/// An image file and the label file that belongs to it.
struct ImagePair: Sendable, Hashable {
    let count: Int
    let images: CatalogFile
    let labels: CatalogFile
}

/// A file of a data set.
struct CatalogFile: Sendable, Hashable {
    /// The name without `.gz`.
    let name: String
    /// Dimensions of its array: 3 for images, 1 for labels.
    let rank: Int
    let digest: IDXFile.ExpectedDigest
}
