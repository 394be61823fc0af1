import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The answer to one HTTP request as a stream: the header, then the body piece by piece.
///
/// FoundationNetworking has no `bytes(for:)`, so the pieces come through a delegate.
enum HTTPExchange {
    enum Event: Sendable {
        case header(Header)
        case body(Data)
    }

    /// What a download needs of the answer's header.
    struct Header: Sendable {
        let status: Int
        /// Length of the body, if announced.
        let bodyLength: Int?
        /// `Content-Range: bytes START-END/TOTAL`, or `bytes */TOTAL`.
        let contentRange: String?

        var rangeStart: Int? {
            contentRange?.split(separator: " ").last?.split(separator: "-").first.flatMap { Int($0) }
        }

        var rangeTotal: Int? { contentRange?.split(separator: "/").last.flatMap { Int($0) } }

        /// Length of the whole file, if announced, where its first bytes are here already.
        func totalLength(after present: Int) -> Int? {
            rangeTotal ?? bodyLength.map { present + $0 }
        }
    }

    /// Sends a request. The exchange ends when the stream's consumer stops.
    static func events(of request: URLRequest) -> AsyncThrowingStream<Event, any Error> {
        AsyncThrowingStream { continuation in
            let session = URLSession(
                configuration: .ephemeral, delegate: Receiver(continuation), delegateQueue: nil)
            let task = session.dataTask(with: request)
            continuation.onTermination = { _ in
                task.cancel()
                session.finishTasksAndInvalidate()
            }
            task.resume()
        }
    }

    private final class Receiver: NSObject, URLSessionDataDelegate {
        private let continuation: AsyncThrowingStream<Event, any Error>.Continuation

        init(_ continuation: AsyncThrowingStream<Event, any Error>.Continuation) {
            self.continuation = continuation
        }

        func urlSession(
            _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
            completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
        ) {
            if let response = response as? HTTPURLResponse {
                let length = response.value(forHTTPHeaderField: "Content-Length").flatMap { Int($0) }
                let range = response.value(forHTTPHeaderField: "Content-Range")
                continuation.yield(
                    .header(Header(status: response.statusCode, bodyLength: length, contentRange: range)))
            }
            completionHandler(.allow)
        }

        func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
            continuation.yield(.body(data))
        }

        func urlSession(
            _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
        ) {
            continuation.finish(throwing: error)
        }
    }
}
