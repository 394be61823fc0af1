extension DatasetCatalog {
    static let usps = postalDigits(
        name: "usps",
        summary: "9,298 handwritten digits of US postal codes, 16×16 grey pixels, 10 classes",
        note: "the published split: 7,291 images to learn from, 2,007 to judge by",
        labels: Array(0...9))

    static let uspsOneSeven = postalDigits(
        name: "usps-1v7-full",
        summary: "the digits 1 and 7 of USPS, 16×16 grey pixels, 2 classes",
        note: "the published split, digits 1 and 7 alone: 1,650 images to learn from, 411 to judge by; "
            + "class 0 is digit 1, class 1 is digit 7",
        labels: [1, 7])

    static let uspsOneSevenSubset = postalDigits(
        name: "usps-1v7",
        summary: "625 digits 1 and 7 of USPS, 16×16 grey pixels, 2 classes",
        note: "not the published split: 625 of the 1,650 USPS training images of digits 1 and 7, divided "
            + "into 500 to learn from and 125 to judge by, each class its share, always the same; "
            + "class 0 is digit 1, class 1 is digit 7",
        labels: [1, 7],
        division: StratifiedDivision(trainCount: 500, testCount: 125, seed: 0))

    private static func postalDigits(
        name: String, summary: String, note: String, labels: [Int], division: StratifiedDivision? = nil
    ) -> CatalogEntry {
        let file = CatalogFile(
            name: "usps.h5", format: .hdf5(size: 2_913_522),
            digest: .content("734f88c541104a956d88be2c95d03b4a463ffd74ccc2ba9c80841fb98e3fcb36"))
        return CatalogEntry(
            name: name, summary: summary,
            licence: "unstated",
            source: "Hull 1994, IEEE TPAMI 16(5) 550–554, https://doi.org/10.1109/34.291440",
            classNames: labels.map(String.init),
            width: 16, height: 16,
            note: note,
            origin: .byHand(
                "usps.h5, the HDF5 file with train/data, train/target, test/data and test/target"),
            folderNames: ["usps", "USPS"],
            debianPackage: nil,
            substitute: nil,
            layout: .singleFile(
                HDF5Images(
                    file: file, trainCount: 7291, testCount: 2007, labelCount: 10, labels: labels,
                    division: division)))
    }
}
