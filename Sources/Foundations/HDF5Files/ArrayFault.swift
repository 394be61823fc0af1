/// What is wrong with one array of a file that holds several by name.
public enum ArrayFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// No object of this name; the names that are where it was looked for.
    case absent(found: [String])
    /// It, or a group on the way to it, is only a pointer to another place.
    case elsewhere
    /// Not numbers of the kind wanted.
    case wrongType(found: String, expected: String)
    /// Another number of dimensions, or other sizes; `nil` where any size would do.
    case wrongShape(found: [Int], expected: [Int?])
    /// It claims more bytes than the file can possibly hold.
    case impossibleSize(dimensions: [Int], largest: Int)
    /// The file makes no sense, mostly in the words of the library that reads such files.
    case unreadable(reason: String)
    /// Packed by a filter that HDF5 does not have by itself.
    case missingFilter(String)
    /// HDF5's library came to an end on the file, in its own process.
    case libraryEnded(how: String)
    /// A number outside the range; `position` counts elements, last dimension fastest.
    case outOfRange(value: String, position: Int, expected: String)

    public var description: String {
        switch self {
        case .absent(let found):
            let names = found.isEmpty ? "nothing" : found.joined(separator: ", ")
            return "is missing, found \(names); \(Self.checkFile)"
        case .elsewhere:
            return "refers to another file or place; store the numbers in this file"
        case .wrongType(let found, let expected):
            return "holds \(found), expected \(expected); \(Self.checkFile)"
        case .wrongShape(let found, let expected):
            let shape = expected.map { $0.map(String.init) ?? "any" }
            return "is \(Self.shape(found.map(String.init))), expected \(Self.shape(shape)); "
                + Self.checkFile
        case .impossibleSize(let dimensions, let largest):
            return "claims \(Self.shape(dimensions.map(String.init))) numbers, the file can hold at most "
                + "\(largest) bytes; \(Self.replace)"
        case .unreadable(let reason):
            return "cannot be read (\(reason)); \(Self.replace)"
        case .missingFilter(let filter):
            return
                "is packed by filter \(filter), expected deflate, shuffle, szip or none; write it anew where the "
                + "filter is installed, as h5repack -f GZIP=4 does"
        case .libraryEnded(let how):
            return
                "cannot be read: HDF5's library \(how), in a process of its own; the file is damaged or made to "
                + "break it, \(Self.replace)"
        case .outOfRange(let value, let position, let expected):
            return "number \(position) is \(value), expected \(expected); \(Self.checkFile)"
        }
    }

    private static let replace = "replace it by an intact copy"
    private static let checkFile = "check that it is the right file"

    private static func shape(_ sizes: [String]) -> String {
        sizes.isEmpty ? "a single number" : sizes.joined(separator: " × ")
    }
}
