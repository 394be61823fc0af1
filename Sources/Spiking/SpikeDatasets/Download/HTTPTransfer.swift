import Files

#if Downloads
    import CCurl
#endif

/// One GET request by libcurl: the answer's header, then its body piece by piece as it arrives.
///
/// Nothing is held back: a piece is at most 16 KiB, and the next one is read when the last one was taken. All calls of
/// libcurl are in this file. (Foundation's URLSession has no such brake, and a `Content-Length` of 2^63 − 1 ends the
/// program inside it.)
package struct HTTPTransfer {
    /// Version of the library, as `libcurl/7.88.1 …`.
    package static var libraryVersion: String? {
        #if Downloads
            String(cString: curl_version())
        #else
            nil
        #endif
    }

    /// What is taken of the answer's header.
    struct Header: Sendable {
        var status = 0
        /// Length of the body, if announced.
        var bodyLength: Int?
        /// `Content-Range: bytes START-END/TOTAL`, or `bytes */TOTAL`.
        var contentRange: String?

        var rangeStart: Int? {
            contentRange?.split(separator: " ").last?.split(separator: "-").first.flatMap { Int($0) }
        }

        var rangeTotal: Int? { contentRange?.split(separator: "/").last.flatMap { Int($0) } }

        /// Length of the whole file, if announced, where its first bytes are here already.
        func totalLength(after present: Int) -> Int? {
            rangeTotal ?? bodyLength.map { Int(clamping: Int64($0).addingClamped(Int64(present))) }
        }

        /// Takes one line; a status line begins the header of another answer, as after a redirection.
        mutating func read(_ line: String) {
            if line.hasPrefix("HTTP/") {
                let words = line.split(separator: " ")
                self = Header(status: words.count > 1 ? Int(words[1]) ?? 0 : 0)
                return
            }
            guard let colon = line.unicodeScalars.firstIndex(of: ":") else { return }
            let value = String(line[line.index(after: colon)...]).trimmingSpaces
            switch line[..<colon].lowercased() {
            case "content-length": bodyLength = Int(value).flatMap { $0 >= 0 ? $0 : nil }
            case "content-range": contentRange = value
            default: break
            }
        }
    }

    /// Why there is no whole answer.
    struct Failure: Error {
        let reason: String
    }

    let url: String
    /// The first byte wanted.
    let firstByte: Int
    /// Seconds without a byte after which the server is given up.
    var patience = 60

    /// Sends the request, and returns when the answer is complete.
    ///
    /// - Parameters:
    ///   - isCancelled: asked about once a second.
    ///   - onHeader: called once, before the body; returns whether the body is wanted.
    ///   - onPiece: called for each piece of the body, with memory that is valid during the call only.
    /// - Throws: what the closures throw, and `Failure` in libcurl's words.
    func run(
        isCancelled: @escaping () -> Bool = { false },
        onHeader: @escaping (Header) throws -> Bool,
        onPiece: @escaping (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        #if Downloads
            try perform(Exchange(isCancelled: isCancelled, onHeader: onHeader, onPiece: onPiece))
        #else
            throw Failure(
                reason:
                    "this program was built without the package trait Downloads; put the file there by hand")
        #endif
    }
}

#if Downloads
    extension HTTPTransfer {
        private static let isStarted = curlStart() == CURLE_OK

        fileprivate func perform(_ exchange: Exchange) throws {
            guard Self.isStarted, let transfer = curl_easy_init() else {
                throw Failure(reason: "libcurl does not start")
            }
            defer { curl_easy_cleanup(transfer) }
            var message = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
            let code = message.withUnsafeMutableBufferPointer { text in
                configure(transfer, exchange)
                curlSetPointer(transfer, CURLOPT_ERRORBUFFER, text.baseAddress)
                return withExtendedLifetime(exchange) { curl_easy_perform(transfer) }
            }
            if let error = exchange.error { throw error }
            // A body that is not wanted is not waited for.
            if exchange.isDone { return }
            guard code == CURLE_OK else {
                let own = String(
                    decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
                throw Failure(reason: own.isEmpty ? String(cString: curl_easy_strerror(code)) : own)
            }
            // An answer without a body.
            _ = exchange.begin()
            if let error = exchange.error { throw error }
        }

        private func configure(_ transfer: UnsafeMutableRawPointer, _ exchange: Exchange) {
            let context = Unmanaged.passUnretained(exchange).toOpaque()
            curlSetText(transfer, CURLOPT_URL, url)
            curlAllowWebOnly(transfer)
            curlSetText(transfer, CURLOPT_USERAGENT, "\(Software.name)/\(Software.version)")
            curlSetNumber(transfer, CURLOPT_FOLLOWLOCATION, 1)
            curlSetNumber(transfer, CURLOPT_MAXREDIRS, 10)
            curlSetNumber(transfer, CURLOPT_NOSIGNAL, 1)
            curlSetNumber(transfer, CURLOPT_CONNECTTIMEOUT, patience)
            curlSetNumber(transfer, CURLOPT_LOW_SPEED_LIMIT, 1)
            curlSetNumber(transfer, CURLOPT_LOW_SPEED_TIME, patience)
            // No Accept-Encoding is sent: compressing a gzip file for the journey would change its length.
            if firstByte > 0 { curlSetText(transfer, CURLOPT_RANGE, "\(firstByte)-") }
            curlSetPointer(transfer, CURLOPT_HEADERDATA, context)
            curlSetReceiver(transfer, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
                Exchange.of(context)?.readHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
                return size * count
            }
            curlSetPointer(transfer, CURLOPT_WRITEDATA, context)
            curlSetReceiver(transfer, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
                let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
                // Another number than that of the piece ends the transfer.
                return Exchange.of(context)?.take(piece) == true ? size * count : size * count + 1
            }
            curlSetPointer(transfer, CURLOPT_XFERINFODATA, context)
            curlSetMeter(transfer) { context, _, _, _, _ in
                Exchange.of(context)?.isCancelled() == true ? 1 : 0
            }
            curlSetNumber(transfer, CURLOPT_NOPROGRESS, 0)
        }
    }
#endif

/// What libcurl calls while a transfer goes on, on the thread that runs it.
private final class Exchange {
    private var header = HTTPTransfer.Header()
    private var isBegun = false
    /// Whether the body is not wanted.
    private(set) var isDone = false
    private(set) var error: (any Error)?
    let isCancelled: () -> Bool
    private let onHeader: (HTTPTransfer.Header) throws -> Bool
    private let onPiece: (UnsafeRawBufferPointer) throws -> Void

    init(
        isCancelled: @escaping () -> Bool, onHeader: @escaping (HTTPTransfer.Header) throws -> Bool,
        onPiece: @escaping (UnsafeRawBufferPointer) throws -> Void
    ) {
        self.isCancelled = isCancelled
        self.onHeader = onHeader
        self.onPiece = onPiece
    }

    static func of(_ context: UnsafeMutableRawPointer?) -> Exchange? {
        context.map { Unmanaged<Exchange>.fromOpaque($0).takeUnretainedValue() }
    }

    func readHeader(_ line: UnsafeRawBufferPointer) {
        if !isBegun { header.read(String(decoding: line, as: UTF8.self)) }
    }

    /// Tells the header, once; returns whether to go on.
    func begin() -> Bool {
        if !isBegun {
            isBegun = true
            do { isDone = try !onHeader(header) } catch { self.error = error }
        }
        return !isDone && error == nil
    }

    func take(_ piece: UnsafeRawBufferPointer) -> Bool {
        guard begin() else { return false }
        do { try onPiece(piece) } catch { self.error = error }
        return error == nil
    }
}

extension Int64 {
    fileprivate func addingClamped(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}

extension String {
    /// Without spaces, tabs and line ends at both sides. By scalars: a mark that joins would hide them from `Character`s.
    fileprivate var trimmingSpaces: String {
        let blanks: Set<Unicode.Scalar> = [" ", "\t", "\r", "\n"]
        let scalars = unicodeScalars.drop { blanks.contains($0) }.reversed().drop { blanks.contains($0) }
        return String(String.UnicodeScalarView(scalars.reversed()))
    }
}
