import Compute
import Files
import Glibc

/// What an option may be in the trials of a search.
public enum FreeOption: Sendable, Hashable {
    /// One of some values, each as likely as the others.
    case list([OptionValue])
    case range(OptionRange)

    /// A value.
    ///
    /// - Parameter share: where in the list or range it lies, 0 ≤ share < 1.
    func value(at share: Double) -> OptionValue {
        switch self {
        case .list(let values): values[Int(share * Double(values.count))]
        case .range(let range): .number(range.value(at: share))
        }
    }

    /// Values of some options in a trial, by trial and option.
    ///
    /// - Parameter owner: of whose options there are several sets, which one.
    static func drawn(
        _ options: [String: FreeOption], seed: UInt64, owner: Int, trial: Int
    ) -> [String: OptionValue] {
        let stream = RandomStream(seed: seed, purpose: .search, population: owner)
        var values: [String: OptionValue] = [:]
        for (index, name) in options.keys.sorted().enumerated() {
            let words = stream.words(sample: trial, element: index)
            let bits = UInt64(words[0]) << 32 | UInt64(words[1])
            values[name] = options[name]?.value(at: Double(bits >> 11) * 0x1p-53)
        }
        return values
    }

    /// The values that say whether the option takes all the others: of a list every one, of a range its ends.
    var ends: [OptionValue] {
        switch self {
        case .list(let values): values
        case .range(let range): [.number(range.low), .number(range.high)]
        }
    }

    /// What cannot be, nil if nothing.
    var problem: String? {
        switch self {
        case .list(let values):
            if values.isEmpty { return "found an empty list, expected at least one value" }
            guard values.count <= Self.largestList else {
                return "found \(values.count) values, expected at most \(Self.largestList)"
            }
            let texts = values.map(\.text)
            return texts.indices.first { texts[..<$0].contains(texts[$0]) }
                .map { "found \(texts[$0]) twice, expected every value once" }
        case .range(let range): return range.problem
        }
    }

    private static let largestList = 1000
}

/// Numbers from `low` to `high`, both included.
public struct OptionRange: Sendable, Hashable, Encodable {
    public enum Scale: String, Sendable, Hashable, Codable, CaseIterable {
        /// Equal differences are as likely.
        case linear
        /// Equal ratios are as likely.
        case log
    }

    public let low: Double
    public let high: Double
    public let scale: Scale
    /// Whether whole numbers only.
    public let whole: Bool

    public init(_ low: Double, _ high: Double, scale: Scale = .linear, whole: Bool = false) {
        self.low = low
        self.high = high
        self.scale = scale
        self.whole = whole
    }

    /// A number with four digits that count, or a whole one.
    func value(at share: Double) -> Double {
        // Whole numbers get an interval each.
        let end = whole ? high + 1 : high
        let number =
            switch scale {
            case .linear: low + share * (end - low)
            case .log: low * pow(end / low, share)
            }
        let rounded = whole ? number.rounded(.down) : Double(String(printf: "%.4g", number)) ?? number
        return min(max(rounded, low), high)
    }

    fileprivate var problem: String? {
        func text(_ number: Double) -> String { OptionValue.text(number) }
        guard low < high else {
            return "found low \(text(low)) and high \(text(high)), expected low below high"
        }
        if scale == .log, low <= 0 {
            return "found low \(text(low)) on a logarithmic scale, expected a number above 0"
        }
        if whole {
            for end in [low, high] where end != end.rounded() || abs(end) > 0x1p53 {
                return "found \(text(end)), expected whole numbers as 'whole' says"
            }
        }
        return (high - low).isFinite ? nil : "found a range beyond the largest number, expected a smaller one"
    }
}

extension OptionRange: Decodable {
    private enum CodingKeys: CodingKey { case low, high, scale, whole }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try container.decode(Double.self, forKey: .low), try container.decode(Double.self, forKey: .high),
            scale: try container.decodeIfPresent(Scale.self, forKey: .scale) ?? .linear,
            whole: try container.decodeIfPresent(Bool.self, forKey: .whole) ?? false)
    }
}

extension FreeOption: Codable {
    public init(from decoder: any Decoder) throws {
        if (try? decoder.unkeyedContainer()) != nil {
            self = .list(try [OptionValue](from: decoder))
        } else {
            self = .range(try OptionRange(from: decoder))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .list(let values): try values.encode(to: encoder)
        case .range(let range): try range.encode(to: encoder)
        }
    }
}
