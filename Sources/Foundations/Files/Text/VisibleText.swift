extension Unicode.Scalar {
    /// Whether a scalar does something instead of showing: controls and escape sequences, ends of lines, marks that turn the
    /// direction of writing, and what XML forbids.
    var isActive: Bool {
        if isASCII { return value < 0x20 || value == 0x7F }
        return switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: properties.isBidiControl || properties.isNoncharacterCodePoint
        }
    }
}

/// Text that others wrote, for the eyes of people. Signs are told by Unicode scalars: a `Character` may be a quotation mark or
/// slash together with a mark that joins it, and is then equal to neither.
extension String {
    /// One line, in which whatever would act is written as `\u{1B}`: it neither moves a cursor, nor ends a line, nor turns the
    /// direction of writing.
    package var visible: String {
        spelled(where: \.isActive) { "\\u{\(String($0.value, radix: 16, uppercase: true))}" }
    }

    /// As ``visible``, with the line feeds kept.
    package var visibleLines: String {
        unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).visible }
            .joined(separator: "\n")
    }

    /// A JSON document in which whatever would act is written as `\u001b`; all of it stands within strings.
    package var visibleJSON: String {
        spelled(where: \.isActive) { scalar in
            String(scalar).utf16.map { unit in
                let digits = String(unit, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }.joined()
        }
    }

    /// The text with some scalars spelled in another way.
    package func spelled(
        where isSpelled: (Unicode.Scalar) -> Bool, _ spelling: (Unicode.Scalar) -> String
    ) -> String {
        guard unicodeScalars.contains(where: isSpelled) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            if isSpelled(scalar) { text += spelling(scalar) } else { text.unicodeScalars.append(scalar) }
        }
        return text
    }
}
