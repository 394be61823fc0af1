import Compute
import EventRecordings
import Files
import Glibc
import SpikeTrains

/// Labelled spikes over time, as networks take them: recordings of event cameras in steps.
///
/// Only the spikes that there are take memory, two bytes each. Parts of a set share them.
public struct SpikeDataset: Sendable {
    /// The catalogue name of the data set it comes from, `n-mnist` for one.
    public let name: String
    /// What the inputs are: pixels of one or two polarities.
    public let shape: InputShape
    /// Time steps T.
    public let stepCount: Int
    /// One name a class, in the order of the labels.
    public let classNames: [String]
    /// The class of each sample, `0 ..< classCount`.
    public let labels: [UInt8]
    /// Where each sample lies in ``spikes``.
    private let places: [Int]
    private let spikes: SpikeList
    /// Reads a sample again, by its place, and changes it by chance; nil where nothing is by chance.
    private let redraw: Redraw?

    typealias Redraw = @Sendable (_ place: Int, _ random: RandomStream) throws -> SpikeList

    /// As many inputs can be told apart by two bytes.
    static let inputLimit = 1 << 16

    init(
        name: String, shape: InputShape, stepCount: Int, classNames: [String], labels: [UInt8],
        _ spikes: SpikeList, redraw: Redraw? = nil
    ) {
        self.init(
            name: name, shape: shape, stepCount: stepCount, classNames: classNames, labels: labels,
            places: Array(labels.indices), spikes, redraw)
    }

    private init(
        name: String, shape: InputShape, stepCount: Int, classNames: [String], labels: [UInt8], places: [Int],
        _ spikes: SpikeList, _ redraw: Redraw?
    ) {
        (self.name, self.shape, self.stepCount) = (name, shape, stepCount)
        (self.classNames, self.labels, self.places, self.spikes) = (classNames, labels, places, spikes)
        self.redraw = redraw
    }

    public var count: Int { labels.count }
    public var classCount: Int { classNames.count }
    public var inputCount: Int { shape.inputCount }

    /// Spikes of all samples.
    public var spikeCount: Int {
        places.reduce(0) { $0 + spikes.inputs(of: $1 * stepCount..<($1 + 1) * stepCount).count }
    }

    /// Events of all samples, those too that became no spike of their own.
    public var eventCount: Int { places.reduce(0) { $0 + spikes.events[$1].count } }

    /// Events that are in no step.
    public var outsideCount: Int { places.reduce(0) { $0 + spikes.events[$1].outsideCount } }

    /// What became of the events, as a line.
    public var account: String {
        func mean(_ count: Int) -> String {
            String(printf: "%.0f", Double(count) / Double(max(self.count, 1)))
        }
        let (events, outside, spikes) = (eventCount, outsideCount, spikeCount)
        let lost = outside > 0 ? ", \(mean(outside)) in none" : ""
        return "\(mean(events)) events a sample in \(stepCount) steps\(lost): \(mean(spikes)) spikes, "
            + "\(mean(events - outside - spikes)) at an input that spikes already"
    }

    /// The spikes of some samples, `[sample][step][input]`, in the order wanted.
    ///
    /// - Parameter indices: numbers of samples, below ``count``.
    public func raster(_ indices: [Int]) -> SpikeRaster {
        var raster = SpikeRaster(sampleCount: indices.count, stepCount: stepCount, neuronCount: inputCount)
        for (sample, index) in indices.enumerated() {
            spikes.write(firstRow: places[index] * stepCount, as: sample, of: &raster)
        }
        return raster
    }

    /// The same with what transforms by chance make of the samples this time; they are read again for it.
    ///
    /// - Parameters:
    ///   - random: the stream of the run and epoch, of purpose `augmentation`; a sample's place in the whole set is the address of its
    ///     random numbers.
    ///   - parallelism: without effect on the result.
    /// - Throws: as reading the data set does.
    public func augmentedRaster(
        _ indices: [Int], random: RandomStream, parallelism: Parallelism
    ) throws -> SpikeRaster {
        guard let redraw else { return raster(indices) }
        let drawn = parallelism.map(indices.count) { sample, _ in
            Result { try redraw(places[indices[sample]], random) }
        }
        var raster = SpikeRaster(sampleCount: indices.count, stepCount: stepCount, neuronCount: inputCount)
        for (sample, list) in drawn.enumerated() {
            try list.get().write(firstRow: 0, as: sample, of: &raster)
        }
        return raster
    }

    /// The inputs that spike in a step of a sample.
    ///
    /// - Parameter sample: below ``count``.
    func inputs(sample: Int, step: Int) -> ArraySlice<UInt16> {
        let row = places[sample] * stepCount + step
        return spikes.inputs(of: row..<row + 1)
    }

    /// Spikes of each pixel of a sample, of both polarities, row after row.
    public func pixelCounts(of index: Int) -> [Int] {
        let size = shape.height * shape.width
        var counts = [Int](repeating: 0, count: size)
        let row = places[index] * stepCount
        for input in spikes.inputs(of: row..<row + stepCount) { counts[Int(input) % size] += 1 }
        return counts
    }

    /// The samples at some positions, in the order given.
    public func subset(_ indices: [Int]) -> SpikeDataset {
        SpikeDataset(
            name: name, shape: shape, stepCount: stepCount, classNames: classNames,
            labels: indices.map { labels[$0] }, places: indices.map { places[$0] }, spikes, redraw)
    }
}

/// What the inputs of a data set are: planes of pixels, row after row.
public struct InputShape: Sendable, Hashable {
    /// 2 where OFF events have inputs of their own, after those of ON events.
    public let planeCount: Int
    public let height: Int
    public let width: Int

    public var inputCount: Int { planeCount * height * width }
}

/// Spikes of many samples one after the other.
struct SpikeList: Sendable {
    /// Where the inputs of each sample and step begin, and where the last ones end.
    private(set) var starts = [0]
    private(set) var inputs: [UInt16] = []
    /// Events of each sample, and those of them that are in no step.
    private(set) var events: [(count: Int, outsideCount: Int)] = []

    /// One sample.
    init(_ bins: BinnedEvents) {
        inputs = bins.inputs.map { UInt16($0) }
        starts = bins.starts
        events = [(bins.eventCount + bins.outsideCount, bins.outsideCount)]
    }

    init() {}

    /// - Parameters:
    ///   - rows: inputs of each sample and step.
    ///   - inputs: of all of them, one after the other.
    init(rows: [UInt32], inputs: [UInt16], events: [(count: Int, outsideCount: Int)]) {
        starts.reserveCapacity(rows.count + 1)
        var start = 0
        for count in rows {
            start += Int(count)
            starts.append(start)
        }
        (self.inputs, self.events) = (inputs, events)
    }

    mutating func append(_ list: SpikeList) {
        let before = inputs.count
        inputs.append(contentsOf: list.inputs)
        starts.append(contentsOf: list.starts.dropFirst().lazy.map { before + $0 })
        events += list.events
    }

    /// Writes the steps from a row on as a sample of a raster.
    func write(firstRow: Int, as sample: Int, of raster: inout SpikeRaster) {
        let (words, wordsPerRow) = (raster.words.mutableView(), raster.wordsPerRow)
        for step in 0..<raster.stepCount {
            let first = (sample * raster.stepCount + step) * wordsPerRow
            for input in inputs(of: firstRow + step..<firstRow + step + 1) {
                words[first + Int(input >> 6)] |= 1 << UInt64(input & 63)
            }
        }
    }

    /// The inputs of some steps of one sample.
    func inputs(of rows: Range<Int>) -> ArraySlice<UInt16> {
        inputs[starts[rows.lowerBound]..<starts[rows.upperBound]]
    }
}
