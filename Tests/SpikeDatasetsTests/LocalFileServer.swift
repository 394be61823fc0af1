import Foundation
import Synchronization

/// A small HTTP/1.1 server on 127.0.0.1 for the tests of downloads: GET, one request a connection.
final class LocalFileServer: Sendable {
    /// What is strange about the server.
    enum Behaviour: Sendable, Equatable {
        /// Serves files, and parts of them.
        case normal
        /// Serves files whole, whatever range is asked for.
        case ignoresRange
        /// Hangs up after this many bytes of the body of the first request.
        case breaksOff(after: Int)
        /// Announces no length, and sends zero bytes until the other side hangs up.
        case sendsWithoutEnd
        /// Announces this length, in the words of the header.
        case announces(String)
        /// Sends the header, and then nothing for as long as the other side listens.
        case stalls
    }

    /// A request as it came.
    struct Request: Sendable, Equatable {
        let name: String
        /// The first byte asked for, of a `Range: bytes=N-` header.
        let rangeStart: Int?
        /// What follows `Authorization:`.
        let authorization: String?
    }

    let port: UInt16
    private let listener: Int32
    private let files: [String: [UInt8]]
    private let behaviour: Behaviour
    private let log = Mutex<[Request]>([])

    struct NoSocket: Error {}

    /// - Parameter files: contents by name, without a slash.
    init(files: [String: [UInt8]], _ behaviour: Behaviour = .normal) throws {
        self.files = files
        self.behaviour = behaviour
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, generic, &length) == 0
            }
        }
        guard listener >= 0, status else { throw NoSocket() }
        port = UInt16(bigEndian: address.sin_port)
    }

    var address: String { "http://127.0.0.1:\(port)/" }

    /// The requests so far.
    var requests: [Request] { log.withLock { $0 } }

    /// Answers requests on a thread of its own until ``stop()``.
    func start() {
        Thread { [self] in
            while true {
                let connection = accept(listener, nil, nil)
                if connection < 0 { return }
                answer(connection)
                close(connection)
            }
        }.start()
    }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private func answer(_ connection: Int32) {
        let lines = readHeader(connection).split(separator: "\r\n")
        guard let path = lines.first?.split(separator: " ").dropFirst().first else { return }
        let name = String(path.dropFirst())
        let range = lines.first { $0.lowercased().hasPrefix("range: bytes=") }
        let start = range.flatMap { Int($0.dropFirst("range: bytes=".count).dropLast()) }
        let authorization = lines.first { $0.lowercased().hasPrefix("authorization: ") }
        let count = log.withLock { log in
            log.append(
                Request(
                    name: name, rangeStart: start,
                    authorization: authorization.map { String($0.dropFirst("authorization: ".count)) }))
            return log.count
        }
        guard let file = files[name] else {
            send("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\nConnection: close\r\n\r\ngone", connection)
            return
        }
        switch behaviour {
        case .sendsWithoutEnd:
            send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", connection)
            while send([UInt8](repeating: 0, count: 1 << 16), connection) {}
            return
        case .announces(let length):
            send("HTTP/1.1 200 OK\r\nContent-Length: \(length)\r\n\r\nabc", connection)
            return
        case .stalls:
            send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", connection)
            var byte: UInt8 = 0
            _ = recv(connection, &byte, 1, 0)
            return
        case .normal, .ignoresRange, .breaksOff: break
        }
        var body = file[...]
        var head = "HTTP/1.1 200 OK\r\n"
        if let start, behaviour != .ignoresRange {
            guard start < file.count else {
                let total = "Content-Range: bytes */\(file.count)\r\n"
                send("HTTP/1.1 416 No\r\n\(total)Content-Length: 0\r\nConnection: close\r\n\r\n", connection)
                return
            }
            body = file[start...]
            head =
                "HTTP/1.1 206 Partial Content\r\n"
                + "Content-Range: bytes \(start)-\(file.count - 1)/\(file.count)\r\n"
        }
        send("\(head)Content-Length: \(body.count)\r\nConnection: close\r\n\r\n", connection)
        if case .breaksOff(let length) = behaviour, count == 1 { body = body.prefix(length) }
        send(Array(body), connection)
    }

    private func readHeader(_ connection: Int32) -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while !bytes.suffix(4).elementsEqual([13, 10, 13, 10]), recv(connection, &byte, 1, 0) == 1 {
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func send(_ text: String, _ connection: Int32) {
        send(Array(text.utf8), connection)
    }

    /// Returns whether the other side took all of it.
    @discardableResult
    private func send(_ bytes: [UInt8], _ connection: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                Foundation.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if sent <= 0 { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }
}

/// Runs a body while a server answers.
func serving(
    _ files: [String: [UInt8]], _ behaviour: LocalFileServer.Behaviour = .normal,
    _ body: (LocalFileServer) async throws -> Void
) async throws {
    let server = try LocalFileServer(files: files, behaviour)
    server.start()
    defer { server.stop() }
    try await body(server)
}
