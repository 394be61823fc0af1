import Files

/// A sound in a WAV file (RIFF; Multimedia Programming Interface 1.0, 1991): PCM of 8 to 32 bits, or 32-bit floating point.
public struct WAVFile: Sendable, Hashable {
    public let path: String
    /// Samples a second.
    public let sampleRate: Int
    /// −1…1, the mean of all channels.
    public let samples: [Float]

    /// Bytes of a file at most.
    static let sizeLimit = 1 << 30
    static let sampleRates = 1000...384_000

    /// - Throws: ``DatasetError/unreadable(_:)``, ``DatasetError/damaged(path:_:)`` with ``FileFault/sound(offset:problem:)``.
    public init(path: String) throws(DatasetError) {
        try self.init(Self.bytes(path), path: path)
    }

    static func bytes(_ path: String) throws(DatasetError) -> [UInt8] {
        try DatasetError.reading { () throws(FileError) in try InputFile.read(path, limit: sizeLimit) }
    }

    /// - Parameter bytes: the whole file.
    init(_ bytes: [UInt8], path: String) throws(DatasetError) {
        do throws(FileFault) {
            let (format, data) = try Self.chunks(of: bytes)
            let layout = try Layout(bytes, format)
            (sampleRate, samples) = (layout.sampleRate, layout.samples(bytes, data))
        } catch {
            throw .damaged(path: path, error)
        }
        self.path = path
    }

    /// Where the description of the samples lies, and where these do.
    private static func chunks(of bytes: [UInt8]) throws(FileFault) -> (format: Range<Int>, data: Range<Int>)
    {
        guard bytes.count >= 12, bytes.starts(with: Array("RIFF".utf8)),
            bytes[8..<12].elementsEqual("WAVE".utf8)
        else { throw .sound(offset: 0, problem: "found no RIFF header of a WAVE file") }
        var (format, place): (Range<Int>?, Int) = (nil, 12)
        while place + 8 <= bytes.count {
            let name = bytes[place..<place + 4]
            let size = number(bytes, place + 4, size: 4)
            let contents = place + 8..<min(place + 8 + size, bytes.count)
            if name.elementsEqual("data".utf8) {
                guard let format else {
                    throw .sound(offset: place, problem: "found samples before their format")
                }
                // Of a file that was written to a pipe the size is not known; then it goes to the end.
                guard contents.count == size || size >= 0xFFFF_FF00 else {
                    throw .sound(
                        offset: place + 4,
                        problem: "found \(contents.count) bytes of samples, expected \(size)")
                }
                return (format, contents)
            }
            guard contents.count == size else {
                throw .sound(
                    offset: place + 4, problem: "found \(contents.count) bytes of a chunk, expected \(size)")
            }
            if name.elementsEqual("fmt ".utf8) { format = contents }
            // Chunks begin at even places.
            place = contents.upperBound + size % 2
        }
        throw .sound(offset: bytes.count, problem: "found no samples")
    }

    private static func number(_ bytes: [UInt8], _ place: Int, size: Int) -> Int {
        (0..<size).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }

    /// How samples are kept.
    private struct Layout {
        let sampleRate: Int
        let channelCount: Int
        let bitCount: Int
        let isFloat: Bool

        init(_ bytes: [UInt8], _ format: Range<Int>) throws(FileFault) {
            let start = format.lowerBound
            guard format.count >= 16 else {
                throw .sound(
                    offset: start, problem: "found \(format.count) bytes of format, expected 16 or more")
            }
            var code = number(bytes, start, size: 2)
            // "Extensible": what it is stands at the beginning of a longer code.
            if code == 0xFFFE, format.count >= 26 { code = number(bytes, start + 24, size: 2) }
            channelCount = number(bytes, start + 2, size: 2)
            sampleRate = number(bytes, start + 4, size: 4)
            bitCount = number(bytes, start + 14, size: 2)
            isFloat = code == 3
            guard code == 1 && [8, 16, 24, 32].contains(bitCount) || isFloat && bitCount == 32 else {
                throw .sound(
                    offset: start,
                    problem:
                        "found format \(code) of \(bitCount) bits, expected 1 (PCM) of 8, 16, 24 or 32, or 3 (floating point) "
                        + "of 32")
            }
            guard (1...256).contains(channelCount), sampleRates.contains(sampleRate) else {
                throw .sound(
                    offset: start + 2,
                    problem:
                        "found \(channelCount) channels of \(sampleRate) Hz, expected 1 to 256 of \(sampleRates.lowerBound) to "
                        + "\(sampleRates.upperBound)")
            }
        }

        func samples(_ bytes: [UInt8], _ data: Range<Int>) -> [Float] {
            let size = bitCount / 8
            let frameSize = size * channelCount
            return (0..<data.count / frameSize).map { frame in
                let place = data.lowerBound + frame * frameSize
                let sum = (0..<channelCount).reduce(Float(0)) { $0 + sample(bytes, place + $1 * size, size) }
                return sum / Float(channelCount)
            }
        }

        private func sample(_ bytes: [UInt8], _ place: Int, _ size: Int) -> Float {
            let bits = number(bytes, place, size: size)
            if isFloat {
                let value = Float(bitPattern: UInt32(bits))
                return value.isFinite ? min(max(value, -1), 1) : 0
            }
            // 8 bits are unsigned, all others signed.
            if size == 1 { return Float(bits - 128) / 128 }
            let half = 1 << (bitCount - 1)
            return Float(bits >= half ? bits - 2 * half : bits) / Float(half)
        }
    }
}
