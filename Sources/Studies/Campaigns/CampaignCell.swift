import Files

/// One piece of a campaign's work, such as one training: a value that encodes all that decides its result.
public protocol CampaignCell: Encodable, Sendable {
    associatedtype Result: Codable & Sendable

    /// What lists and messages call it; need not be encoded.
    var name: String { get }

    /// What cannot be in a result that was kept, nil if nothing.
    func problem(of result: Result) -> String?
}

extension CampaignCell {
    public func problem(of result: Result) -> String? { nil }
}

/// A cell as the database knows it.
struct CellRecord: Sendable {
    let name: String
    /// Of the cell, as JSON with its fields in order.
    let configuration: String
    /// SHA-256 of the configuration: cells that are equal in it are one.
    let digest: String

    init(_ cell: some CampaignCell) throws {
        let bytes = try JSONDocument.encode(cell)
        name = cell.name
        configuration = String(decoding: bytes, as: UTF8.self)
        digest = SHA256Digest.hex(of: bytes)
    }
}
