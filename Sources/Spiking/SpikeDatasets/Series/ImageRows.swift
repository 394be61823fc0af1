import Files

/// Images from above, a row a step: series of as many numbers as a row has pixels, which are the intensities 0…1.
struct ImageRows: SeriesLayout {
    let train: ImagePair
    let test: ImagePair
    /// Pixels of a row.
    let dimensionCount: Int

    var files: [CatalogFile] { [train.images, train.labels, test.images, test.labels] }
    var fileNames: [String] { files.map(\.name) }
    var publishedCounts: (train: Int, test: Int) { (train.count, test.count) }
    /// A column at the rim, of which hardly a pixel is ever lit, weighs no more than one in the middle.
    var hasOneScale: Bool { true }

    func series(
        of entry: CatalogEntry, at paths: [String: String]
    ) throws(DatasetError) -> (train: SeriesPart, test: SeriesPart) {
        func part(_ pair: ImagePair) throws(DatasetError) -> SeriesPart {
            let (images, files) = try entry.read(pair, at: paths)
            let series = images.labels.enumerated().map { index, label in
                let pixels = images.pixels[index * images.inputCount..<(index + 1) * images.inputCount]
                return SeriesFile.Series(
                    values: (0..<images.width).map { column in
                        stride(from: pixels.startIndex + column, to: pixels.endIndex, by: images.width).map {
                            Double(pixels[$0]) / 255
                        }
                    }, label: Int(label))
            }
            return SeriesPart(
                name: pair.images.name, path: Folder.above(files[0].path),
                contents: SeriesFile(
                    classNames: images.classNames, series: series, paths: files.map(\.path)))
        }
        return (try part(train), try part(test))
    }
}

extension DatasetCatalog {
    /// The images of MNIST, seen row after row: what a row is part of has to be remembered.
    static let mnistRows: CatalogEntry? = {
        guard case .trainAndTest(let train, let test) = mnist.layout else { return nil }
        return CatalogEntry(
            name: "mnist-rows",
            summary: "the images of mnist from above, a row of 28 numbers a step, 10 classes",
            licence: mnist.licence, source: mnist.source, classNames: mnist.classNames,
            width: mnist.width, height: mnist.height, note: mnist.note, origin: mnist.origin,
            folderNames: mnist.folderNames, debianPackage: nil, substitute: nil,
            layout: .temporal(ImageRows(train: train, test: test, dimensionCount: mnist.width)))
    }()
}
