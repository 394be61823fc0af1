/// A value that a space file gives an option of training: a number, a word, or true or false.
public enum OptionValue: Sendable, Hashable {
    case number(Double)
    case word(String)
    case truth(Bool)

    /// As it is typed after the option.
    public var text: String {
        switch self {
        case .number(let number): Self.text(number)
        case .word(let word): word
        case .truth(let truth): "\(truth)"
        }
    }

    /// Whole numbers without a point, as options that count take them.
    static func text(_ number: Double) -> String {
        // Up to 2⁵³ every whole number is itself.
        abs(number) <= 0x1p53 && number == number.rounded() ? "\(Int(number))" : "\(number)"
    }
}

extension OptionValue: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let truth = try? container.decode(Bool.self) {
            self = .truth(truth)
        } else if let word = try? container.decode(String.self) {
            self = .word(word)
        } else {
            self = .number(try container.decode(Double.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number): try container.encode(number)
        case .word(let word): try container.encode(word)
        case .truth(let truth): try container.encode(truth)
        }
    }
}
