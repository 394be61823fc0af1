import Files
import HDF5Files

/// What can go wrong between the name of a data set and its images in memory.
public enum DatasetError: DescribedError, Equatable {
    /// No data set of this name is in the catalogue.
    case unknownDataset(String, known: [String])
    /// The files of a data set are in none of the folders looked in.
    case filesNotFound(dataset: String, lookedIn: [String], findings: [String], remedies: [String])
    /// The operating system refuses to read a file, or it is too large.
    case unreadable(FileError)
    /// No address of its files is known, and none was given.
    case noAddress(dataset: String, files: String, folder: String)
    /// This program lacks a library that reads such files.
    case builtWithout(path: String, library: String)
    /// A file was read but is not what it should be.
    case damaged(path: String, FileFault)
    /// A file on the network could not be fetched.
    case downloadFailed(url: String, DownloadFault)
    /// The operating system refuses to write a file.
    case unwritable(path: String, reason: String)
    /// Another process is fetching the same file.
    case busy(path: String)
    /// Images in memory do not fit together, or one of them is asked for that is not there.
    case images(dataset: String, ImageFault)
    /// No process can be started for the library that reads a file.
    case hdf5(HDF5Error)
    /// A way of reading a data set that it does not have.
    case input(dataset: String, problem: String)

    public var category: ErrorCategory {
        switch self {
        case .unknownDataset, .noAddress, .input: .usage
        case .filesNotFound, .unreadable, .damaged, .images: .badInput
        case .builtWithout, .downloadFailed, .unwritable, .busy: .failure
        case .hdf5(let error): error.category
        }
    }

    public var description: String {
        switch self {
        case .unknownDataset(let name, let known):
            return
                "no data set is called '\(WebAddress.withoutCredentials(name))'; known are \(known.joined(separator: ", "))"
                + spellingHint(name, among: known)
        case .filesNotFound(let dataset, let folders, let findings, let remedies):
            let found = findings.isEmpty ? "" : "; " + findings.joined(separator: "; ")
            return "\(dataset) was not found in \(folders.joined(separator: ", "))\(found); "
                + remedies.joined(separator: ", or ")
        case .unreadable(let error):
            return error.description
        case .noAddress(let dataset, let files, let folder):
            return "\(dataset): no address to fetch it from is known; get \(files), and put it into "
                + "\(folder), or name a server of your own with --url"
        case .builtWithout(let path, let library):
            return "\(path): this program was built without \(library), which reads and writes such files; "
                + "build it anew with the package trait \(library), which is on by default"
        case .damaged(let path, let fault):
            return "\(path): \(fault)"
        case .downloadFailed(let url, let fault):
            return "\(url): \(fault)"
        case .unwritable(let path, let reason):
            return "\(path): cannot be written (\(reason)); check the permissions and the free space"
        case .busy(let path):
            return "\(path): another process is fetching this file; run the command again when it is done"
        case .images(let dataset, let fault):
            return "images of \(dataset): \(fault)"
        case .hdf5(let error):
            return error.description
        case .input(let dataset, let problem):
            return "\(dataset): \(problem)"
        }
    }
}

extension DatasetError {
    /// What a reader of files found, as the error of a data set.
    static func reading<Value>(_ read: () throws(FileError) -> Value) throws(DatasetError) -> Value {
        do throws(FileError) {
            return try read()
        } catch {
            throw DatasetError(error)
        }
    }

    init(_ error: FileError) {
        if case .damagedGzip(let path, let fault) = error {
            self = .damaged(path: path, .gzip(fault))
        } else {
            self = .unreadable(error)
        }
    }
}

/// What is wrong with a file's contents. Counts are in bytes unless they say otherwise.
public enum FileFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// It is no whole gzip stream.
    case gzip(GzipFault)
    /// The file ends early.
    case tooShort(found: Int, expected: Int)
    /// The file goes on where it should end.
    case trailingBytes(expected: Int)
    /// The first four bytes are not those of an IDX file of bytes with this many dimensions.
    case wrongMagic(found: UInt32, expected: UInt32)
    /// The header names other dimensions.
    case wrongDimensions(found: [Int], expected: String)
    /// The header asks for more than the file can possibly hold.
    case impossibleSize(dimensions: [Int], largest: Int)
    /// The label file has another number of labels than the image file has images.
    case labelCount(found: Int, images: Int)
    /// A label that is no class.
    case labelOutOfRange(label: Int, position: Int, classCount: Int)
    /// The first bytes are not those of an HDF5 file, nor are they further on.
    case wrongSignature(found: [UInt8])
    /// One of the arrays of a file that holds several by name.
    case array(String, ArrayFault)
    /// The contents, or the archive as a whole, have another SHA-256 than the catalogue says.
    case wrongDigest(found: String, expected: String)
    /// No series from a line on, counted from 1.
    case series(line: Int, problem: String)
    /// No table from a line on, counted from 1.
    case table(line: Int, problem: String)
    /// Arrays that are no series.
    case seriesArray(problem: String)
    /// No sound from a byte on.
    case sound(offset: Int, problem: String)
    /// Only the digest of the gzip file is known, and this is a plain one.
    case nothingToCompare

    public var description: String { remedy.map { "\(finding); \($0)" } ?? finding }

    /// What is there, and what was expected.
    var finding: String {
        switch self {
        case .gzip(let fault):
            fault.description
        case .tooShort(let found, let expected):
            "ends after \(found) of \(expected) bytes"
        case .trailingBytes(let expected):
            "goes on after the \(expected) bytes that it should have"
        case .wrongMagic(let found, let expected):
            "starts with \(Self.word(found)), an IDX file of this kind with \(Self.word(expected))"
        case .wrongDimensions(let found, let expected):
            "holds \(Self.shape(found)), expected \(expected)"
        case .impossibleSize(let dimensions, let largest):
            "its header claims \(Self.shape(dimensions)) bytes, the file can hold at most \(largest)"
        case .labelCount(let found, let images):
            "holds \(found) labels for \(images) images"
        case .labelOutOfRange(let label, let position, let classCount):
            "label \(position) is \(label), expected 0…\(classCount - 1)"
        case .wrongSignature(let found):
            "starts with \(Self.hexadecimal(found)), an HDF5 file with "
                + "\(Self.hexadecimal(HDF5File.signature))"
        case .array(let name, let fault):
            "\(name) \(fault)"
        case .series(let line, let problem), .table(let line, let problem):
            "line \(line): \(problem)"
        case .seriesArray(let problem):
            problem
        case .sound(let offset, let problem):
            "byte \(offset): \(problem)"
        case .wrongDigest(let found, let expected):
            "SHA-256 is \(found), the catalogue says \(expected)"
        case .nothingToCompare:
            "is not gzipped, and only the digest of the gzip file is known"
        }
    }

    /// What to do.
    private var remedy: String? {
        switch self {
        case .gzip, .tooShort, .trailingBytes, .impossibleSize, .sound, .series, .table: Self.replace
        case .wrongMagic, .wrongDimensions, .labelOutOfRange, .wrongSignature, .seriesArray: Self.checkFile
        case .labelCount: "check that both files belong together"
        case .array: nil
        case .wrongDigest: "only that file is taken, put it in the place of this one"
        case .nothingToCompare: "use the gzip file as it is published"
        }
    }

    static let replace = "replace it by an intact copy"
    static let checkFile = "check that it is the right file"

    private static func word(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        guard !bytes.isEmpty else { return "nothing" }
        return "0x" + bytes.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
    }

    private static func shape(_ dimensions: [Int]) -> String {
        dimensions.map(String.init).joined(separator: " × ")
    }
}

/// Why a download came to nothing. What arrived so far is kept unless it is useless.
public enum DownloadFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// Not an address that can be fetched.
    case notAnAddress
    /// The server answered with another status than 200 or 206.
    case status(Int)
    /// The connection failed or broke off.
    case connection(reason: String, received: Int)
    /// The file arrived but is not the one in the catalogue; it was deleted.
    case wrongFile(FileFault)
    /// The server sends or announces more bytes than the file can have; what came was deleted.
    case tooLarge(limit: Int)

    public var description: String {
        switch self {
        case .notAnAddress:
            "is not an http or https address; give the folder of the files, as in --url https://example.org/mnist/"
        case .status(let code):
            "the server answers with status \(code), expected 200; name a mirror with --url"
        case .connection(let reason, let received):
            "the connection failed after \(received) bytes (\(reason)); "
                + "run the command again to go on from there, or name a mirror with --url"
        case .wrongFile(let fault):
            "the file that arrived is not the right one: \(fault.finding); name a mirror with --url"
        case .tooLarge(let limit):
            "the server sends more than the \(limit) bytes that the file can have; nothing was kept; "
                + "name a mirror with --url"
        }
    }
}
