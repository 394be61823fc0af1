/// One file on its way from a web server to a partial file on disk, from where an earlier attempt stopped.
struct HTTPDownload {
    let address: WebAddress
    /// The most bytes that the file can have.
    let limit: Int

    /// Fetches what is missing of a file.
    ///
    /// Asks for the rest with a `Range` header. A server that ignores it sends the whole file, which then
    /// replaces what was there. When the connection breaks, what arrived stays for the next attempt. A server that sends
    /// or announces more than the file can have is stopped, and what came is thrown away.
    ///
    /// - Parameters:
    ///   - isCancelled: asked about once a second.
    ///   - progress: called after each piece with the bytes there are and the bytes there will be.
    /// - Throws: ``DatasetError/downloadFailed(url:_:)``, ``DatasetError/unwritable(path:reason:)``.
    func run(
        into file: PartialFile, isCancelled: @escaping () -> Bool,
        progress: @escaping (_ received: Int, _ expected: Int?) -> Void
    ) throws(DatasetError) {
        var expected: Int?
        do {
            try HTTPTransfer(url: address.text, firstByte: file.size).run(
                isCancelled: isCancelled,
                onHeader: { header in
                    let isWanted = try start(file, header)
                    expected = header.totalLength(after: file.size)
                    if isWanted, let expected, expected > limit { throw try excess(file) }
                    progress(file.size, expected)
                    return isWanted
                },
                onPiece: { piece in
                    guard piece.count <= limit - file.size else { throw try excess(file) }
                    try file.append(piece)
                    progress(file.size, expected)
                })
        } catch let error as DatasetError {
            throw error
        } catch {
            let reason = (error as? HTTPTransfer.Failure)?.reason ?? "\(error)"
            throw failure(.connection(reason: reason, received: file.size))
        }
        if let expected, file.size != expected {
            throw failure(
                .connection(reason: "\(expected) bytes were announced", received: file.size))
        }
    }

    /// Prepares the file for what the server is going to send.
    ///
    /// - Returns: whether the body is wanted; it is not where the file was complete already.
    private func start(_ file: PartialFile, _ header: HTTPTransfer.Header) throws(DatasetError) -> Bool {
        switch header.status {
        case 200:
            try file.empty()
        case 206 where header.rangeStart == file.size:
            break
        case 416 where header.rangeTotal == file.size:
            return false
        case 206, 416:
            // The server has another file than the one that was begun.
            try file.empty()
            throw failure(.connection(reason: "the file on the server has changed", received: 0))
        default:
            throw failure(.status(header.status))
        }
        return true
    }

    private func excess(_ file: PartialFile) throws(DatasetError) -> DatasetError {
        try file.empty()
        return failure(.tooLarge(limit: limit))
    }

    private func failure(_ fault: DownloadFault) -> DatasetError {
        .downloadFailed(url: address.description, fault)
    }
}
