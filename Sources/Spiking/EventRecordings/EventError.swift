import Files
import HDF5Files

/// What can go wrong between a file of events and its events.
public enum EventError: DescribedError, Equatable {
    /// The operating system refuses to read a file, it is too large, or it is a damaged gzip file.
    case unreadable(FileError)
    /// The contents make no sense from a byte on.
    case damaged(path: String, offset: Int, EventFault)
    /// An event that makes no sense, counted from 0, in a file whose bytes do not say where it is.
    case damagedEvent(path: String, number: Int, EventFault)
    /// An HDF5 file makes no sense, or the library that reads it came to an end.
    case hdf5(HDF5Error)
    /// An HDF5 file in which no events are found.
    case unknownLayout(path: String, found: [String])
    /// Nothing by which a format is known.
    case unknownFormat(path: String, found: String)
    /// A folder without a file that has the name of a recording.
    case noRecordings(path: String)
    /// More events than are taken at once.
    case tooManyEvents(path: String, limit: Int)
    /// A sensor of more pixels than can be looked at one by one.
    case tooManyPixels(path: String, EventSensor)
    /// An event that the format of a file cannot hold.
    case notRepresentable(path: String, Event, expected: String)
    /// What a file says of a simulated camera cannot be.
    case setup(path: String, problem: String)
    /// The operating system refuses to write a file.
    case notWritten(FileError)

    public var category: ErrorCategory {
        switch self {
        case .notWritten(let error): error.category
        case .hdf5(let error): error.category
        default: .badInput
        }
    }

    public var description: String {
        switch self {
        case .notRepresentable(let path, let event, let expected):
            "\(path): found an event at column \(event.x), row \(event.y), at \(event.time) µs, expected \(expected), as "
                + "the format has; crop or convert to .npy"
        case .setup(let path, let problem): "\(path): \(problem)"
        case .notWritten(let error): error.description
        case .tooManyEvents(let path, let limit):
            "\(path): found more than \(limit) events, which are as many as are held at once; cut the recording"
        case .tooManyPixels(let path, let sensor):
            "\(path): \(sensor.excess)"
        case .unreadable(let error): error.description
        case .damaged(let path, let offset, let fault): "\(path): byte \(offset): \(fault)"
        case .damagedEvent(let path, let number, let fault): "\(path): event \(number): \(fault)"
        case .hdf5(let error): error.description
        case .unknownLayout(let path, let found):
            "\(path): found \(found.isEmpty ? "nothing" : found.joined(separator: "; ")), expected events: records "
                + "with x, y, t and p, or such arrays of one length, of whole numbers, in events, CD/events or at the "
                + "top; write it anew so"
        case .unknownFormat(let path, let found):
            "\(path): starts with \(found), expected events: "
                + EventFormat.allCases.map(\.description).joined(separator: ", ")
                + "; name the format, if it is one of them"
        case .noRecordings(let path):
            "\(path): found no recordings, expected files or folders of files that end in "
                + EventFormat.endings.joined(separator: ", ")
                + ", gzipped or not; check that it is the right folder"
        }
    }
}

/// What is wrong at one place of a file of events.
public enum EventFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file ends within something.
    case endsWithin(String, found: Int, expected: Int)
    /// Something is not what it should be.
    case unexpected(found: String, expected: String)
    /// A header that does not end where one can be expected to.
    case longHeader(limit: Int)
    /// An event beside the sensor.
    case offSensor(Event, EventSensor)
    /// Something that is larger than the file can make it.
    case impossibleSize(String, found: Int, largest: Int)

    /// Something that this program cannot read, since it was built without a package trait.
    case builtWithout(library: String)

    public var description: String {
        switch self {
        case .endsWithin(let part, let found, let expected):
            "the file ends within \(part), found \(found) of \(expected) bytes; replace it by an intact copy"
        case .unexpected(let found, let expected):
            "found \(found), expected \(expected); check that it is the right file"
        case .longHeader(let limit):
            "found no end of the header within \(limit) bytes; check that it is the right file"
        case .offSensor(let event, let sensor):
            "found an event at column \(event.x), row \(event.y), expected one within "
                + "\(sensor.width) × \(sensor.height) pixels; name the sensor, if it has more"
        case .builtWithout(let library):
            "this program was built without what reads compressed packets; build it anew with the package trait "
                + "\(library), which is on by default"
        case .impossibleSize(let part, let found, let largest):
            "\(part) claims \(found) bytes, expected at most \(largest); replace the file by an intact copy"
        }
    }
}
