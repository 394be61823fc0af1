import EventRecordings
import Files

/// Recordings of MNIST-DVS in one folder, `mnist_DIGIT_scaleSS_NUMBER.aedat`.
struct MNISTDVS: TemporalLayout {
    /// 4, 8 or 16: how large the digits were on the screen.
    let scale: Int

    private var ending: String { scale < 10 ? "scale0\(scale)" : "scale\(scale)" }

    /// One that every copy has, by which the folder is found.
    var fileNames: [String] { ["mnist_0_\(ending)_0001.aedat"] }
    var publishedCounts: (train: Int, test: Int) { (9000, 1000) }
    var noun: String { "recordings" }

    func sensor(of entry: CatalogEntry, _ input: EventInput) throws(DatasetError) -> EventSensor {
        try RecordingFolders.sensor(of: entry, input)
    }

    func parts(
        of entry: CatalogEntry, at paths: [String: String], _ input: EventInput
    ) throws -> (train: TemporalPart, test: TemporalPart) {
        let folder = Folder.above(paths[fileNames[0], default: ""])
        let files = Folder.names(in: folder).compactMap(file)
        func part(_ name: String, _ isTest: Bool) throws(EventError) -> TemporalPart {
            let own = files.filter { ($0.number % 10 == 0) == isTest }.interleaved(by: \.digit)
            return try RecordingFolders.part(
                name, of: entry, in: folder, own.map { ("\(folder)/\($0.name)", $0.digit) }, format: .aedat2)
        }
        return (try part("train", false), try part("test", true))
    }

    private func file(_ name: String) -> (name: String, digit: Int, number: Int)? {
        let stem = name.hasSuffix(".gz") ? name.dropLast(3) : name[...]
        guard stem.hasSuffix(".aedat") else { return nil }
        let words = stem.dropLast(6).split(separator: "_", omittingEmptySubsequences: false)
        guard words.count == 4, words[0] == "mnist", words[2] == ending, let digit = Int(words[1]),
            (0...9).contains(digit), let number = Int(words[3])
        else { return nil }
        return (name, digit, number)
    }
}

extension DatasetCatalog {
    static let mnistDVS = [4, 8, 16].map { scale in
        CatalogEntry(
            name: scale == 4 ? "mnist-dvs" : "mnist-dvs-scale\(scale)",
            summary:
                "10,000 digits that move on a screen before an event camera, scale \(scale), 128×128 pixels, ON and OFF, 10 classes",
            licence: "not stated",
            source:
                "Serrano-Gotarredona, Linares-Barranco 2015, http://www2.imse-cnm.csic.es/caviar/MNISTDVS.html",
            classNames: (0...9).map(String.init),
            width: 128, height: 128,
            note: "no split is published; of each digit every tenth recording is to judge by",
            origin: .byHand(
                "grabbed_data0.zip to grabbed_data9.zip, and unpack them without their folders (unzip -j): mnist_0_scale04_0001.aedat and so on"
            ),
            folderNames: ["mnist-dvs", "MNIST-DVS", "MNIST_DVS"],
            debianPackage: nil,
            substitute: scale == 4 ? SimulatedRecordings.dataset : nil,
            layout: .temporal(MNISTDVS(scale: scale)))
    }

    static let simulatedMNISTDVS = CatalogEntry(
        name: SimulatedRecordings.dataset,
        summary:
            "simulated: digits of MNIST as MNIST-DVS would show them, 128×128 pixels, ON and OFF, 10 classes",
        licence: "CC BY-SA 3.0, as MNIST",
        source: "'sqsnn data simulate-dvs'; no camera saw them",
        classNames: (0...9).map(String.init),
        width: 128, height: 128,
        note:
            "simulated; images to learn from are of MNIST's training part, those to judge by of its test part",
        origin: .byHand("MNIST, and run sqsnn data simulate-dvs"),
        folderNames: [SimulatedRecordings.dataset],
        debianPackage: nil,
        substitute: nil,
        layout: .temporal(
            RecordingFolders(
                train: "Train", test: "Test", trainCount: SimulatedRecordings.usualCounts.train,
                testCount: SimulatedRecordings.usualCounts.test, format: .aedat2)))
}
