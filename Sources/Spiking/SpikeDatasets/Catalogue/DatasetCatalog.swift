/// The data sets known by name.
///
/// The digests of Fashion-MNIST, MNIST and the KMNIST test pair were taken from the files themselves (those
/// of MNIST after comparing their MD5 with published ones); of the KMNIST training pair only the digests of
/// the gzip files are known, as several dataset libraries publish them. That of USPS was taken from a copy of the HDF5
/// file whose class counts are the published ones; no address that serves this file is known.
public enum DatasetCatalog {
    /// All entries, in the order in which they are listed.
    public static let entries =
        [
            fashionMNIST, mnist, kmnist, kmnistTestPairDivided, usps, uspsOneSeven, uspsOneSevenSubset,
        ] + neuromorphicMNIST + mnistDVS
        + [simulatedMNISTDVS, gesture, spikingHeidelbergDigits, spikingSpeechCommands] + spokenDigits + [
            japaneseVowels
        ]
        + [mnistRows].compactMap(\.self)

    /// The names of all entries.
    public static var names: [String] { entries.map(\.name) }

    /// - Throws: ``DatasetError/unknownDataset(_:known:)``.
    public static func entry(named name: String) throws(DatasetError) -> CatalogEntry {
        guard let entry = entries.first(where: { $0.name == name }) else {
            throw .unknownDataset(name, known: names)
        }
        return entry
    }

    /// Reads a set of images by name: ``CatalogEntry/loadImages(from:)``.
    public static func loadImages(
        _ name: String, from searchPath: DatasetSearchPath = DatasetSearchPath()
    ) async throws -> DatasetSplits<ImageDataset> {
        try await entry(named: name).loadImages(from: searchPath)
    }
}

extension DatasetCatalog {
    private static let publishedSplit = "the published split: 60,000 images to learn from, 10,000 to judge by"

    static let fashionMNIST = CatalogEntry(
        name: "fashion-mnist",
        summary: "70,000 articles of clothing, 28×28 grey pixels, 10 classes",
        licence: "MIT",
        source: "Xiao, Rasul, Vollgraf 2017, https://github.com/zalandoresearch/fashion-mnist",
        classNames: [
            "T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag",
            "ankle boot",
        ],
        width: 28, height: 28,
        note: publishedSplit,
        origin: .address(
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
        folderNames: ["fashion-mnist", "FashionMNIST/raw"],
        debianPackage: "dataset-fashion-mnist",
        substitute: nil,
        layout: .trainAndTest(
            trainPair(
                images: .content("c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
                labels: .content("bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9")),
            testPair(
                images: .content("5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
                labels: .content("0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"))))

    static let mnist = CatalogEntry(
        name: "mnist",
        summary: "70,000 handwritten digits, 28×28 grey pixels, 10 classes",
        licence: "CC BY-SA 3.0",
        source: "LeCun, Cortes, Burges 1998, http://yann.lecun.com/exdb/mnist/",
        classNames: (0...9).map(String.init),
        width: 28, height: 28,
        note: publishedSplit,
        origin: .address("https://ossci-datasets.s3.amazonaws.com/mnist/"),
        folderNames: ["mnist", "MNIST/raw"],
        debianPackage: nil,
        substitute: nil,
        layout: .trainAndTest(
            trainPair(
                images: .content("ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
                labels: .content("65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5")),
            testPair(
                images: .content("0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
                labels: .content("ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"))))

    static let kmnist = CatalogEntry(
        name: "kmnist",
        summary: "70,000 handwritten hiragana, 28×28 grey pixels, 10 classes",
        licence: "CC BY-SA 4.0",
        source: "Clanuwat and others 2018, http://codh.rois.ac.jp/kmnist/",
        classNames: kanaNames,
        width: 28, height: 28,
        note: publishedSplit,
        origin: .address(kanaAddress),
        folderNames: kanaFolders,
        debianPackage: nil,
        substitute: kmnistTestPairDivided.name,
        layout: .trainAndTest(
            trainPair(
                images: .archive("51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4"),
                labels: .archive("e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17")),
            kanaTestPair))

    static let kmnistTestPairDivided = CatalogEntry(
        name: "kmnist-8k2k",
        summary: "the 10,000 test images of KMNIST alone, divided anew",
        licence: "CC BY-SA 4.0",
        source: "Clanuwat and others 2018, http://codh.rois.ac.jp/kmnist/",
        classNames: kanaNames,
        width: 28, height: 28,
        note: "not the published split: the 10,000 KMNIST test images divided into 8,000 to learn from "
            + "and 2,000 to judge by, 800 and 200 a class, always the same",
        origin: .address(kanaAddress),
        folderNames: kanaFolders,
        debianPackage: nil,
        substitute: nil,
        layout: .divided(kanaTestPair, StratifiedDivision(trainCount: 8000, testCount: 2000, seed: 0)))

    private static let kanaNames = ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"]
    private static let kanaAddress = "https://codh.rois.ac.jp/kmnist/dataset/kmnist/"
    private static let kanaFolders = ["kmnist", "KMNIST/raw"]
    private static let kanaTestPair = testPair(
        images: .content("76fbd229ce87db80dd281af5e6670de4ad0e42fb30a7bd643972994c47c1f42e"),
        labels: .content("a11dc742be8e781a40a92f53d6a4957e7b7d36df2faa097659131ebfd8fd60c6"))

    private static func trainPair(
        images: ExpectedDigest, labels: ExpectedDigest
    ) -> ImagePair {
        ImagePair(
            count: 60_000,
            images: CatalogFile(
                name: "train-images-idx3-ubyte", format: .idx(dimensions: [60_000, 28, 28]), digest: images),
            labels: CatalogFile(
                name: "train-labels-idx1-ubyte", format: .idx(dimensions: [60_000]), digest: labels))
    }

    private static func testPair(
        images: ExpectedDigest, labels: ExpectedDigest
    ) -> ImagePair {
        ImagePair(
            count: 10_000,
            images: CatalogFile(
                name: "t10k-images-idx3-ubyte", format: .idx(dimensions: [10_000, 28, 28]), digest: images),
            labels: CatalogFile(
                name: "t10k-labels-idx1-ubyte", format: .idx(dimensions: [10_000]), digest: labels))
    }
}
