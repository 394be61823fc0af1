import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// One file on its way from a web server to a partial file on disk, from where an earlier attempt stopped.
struct HTTPDownload: Sendable {
    let url: URL
    /// Where the bytes go. What it holds already is taken as the beginning of the file.
    let partialPath: String

    /// Fetches what is missing, and leaves the whole file at ``partialPath``.
    ///
    /// Asks for the rest with a `Range` header. A server that ignores it sends the whole file, which then
    /// replaces what was there. When the connection breaks, what arrived stays for the next attempt.
    ///
    /// - Parameter progress: called after each piece with the bytes there are and the bytes there will be.
    /// - Throws: ``DatasetError/downloadFailed(url:_:)``, ``DatasetError/unwritable(path:reason:)``.
    func run(progress: (_ received: Int, _ expected: Int?) -> Void) async throws(DatasetError) {
        let file = try PartialFile(path: partialPath)
        defer { file.removeIfEmpty() }
        var request = URLRequest(url: url, cachePolicy: .reloadIgnoringLocalCacheData, timeoutInterval: 60)
        // The bytes are wanted as they are: compressing a gzip file for the journey would change its length.
        request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        if file.size > 0 { request.setValue("bytes=\(file.size)-", forHTTPHeaderField: "Range") }

        var expected: Int?
        var isComplete = false
        do {
            for try await event in HTTPExchange.events(of: request) {
                switch event {
                case .header(let header):
                    isComplete = try start(file, header)
                    expected = header.totalLength(after: file.size)
                case .body(let piece):
                    try file.append(piece)
                }
                progress(file.size, expected)
                if isComplete { break }
            }
        } catch let error as DatasetError {
            throw error
        } catch {
            throw failure(.connection(reason: error.localizedDescription, received: file.size))
        }
        if !isComplete, let expected, file.size != expected {
            let reason = "\(expected) bytes were announced"
            throw failure(.connection(reason: reason, received: file.size))
        }
        try file.close()
    }

    /// Prepares the file for what the server is going to send.
    ///
    /// - Returns: whether nothing more is needed, because the file was complete already.
    private func start(_ file: PartialFile, _ header: HTTPExchange.Header) throws(DatasetError) -> Bool {
        switch header.status {
        case 200:
            try file.truncate()
        case 206 where header.rangeStart == file.size:
            break
        case 416 where header.rangeTotal == file.size:
            return true
        case 206, 416:
            // The server has another file than the one that was begun.
            try file.truncate()
            throw failure(.connection(reason: "the file on the server has changed", received: 0))
        default:
            throw failure(.status(header.status))
        }
        return false
    }

    private func failure(_ fault: DownloadFault) -> DatasetError {
        .downloadFailed(url: url.absoluteString, fault)
    }
}

/// A file that grows at its end.
private final class PartialFile {
    private(set) var size: Int
    private let path: String
    private let file: FileHandle

    init(path: String) throws(DatasetError) {
        self.path = path
        do {
            if !FileManager.default.fileExists(atPath: path) {
                try Data().write(to: URL(filePath: path), options: .withoutOverwriting)
            }
            file = try FileHandle(forWritingTo: URL(filePath: path))
            size = Int(try file.seekToEnd())
        } catch {
            throw .unwritable(path: path, reason: DatasetError.reason(of: error))
        }
    }

    func append(_ piece: Data) throws(DatasetError) {
        do {
            try file.write(contentsOf: piece)
            size += piece.count
        } catch {
            throw .unwritable(path: path, reason: DatasetError.reason(of: error))
        }
    }

    func truncate() throws(DatasetError) {
        do {
            try file.truncate(atOffset: 0)
            size = 0
        } catch {
            throw .unwritable(path: path, reason: DatasetError.reason(of: error))
        }
    }

    /// An attempt that brought nothing leaves nothing.
    func removeIfEmpty() {
        if size == 0 { try? FileManager.default.removeItem(atPath: path) }
    }

    /// Makes sure that the bytes are on disk.
    func close() throws(DatasetError) {
        do {
            try file.synchronize()
            try file.close()
        } catch {
            throw .unwritable(path: path, reason: DatasetError.reason(of: error))
        }
    }
}
