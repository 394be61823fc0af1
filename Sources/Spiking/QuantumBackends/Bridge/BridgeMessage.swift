/// What goes over the bridge: one object of JSON a line, an answer for each request.
enum BridgeMessage {
    /// Of requests and answers; the Python side has the same number.
    static let `protocol` = 1

    struct Request: Encodable {
        let request: Kind
        var id = 0
        var `protocol`: Int?
        var digest: String?
        var seed: UInt32?
        var tasks: [Task]?
        var job: String?
        /// Seconds.
        var wait: Double?

        init(_ request: Kind) { self.request = request }

        enum Kind: String, Encodable { case hello, submit, find, poll }
    }

    struct Task: Encodable {
        /// OpenQASM 3.
        let program: String
        /// Names of the program's inputs, in the order of the sets.
        let parameters: [String]
        let sets: [[Double]]
        let shots: Int
    }

    struct Answer<Content: Decodable>: Decodable {
        let id: Int
        let answer: Content?
        let error: Problem?
    }

    struct Problem: Decodable {
        let kind: String
        let message: String
    }

    struct Hello: Decodable {
        let `protocol`: Int
        let bridge: String
        let versions: [String: String]
    }

    struct Submitted: Decodable { let job: String }

    struct Found: Decodable { let job: String? }

    struct State: Decodable {
        let state: String
        /// `[task][set]`, counts by history.
        let counts: [[[String: Int]]]?
    }
}
