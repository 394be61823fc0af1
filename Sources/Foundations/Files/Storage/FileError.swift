/// A file that the system would not read or write, or a program that it would not run.
public enum FileError: DescribedError, Hashable {
    case cannotRead(path: String, reason: String)
    case notAFile(path: String)
    case tooLarge(path: String, bytes: Int, limit: Int)
    case damagedGzip(path: String, GzipFault)
    case cannotWrite(path: String, reason: String)
    case cannotMakeFolder(path: String, reason: String)
    /// A folder that another process has the lock of.
    case busy(path: String)
    /// A program that did not start.
    case cannotRun(program: String, reason: String)

    public var category: ErrorCategory {
        switch self {
        case .cannotRead, .notAFile, .tooLarge, .damagedGzip: .badInput
        case .cannotWrite, .cannotMakeFolder, .busy, .cannotRun: .failure
        }
    }

    public var description: String {
        switch self {
        case .cannotRead(let path, let reason):
            "\(path): cannot be read (\(reason)); check the path and its permissions"
        case .notAFile(let path):
            "\(path): found a folder or device, expected a regular file"
        case .tooLarge(let path, let bytes, let limit):
            "\(path): found \(bytes) bytes or more, expected at most \(limit); is it the right file?"
        case .damagedGzip(let path, let fault):
            "\(path): \(fault); replace it by an intact copy"
        case .cannotWrite(let path, let reason):
            "\(path): cannot be written (\(reason)); nothing was changed; "
                + "choose a folder that is writable and has space"
        case .cannotMakeFolder(let path, let reason):
            "\(path): the folder cannot be made (\(reason)); choose another"
        case .busy(let path):
            "\(path): another process is writing in this folder; wait for it, or choose another --output"
        case .cannotRun(let program, let reason):
            "the program '\(program)' does not start (\(reason)); check that it is installed whole"
        }
    }
}
