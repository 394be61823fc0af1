import EventRecordings
import Foundation
import TestSupport
import Testing

@testable import SpikeDatasets

private func littleEndian(_ number: Int, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
}

private func chunk(_ name: String, _ contents: [UInt8]) -> [UInt8] {
    Array(name.utf8) + littleEndian(contents.count, 4) + contents + (contents.count % 2 == 1 ? [0] : [])
}

/// A WAV file of these samples.
private func wav(
    _ data: [UInt8], code: Int = 1, bits: Int = 16, channels: Int = 1, rate: Int = 8000, extra: [UInt8] = []
) -> [UInt8] {
    let format =
        littleEndian(code, 2) + littleEndian(channels, 2) + littleEndian(rate, 4)
        + littleEndian(rate * channels * bits / 8, 4) + littleEndian(channels * bits / 8, 2)
        + littleEndian(bits, 2) + extra
    let body = Array("WAVE".utf8) + chunk("fmt ", format) + chunk("LIST", [1, 2, 3]) + chunk("data", data)
    return Array("RIFF".utf8) + littleEndian(body.count, 4) + body
}

private func read(_ bytes: [UInt8]) throws -> WAVFile {
    let folder = try TemporaryFolder()
    return try WAVFile(path: try folder.write(bytes, as: "a.wav"))
}

struct SoundTests {
    @Test("samples of every width, the mean of the channels")
    func samples() throws {
        #expect(try read(wav([0, 128, 255], bits: 8)).samples == [-1, 0, 127 / 128])
        let wide = littleEndian(-32768, 2) + littleEndian(16384, 2)
        #expect(try read(wav(wide)).samples == [-1, 0.5])
        #expect(try read(wav(wide, channels: 2, rate: 44_100)).samples == [-0.25])
        #expect(try read(wav(littleEndian(-4_194_304, 3), bits: 24)).samples == [-0.5])
        #expect(try read(wav(littleEndian(1 << 30, 4), bits: 32)).samples == [0.5])
        let float = littleEndian(Int(Float(0.25).bitPattern), 4) + littleEndian(Int(Float.nan.bitPattern), 4)
        #expect(try read(wav(float, code: 3, bits: 32)).samples == [0.25, 0])
        let extensible = littleEndian(22, 2) + littleEndian(16, 2) + littleEndian(0, 4) + littleEndian(1, 2)
        #expect(
            try read(wav(wide, code: 0xFFFE, extra: extensible + Array(repeating: 0, count: 14))).samples == [
                -1, 0.5,
            ])
        #expect(try read(wav(wide, rate: 22_050)).sampleRate == 22_050)
    }

    @Test("every prefix of a file, and every changed byte, is no more than an error")
    func mutations() throws {
        let bytes = wav((0..<40).map { UInt8($0) }, channels: 2)
        for length in 0..<bytes.count {
            #expect(throws: DatasetError.self) { try read(Array(bytes[..<length])) }
        }
        for index in bytes.indices {
            for value: UInt8 in [0, 1, 0x7F, 0xFF] {
                var changed = bytes
                changed[index] = value
                _ = try? read(changed)
            }
        }
    }

    @Test("what is no sound is told with its byte")
    func errors() throws {
        let cases: [([UInt8], String)] = [
            (Array("RIFX".utf8), "byte 0: found no RIFF header"),
            (wav([0, 0], code: 2), "byte 20: found format 2 of 16 bits"),
            (wav([0, 0], channels: 0), "byte 22: found 0 channels"),
            (wav([0, 0], rate: 10), "byte 22: found 1 channels of 10 Hz"),
        ]
        for (bytes, message) in cases {
            let error = #expect(throws: DatasetError.self) { try read(bytes) }
            #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
        }
    }

    @Test("a tone at the centre of a band has an envelope of 1 there, and less elsewhere")
    func filters() {
        let bank = GammatoneBank(channelCount: 16, lowest: 100, highest: 3500, sampleRate: 8000)
        #expect(abs(bank.centers[0] - 100) < 1e-9 && abs(bank.centers[15] - 3500) < 1e-6)
        for own in [2, 8, 14] {
            let tone = (0..<8000).map { Float(sin(2 * Double.pi * bank.centers[own] * Double($0) / 8000)) }
            bank.forEachEnvelope(of: tone) { channel, envelope in
                let level = envelope[4000...].reduce(0, +) / 4000
                if channel == own {
                    #expect(abs(level - 1) < 0.02, "channel \(channel): \(level)")
                } else {
                    #expect(level < 0.4, "channel \(channel) of a tone in \(own): \(level)")
                }
            }
        }
    }

    @Test("a louder tone has more spikes, at the rate that the encoding says")
    func spikes() throws {
        func tone(_ quiet: Double) throws -> [Event] {
            // A second of silence and a click of full scale first, from which loudness counts.
            let samples =
                [32767]
                + (0..<16_000).map { index in
                    index < 8000 ? 0 : Int(32767 * quiet * sin(2 * Double.pi * 1000 * Double(index) / 8000))
                }
            let sound = try read(wav(samples.flatMap { littleEndian($0, 2) }))
            return SoundEncoding(channels: 1, lowest: 1000, highest: 1001, depth: 40, rate: 20).events(sound)
        }
        // log2(100) = 6.64 doublings above the threshold: 133 spikes in the second; at a tenth 3.32 and 66.
        let (loud, quiet) = (try tone(1), try tone(0.1))
        #expect(abs(loud.count { $0.time > 1_000_000 } - 133) <= 3)
        #expect(abs(quiet.count { $0.time > 1_000_000 } - 66) <= 3)
        #expect(try tone(0.009).allSatisfy { $0.time < 1_000_000 }, "below the threshold")
        #expect(zip(loud, loud.dropFirst()).allSatisfy { $0.time <= $1.time })
        let silence = try read(wav([0, 0, 0, 0]))
        #expect(SoundEncoding().events(silence) == [])
    }

    @Test("texts of encodings")
    func texts() {
        #expect(SoundEncoding("\(SoundEncoding())") == SoundEncoding())
        #expect(
            SoundEncoding("channels=32,depth=30.5")?.description
                == "channels=32,lowest=100,highest=3500,depth=30.5,rate=20")
        for text in [
            "", "channels", "channels=0", "channels=2.5", "chanels=3", "depth=3,depth=4", "lowest=4000",
            "rate=nan",
        ] {
            #expect(SoundEncoding(text) == nil, "\(text)")
        }
    }
}

struct SeriesTests {
    private static let text = """
        # a remark
        @problemName Tiny
        @timeStamps false
        @classLabel true a b
        @data
        0,1,2:10,10,20:b
        2,0:0,5:a
        """

    private func read(_ text: String) throws -> SeriesFile {
        let folder = try TemporaryFolder()
        return try SeriesFile(path: try folder.write(text, as: "a.ts"))
    }

    @Test("dimensions, times and classes")
    func file() throws {
        let file = try read(Self.text.replacing("\n", with: "\r\n"))
        #expect(file.classNames == ["a", "b"])
        #expect(
            file.series == [
                SeriesFile.Series(values: [[0, 1, 2], [10, 10, 20]], label: 1),
                SeriesFile.Series(values: [[2, 0], [0, 5]], label: 0),
            ])
    }

    @Test(
        "what is no series is told with its line",
        arguments: [
            ("0,1,2:10,10,20:c", "line 6: found class 'c', expected one of a, b"),
            ("0,1,x:10,10,20:b", "line 6: found 'x', expected a number"),
            ("0,1,nan:10,10,20:b", "line 6: found 'nan', expected a number"),
            ("0,1:10,10,20:b", "line 6: found dimensions of 2 and 3 numbers"),
            ("0,1,2:b", "line 7: found 2 dimensions, expected 1"),
            ("b", "line 6: found no numbers"),
        ])
    func errors(line: String, message: String) {
        let error = #expect(throws: DatasetError.self) {
            try read(Self.text.replacing("0,1,2:10,10,20:b", with: line))
        }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test("no prefix of a file is more than an error")
    func prefixes() throws {
        for length in 0..<Self.text.count { _ = try? read(String(Self.text.prefix(length))) }
        #expect(throws: DatasetError.self) { try read("") }
        #expect(throws: DatasetError.self) { try read("@timeStamps true\n@data") }
    }

    @Test("of a population the nearest input spikes")
    func population() throws {
        let file = try read(Self.text)
        let encoding = SeriesEncoding.population(3)
        #expect(encoding.sensor(dimensionCount: 2) == EventSensor(width: 2, height: 3))
        let events = encoding.events(file.series[0], [0...2, 10...20])
        #expect(
            events.map { [Int($0.x), Int($0.y), Int($0.time)] } == [
                [0, 0, 0], [1, 0, 0], [0, 1, 1000], [1, 0, 1000], [0, 2, 2000], [1, 2, 2000],
            ])
        #expect(
            encoding.events(SeriesFile.Series(values: [[-5, 9]], label: 0), [0...2]).map(\.y) == [0, 2],
            "beyond the range")
    }

    @Test("deltas are ON where numbers rise and OFF where they fall, and what is left over counts on")
    func delta() {
        let series = SeriesFile.Series(values: [[0, 0.26, 0.3, 0.55, 0]], label: 0)
        let events = SeriesEncoding.delta(0.25).events(series, [0...1])
        #expect(events.map(\.time) == [1000, 3000, 4000, 4000])
        #expect(events.map(\.isOn) == [true, true, false, false])
    }

    @Test("texts of encodings")
    func texts() throws {
        for text in ["population=8", "delta=0.1", "currents"] {
            let encoding = try #require(SeriesEncoding(text))
            #expect("\(encoding)" == text)
            let data = try JSONEncoder().encode([encoding])
            #expect(try JSONDecoder().decode([SeriesEncoding].self, from: data) == [encoding])
        }
        for text in [
            "", "population", "population=1", "population=2.5", "delta=0", "delta=2", "delta=nan", "delt=0.1",
        ] {
            #expect(SeriesEncoding(text) == nil, "\(text)")
        }
    }
}

struct SpokenDigitsTests {
    @Test("the last sounds to learn from, which are held out, are of all digits and of all speakers")
    func heldOut() throws {
        let folder = try TemporaryFolder()
        for digit in 0...9 {
            for speaker in SpokenDigits.speakers {
                for index in 0..<8 { try folder.write("", as: "\(digit)_\(speaker)_\(index).wav") }
            }
        }
        let layout = SpokenDigits(division: .published)
        let name = layout.fileNames[0]
        let parts = try layout.parts(
            of: DatasetCatalog.entry(named: "spoken-digits"), at: [name: folder.path(name)], EventInput())
        #expect((parts.train.files.count, parts.test.files.count) == (180, 300))
        let last = parts.train.files.suffix(60).map { $0.split(separator: "/").last?.prefix(5) ?? "" }
        #expect(Set(last).count == 60 && parts.train.samples.suffix(60).map(\.label).max() == 9)
    }
}

/// The sets themselves, where they are.
struct TemporalDatasetTests {
    private static func isHere(_ name: String) -> Bool {
        (try? DatasetCatalog.entry(named: name).paths(in: DatasetSearchPath())) != nil
    }

    private func load(_ name: String, stepCount: Int) async throws -> (
        train: SpikeDataset, test: SpikeDataset, note: String
    ) {
        let splits = try await DatasetCatalog.entry(named: name).load(nil, stepCount: stepCount)
        guard case (.spikes(let train), .spikes(let test)) = (splits.train, splits.test) else {
            throw DatasetError.unknownDataset(name, known: [])
        }
        return (train, test, splits.note)
    }

    @Test("N-MNIST", .enabled(if: isHere("n-mnist"), "N-MNIST is not installed"))
    func neuromorphicMNIST() async throws {
        let (train, test, note) = try await load("n-mnist", stepCount: 20)
        #expect((train.count, test.count) == (1000, 100) || note.hasSuffix("to judge by"))
        #expect((0..<10).allSatisfy { label in train.prefix(100).labels.contains(label) })
    }

    @Test("spoken digits", .enabled(if: isHere("spoken-digits"), "the spoken digits are not installed"))
    func spokenDigits() async throws {
        let (train, test, note) = try await load("spoken-digits", stepCount: 20)
        #expect((train.count, test.count) == (2700, 300) && note.hasSuffix("5 to judge by"))
        #expect((0..<10).allSatisfy { label in test.labels.count { $0 == label } == 30 })
        let (five, one, _) = try await load("spoken-digits-without-theo", stepCount: 20)
        #expect((five.count, one.count) == (2500, 500))
        #expect(test.inputCount == SoundEncoding().channels)
        // Every sound is heard.
        #expect((0..<test.count).allSatisfy { test.pixelCounts(of: $0).reduce(0, +) > 20 })
    }

    @Test("Japanese vowels", .enabled(if: isHere("japanese-vowels"), "the Japanese vowels are not installed"))
    func japaneseVowels() async throws {
        let (train, test, note) = try await load("japanese-vowels", stepCount: 29)
        #expect((train.count, test.count) == (270, 370) && note.hasSuffix("370 to judge by"))
        #expect((0..<9).allSatisfy { label in train.labels.count { $0 == label } == 30 })
        #expect(test.inputCount == 12 * 8)
        // 4274 and 5687 numbers a dimension in the files (counted by a script); those of one step can fall into one of the 29.
        #expect(train.spikeCount <= 12 * 4274 && train.spikeCount > 11 * 4274)
    }
}

extension SpikeDataset {
    fileprivate func prefix(_ length: Int) -> SpikeDataset { subset(Array(0..<length)) }
}
