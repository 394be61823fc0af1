import EventRecordings
import Files

/// WAV files of the Free Spoken Digit Dataset, `DIGIT_SPEAKER_INDEX.wav`, of each digit and speaker the indices from 0.
struct SpokenDigits: TemporalLayout {
    /// What is to judge by.
    enum Division: Hashable {
        /// The first five of each digit and speaker.
        case published
        /// All of one speaker.
        case without(speaker: String)
    }

    let division: Division

    static let speakers = ["george", "jackson", "lucas", "nicolas", "theo", "yweweler"]

    /// One that every copy has, by which the folder is found.
    var fileNames: [String] { ["0_\(Self.speakers[0])_0.wav"] }
    var publishedCounts: (train: Int, test: Int) { division == .published ? (2700, 300) : (2500, 500) }
    var noun: String { "sounds" }
    var hasImages: Bool { false }

    func hasPolarities(_ input: EventInput) -> Bool { false }

    func sensor(of entry: CatalogEntry, _ input: EventInput) throws(DatasetError) -> EventSensor {
        try entry.refuse(series: input.series)
        let encoding = input.sound ?? SoundEncoding()
        if let problem = encoding.problem { throw .input(dataset: entry.name, problem: "sound: \(problem)") }
        return encoding.sensor
    }

    func parts(
        of entry: CatalogEntry, at paths: [String: String], _ input: EventInput
    ) throws -> (train: TemporalPart, test: TemporalPart) {
        let folder = Folder.above(paths[fileNames[0], default: ""])
        let encoding = input.sound ?? SoundEncoding()
        let files = Folder.names(in: folder).compactMap(File.init)
        func part(_ name: String, _ isTest: Bool) throws(DatasetError) -> TemporalPart {
            // Speakers in turn too: sounds that are held out are not those of a voice that was never heard.
            let own = files.filter { isForTest($0) == isTest }
                .sorted { ($0.index, $0.speaker) < ($1.index, $1.speaker) }.interleaved(by: \.digit)
            guard !own.isEmpty else {
                throw .input(dataset: entry.name, problem: "found no sounds of part \(name) in \(folder)")
            }
            return TemporalPart(
                name: name, path: folder,
                samples: own.map { file in
                    TemporalPart.Sample(label: file.digit) {
                        try Self.read("\(folder)/\(file.name)", encoding)
                    }
                }, files: own.map { "\(folder)/\($0.name)" })
        }
        return (try part("train", false), try part("test", true))
    }

    func recording(of entry: CatalogEntry, inFile path: String, _ input: EventInput) throws -> EventRecording
    {
        try Self.read(path, input.sound ?? SoundEncoding()).recording
    }

    private static func read(
        _ path: String, _ encoding: SoundEncoding
    ) throws -> (recording: EventRecording, fileDigest: String?) {
        let bytes = try WAVFile.bytes(path)
        let events = encoding.events(try WAVFile(bytes, path: path))
        return (EventRecording(events: events, sensor: encoding.sensor), SHA256Digest.hex(of: bytes))
    }

    private func isForTest(_ file: File) -> Bool {
        switch division {
        case .published: file.index < 5
        case .without(let speaker): file.speaker == speaker
        }
    }

    private struct File {
        let name: String
        let digit: Int
        let speaker: String
        let index: Int

        init?(_ name: String) {
            guard name.hasSuffix(".wav") else { return nil }
            let words = name.dropLast(4).split(separator: "_", omittingEmptySubsequences: false)
            guard words.count == 3, let digit = Int(words[0]), (0...9).contains(digit),
                let index = Int(words[2])
            else { return nil }
            (self.name, self.digit, speaker, self.index) = (name, digit, String(words[1]), index)
        }
    }
}

extension DatasetCatalog {
    static let spokenDigits =
        [spokenDigits(.published)] + SpokenDigits.speakers.map { spokenDigits(.without(speaker: $0)) }

    private static func spokenDigits(_ division: SpokenDigits.Division) -> CatalogEntry {
        let (ending, note) =
            switch division {
            case .published:
                ("", "the published split, of each digit and speaker 45 sounds to learn from, 5 to judge by")
            case .without(let speaker):
                (
                    "-without-\(speaker)",
                    "not the published split: all sounds of \(speaker) to judge by, those of the other five speakers to learn from"
                )
            }
        return CatalogEntry(
            name: "spoken-digits\(ending)",
            summary: "3,000 sounds of spoken digits, six speakers, 8 kHz, 10 classes",
            licence: "CC BY-SA 4.0",
            source: "Jackson and others 2018, https://github.com/Jakobovski/free-spoken-digit-dataset",
            classNames: (0...9).map(String.init),
            // Bands of frequencies, where none are asked for.
            width: SoundEncoding().channels, height: 1,
            note: note,
            origin: .byHand(
                "the folder recordings/ of the Free Spoken Digit Dataset: 0_george_0.wav and so on"),
            folderNames: ["spoken-digits", "free-spoken-digit-dataset/recordings"],
            debianPackage: nil,
            substitute: nil,
            layout: .temporal(SpokenDigits(division: division)))
    }
}
