import Files
import Glibc

/// Spike times as text: a number a line, ascending; lines that begin with # and empty ones say nothing.
public enum SpikeTimesFile {
    /// Steps of a train at most.
    public static let largestStepCount = 10_000_000

    /// Reads a train.
    ///
    /// - Parameters:
    ///   - width: of a step, in the file's unit; steps are counted from 0.
    ///   - stepCount: of the train; nil for those up to the last spike.
    /// - Throws: `FileError`; ``SpikeFitError/file(path:line:problem:)`` for what is no train.
    public static func read(_ path: String, width: Double, stepCount: Int? = nil) throws -> [Bool] {
        var places: [Int] = []
        for (line, numbers) in try numbers(path) {
            guard numbers.count == 1 else {
                throw SpikeFitError.file(
                    path: path, line: line, problem: "found \(numbers.count) numbers, expected one spike time"
                )
            }
            let place = (numbers[0] / width).rounded(.down)
            guard place >= 0, place < Double(min(stepCount ?? .max, largestStepCount)) else {
                throw SpikeFitError.file(
                    path: path, line: line,
                    problem: "found time \(numbers[0]), which is step \(place), expected 0 to "
                        + "\(min(stepCount ?? .max, largestStepCount) - 1); choose another --step")
            }
            if let last = places.last, Int(place) <= last {
                throw SpikeFitError.file(
                    path: path, line: line,
                    problem: Int(place) == last
                        ? "found a second spike in step \(last), expected one at most; choose a shorter --step"
                        : "found a time before the last, expected ascending ones")
            }
            places.append(Int(place))
        }
        var spikes = [Bool](repeating: false, count: stepCount ?? (places.last.map { $0 + 1 } ?? 0))
        for place in places { spikes[place] = true }
        return spikes
    }

    /// Reads numbers over time, two a line, time and value: the mean of each step, or the last where a step has none.
    ///
    /// - Throws: as ``read(_:width:stepCount:)``.
    public static func readInput(_ path: String, width: Double, stepCount: Int) throws -> [Float] {
        var sums = [Double](repeating: 0, count: stepCount)
        var counts = [Int](repeating: 0, count: stepCount)
        for (line, numbers) in try numbers(path) {
            guard numbers.count == 2 else {
                throw SpikeFitError.file(
                    path: path, line: line,
                    problem: "found \(numbers.count) numbers, expected a time and a value")
            }
            let place = (numbers[0] / width).rounded(.down)
            guard place >= 0 else {
                throw SpikeFitError.file(
                    path: path, line: line, problem: "found time \(numbers[0]), expected 0 or more")
            }
            guard place < Double(stepCount) else { continue }
            sums[Int(place)] += numbers[1]
            counts[Int(place)] += 1
        }
        guard counts.first ?? 0 > 0 else {
            throw SpikeFitError.file(path: path, line: 1, problem: "found no value in the first step")
        }
        var last: Float = 0
        return zip(sums, counts).map { sum, count in
            if count > 0 { last = Float(sum / Double(count)) }
            return last
        }
    }

    /// The lines that have numbers.
    private static func numbers(_ path: String) throws -> [(line: Int, numbers: [Double])] {
        let bytes = try InputFile.read(path, limit: 1 << 28)
        var lines: [(Int, [Double])] = []
        for (index, line) in bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
            let words = String(decoding: line, as: UTF8.self)
                .split { $0 == " " || $0 == "\t" || $0 == "," || $0 == "\r" }
            if words.isEmpty || words[0].hasPrefix("#") { continue }
            var numbers: [Double] = []
            for word in words {
                guard let number = Double(word), number.isFinite else {
                    throw SpikeFitError.file(
                        path: path, line: index + 1, problem: "found '\(word.prefix(40))', expected a number")
                }
                numbers.append(number)
            }
            lines.append((index + 1, numbers))
        }
        return lines
    }

    /// Writes the times of spikes.
    ///
    /// - Parameter comment: the first line, without its #.
    public static func write(_ spikes: [Bool], width: Double, comment: String, to path: String) throws {
        let times = spikes.indices.filter { spikes[$0] }.map { "\(Double($0) * width)" }
        try AtomicFile.write(
            Array((["# " + comment] + times).joined(separator: "\n").utf8) + Array("\n".utf8), to: path)
    }
}
