extension DatasetCatalog {
    /// N-MNIST, and two tasks on its recordings that no network solves without memory.
    static let neuromorphicMNIST = [
        neuromorphicMNIST(
            "n-mnist",
            "70,000 handwritten digits before a moving event camera, 34×34 pixels, ON and OFF, 10 classes",
            "the published split, 60,000 recordings to learn from, 10,000 to judge by"),
        neuromorphicMNIST(
            "n-mnist-direction", "recordings of N-MNIST played forward and backward, which are the 2 classes",
            "of both parts of N-MNIST each recording twice", .direction),
        neuromorphicMNIST(
            "n-mnist-saccades",
            "the three saccades of recordings of N-MNIST in all orders, which are the 6 classes",
            "of both parts of N-MNIST each recording six times", .thirds),
    ]

    private static func neuromorphicMNIST(
        _ name: String, _ summary: String, _ note: String, _ order: PlaybackOrder? = nil
    ) -> CatalogEntry {
        let digits = (0...9).map(String.init)
        return CatalogEntry(
            name: name,
            summary: summary,
            licence: "CC BY-SA 4.0",
            source: "Orchard, Jayawant, Cohen, Thakor 2015, https://www.garrickorchard.com/datasets/n-mnist",
            classNames: order?.classNames ?? digits,
            width: 34, height: 34,
            note: note,
            origin: .byHand("Train.zip and Test.zip of N-MNIST, unpacked: Train/0/00002.bin and so on"),
            folderNames: ["n-mnist", "N-MNIST", "NMNIST"],
            debianPackage: nil,
            substitute: nil,
            layout: .temporal(
                RecordingFolders(
                    train: "Train", test: "Test", trainCount: 60_000, testCount: 10_000, format: .atis,
                    classFolders: digits, order: order)))
    }
}
