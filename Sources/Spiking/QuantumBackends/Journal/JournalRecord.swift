import Files

/// One line of a journal: 16 digits of the SHA-256 of the rest, a space, and an object of JSON.
struct JournalRecord: Codable, Equatable {
    static let schema = "sqsnn.job-journal/1"

    enum Event: String, Codable {
        /// The first line: which backend the journal is of.
        case journal
        /// A batch, before it is submitted.
        case batch
        /// A batch was submitted, as this job.
        case job
        /// The job failed: the batch has to be submitted again.
        case failed
        /// The counts of a batch.
        case counts
    }

    let event: Event
    var schema: String?
    var backend: String?
    /// The batch's.
    var digest: String?
    var name: String?
    var sets: Int?
    var shots: Int?
    var job: String?
    var problem: String?
    /// `[task][set]`, counts by history.
    var counts: [[[String: Int]]]?

    init(_ event: Event, of batch: CircuitBatch? = nil) { self.init(event, digest: batch?.digest) }

    init(_ event: Event, digest: String?) {
        self.event = event
        self.digest = digest
    }

    /// With the line's end.
    func line() throws -> [UInt8] {
        let text = try JSONDocument.encode(self)
        return Array((Self.check(text) + " ").utf8) + text + [UInt8(ascii: "\n")]
    }

    struct Problem: Error { let text: String }

    /// - Parameter line: without its end.
    init(line: ArraySlice<UInt8>) throws(Problem) {
        guard line.count > 17, line[line.startIndex + 16] == UInt8(ascii: " ") else {
            throw Problem(text: "found no checksum, expected 16 hexadecimal digits and a space")
        }
        let text = Array(line.dropFirst(17))
        let found = String(decoding: line.prefix(16), as: UTF8.self)
        guard found == Self.check(text) else {
            throw Problem(text: "the checksum is \(found), expected \(Self.check(text)) for what follows it")
        }
        do throws(JSONDocument.Problem) {
            self = try JSONDocument.decode(JournalRecord.self, from: text, .oldNames)
        } catch {
            throw Problem(text: "not a record of this version (\(error.text))")
        }
    }

    private static func check(_ text: [UInt8]) -> String { String(SHA256Digest.hex(of: text).prefix(16)) }
}
