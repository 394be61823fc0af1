extension DatasetCatalog {
    static let neuromorphicMNIST = CatalogEntry(
        name: "n-mnist",
        summary:
            "70,000 handwritten digits before a moving event camera, 34×34 pixels, ON and OFF, 10 classes",
        licence: "CC BY-SA 4.0",
        source: "Orchard, Jayawant, Cohen, Thakor 2015, https://www.garrickorchard.com/datasets/n-mnist",
        classNames: (0...9).map(String.init),
        width: 34, height: 34,
        note: "the published split, 60,000 recordings to learn from, 10,000 to judge by",
        origin: .byHand("Train.zip and Test.zip of N-MNIST, unpacked: Train/0/00002.bin and so on"),
        folderNames: ["n-mnist", "N-MNIST", "NMNIST"],
        debianPackage: nil,
        substitute: nil,
        layout: .recordings(
            RecordingFolders(
                train: "Train", test: "Test", trainCount: 60_000, testCount: 10_000, format: .atis)))
}
