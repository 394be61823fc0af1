import EventRecordings
import Glibc

/// How a sound becomes events: one input a band of frequencies, the louder the more spikes.
///
/// A filter bank gives the envelope of each band; of it the logarithm above a threshold, in doublings (6 dB), drives a neuron that
/// integrates without leak and fires whenever its potential passes 1. Loudness counts from the greatest sample of the sound. The events lie
/// on a sensor of one row, one column a band from low to high, all of them ON.
public struct SoundEncoding: Sendable, Hashable, Codable {
    /// Bands of frequencies.
    public var channels: Int
    /// Centre of the lowest band, Hz.
    public var lowest: Double
    /// Centre of the highest band, Hz.
    public var highest: Double
    /// Where spikes begin, dB below the greatest sample.
    public var depth: Double
    /// Spikes a second for each doubling of the envelope above the threshold.
    public var rate: Double

    public static let channelCounts = 1...4096

    public init(
        channels: Int = 64, lowest: Double = 100, highest: Double = 3500, depth: Double = 40,
        rate: Double = 20
    ) {
        (self.channels, self.lowest, self.highest) = (channels, lowest, highest)
        (self.depth, self.rate) = (depth, rate)
    }

    /// What cannot be, nil if all can.
    var problem: String? {
        if !Self.channelCounts.contains(channels) {
            return
                "channels: found \(channels), expected \(Self.channelCounts.lowerBound) to \(Self.channelCounts.upperBound)"
        }
        if !(lowest > 0 && lowest < highest && highest < 1e6) {
            return
                "found bands from \(lowest) to \(highest) Hz, expected a lower one above 0 and a higher one"
        }
        if !(depth > 0 && depth <= 200) {
            return "depth: found \(depth) dB, expected more than 0, at most 200"
        }
        return rate > 0 && rate <= 1e4 ? nil : "rate: found \(rate), expected more than 0, at most 10000"
    }

    /// The sensor of the events.
    var sensor: EventSensor { EventSensor(width: channels, height: 1) }

    /// The events of a sound, in the order of time.
    func events(_ sound: WAVFile) -> [Event] {
        let greatest = sound.samples.reduce(0) { max($0, abs($1)) }
        guard greatest > 0 else { return [] }
        let sampleRate = Double(sound.sampleRate)
        let bank = GammatoneBank(
            channelCount: channels, lowest: lowest, highest: min(highest, 0.45 * sampleRate),
            sampleRate: sampleRate)
        let threshold = greatest * Float(pow(10, -depth / 20))
        let step = Float(rate / sampleRate)
        var events: [Event] = []
        bank.forEachEnvelope(of: sound.samples) { channel, envelope in
            var potential: Float = 0
            for (index, value) in envelope.enumerated() where value > threshold {
                potential += step * log2(value / threshold)
                guard potential >= 1 else { continue }
                potential -= 1
                events.append(
                    Event(
                        x: UInt16(channel), y: 0, isOn: true,
                        time: Int64(index) * 1_000_000 / Int64(sound.sampleRate)))
            }
        }
        return events.sorted { ($0.time, $0.x) < ($1.time, $1.x) }
    }
}

extension SoundEncoding: LosslessStringConvertible {
    /// - Parameter text: settings in place of the usual ones, as `channels=32,depth=30`.
    public init?(_ text: String) {
        self.init()
        var names: Set<Substring> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let words = part.split(separator: "=", omittingEmptySubsequences: false)
            guard words.count == 2, names.insert(words[0]).inserted, let value = Double(words[1]),
                value.isFinite
            else { return nil }
            switch words[0] {
            case "channels":
                guard let count = Int(exactly: value) else { return nil }
                channels = count
            case "lowest": lowest = value
            case "highest": highest = value
            case "depth": depth = value
            case "rate": rate = value
            default: return nil
            }
        }
        if problem != nil { return nil }
    }

    public var description: String {
        func text(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }
        return
            "channels=\(channels),lowest=\(text(lowest)),highest=\(text(highest)),depth=\(text(depth)),rate=\(text(rate))"
    }
}
