import Files

/// The words of a call, sorted by the declarations of its command. Look-ups convert and check the values.
///
/// Asking for a name that the command does not declare is a programmer error.
public struct ParsedArguments: Sendable {
    let declarations: [ArgumentDescription]
    /// Values by name, in the order given; a flag that is present has an empty list.
    let values: [String: [String]]

    /// Options that a file gives, by name without dashes, as if they had been typed.
    ///
    /// - Throws: `UsageError` for options that are not declared.
    public init(options: [String: String], declarations: [ArgumentDescription]) throws(UsageError) {
        let words = options.sorted { $0.key < $1.key }.map { "--\($0.key)=\($0.value)" }
        self = try ArgumentParser.sort(words[...], by: declarations)
    }

    init(declarations: [ArgumentDescription], values: [String: [String]]) {
        self.declarations = declarations
        self.values = values
    }

    /// Whether the user gave the argument at all.
    public func isGiven(_ name: String) -> Bool {
        _ = declaration(name)
        return values[name] != nil
    }

    /// Whether a flag is present.
    public func flag(_ name: String) -> Bool { isGiven(name) }

    /// The value of an option or positional, `nil` when it is not given.
    public func string(_ name: String) -> String? {
        _ = declaration(name)
        return values[name]?.first
    }

    /// The value of an option or positional, or `default`.
    public func string(_ name: String, default: String) -> String { string(name) ?? `default` }

    /// A whole number in a range, `nil` when the option is not given.
    ///
    /// - Throws: ``UsageError/invalidValue(argument:found:expected:)`` that names option, value and range.
    public func integer(_ name: String, in range: ClosedRange<Int> = Int.min...Int.max) throws -> Int? {
        guard let found = string(name) else { return nil }
        if let value = Int(found), range.contains(value) { return value }
        // The largest number there is bounds only those that are larger.
        let isTooLarge = Int(found) == nil && Double(found).map { $0 >= 0x1p63 } == true
        let bounds = describe(
            range.lowerBound == Int.min ? nil : "\(range.lowerBound)",
            range.upperBound == Int.max && !isTooLarge ? nil : "\(range.upperBound)")
        throw invalid(name, found, expected: "a whole number\(bounds)")
    }

    /// A finite number in a range, `nil` when the option is not given.
    ///
    /// - Throws: ``UsageError/invalidValue(argument:found:expected:)`` that names option, value and range.
    public func number(_ name: String, in range: ClosedRange<Double> = -Double.infinity...Double.infinity)
        throws
        -> Double?
    {
        guard let found = string(name) else { return nil }
        if let value = Double(found), value.isFinite, range.contains(value) { return value }
        let bounds = describe(shortText(range.lowerBound), shortText(range.upperBound))
        throw invalid(name, found, expected: "a number\(bounds)")
    }

    /// The path of a folder, `nil` when the option is not given.
    ///
    /// - Throws: ``UsageError/invalidValue(argument:found:expected:)`` for an empty one (a shell variable that is not set), for
    ///   files of it would stand in the root folder.
    public func folder(_ name: String) throws -> String? {
        guard let found = string(name) else { return nil }
        if found.isEmpty { throw invalid(name, found, expected: "a folder") }
        return found
    }

    /// The path of a file of a type, `nil` when the option is not given.
    ///
    /// - Parameter endings: of the name, as `.svg`, one of them.
    /// - Throws: ``UsageError/invalidValue(argument:found:expected:)`` for another ending.
    public func file(_ name: String, ending endings: String...) throws -> String? {
        guard let found = string(name) else { return nil }
        guard endings.contains(where: { found.utf8.reversed().starts(with: $0.utf8.reversed()) }) else {
            throw invalid(
                name, found, expected: "a file name that ends in \(endings.joined(separator: " or "))")
        }
        return found
    }

    /// One of the raw values of an enumeration, `nil` when the option is not given.
    ///
    /// - Throws: ``UsageError/invalidValue(argument:found:expected:)`` that lists the raw values.
    public func choice<Choice: RawRepresentable & CaseIterable>(_ name: String, of type: Choice.Type) throws
        -> Choice? where Choice.RawValue == String
    {
        guard let found = string(name) else { return nil }
        if let value = Choice(rawValue: found) { return value }
        let words = Choice.allCases.map(\.rawValue)
        let hint = spellingHint(found, among: words)
        throw invalid(name, found, expected: "one of \(words.joined(separator: ", "))\(hint)")
    }

    /// `true` or `false`, `nil` when the option is not given.
    ///
    /// - Throws: ``UsageError/invalidValue(argument:found:expected:)`` for any other word.
    public func truth(_ name: String) throws -> Bool? {
        guard let found = string(name) else { return nil }
        guard let value = Bool(found) else { throw invalid(name, found, expected: "true or false") }
        return value
    }

    /// Values separated by commas, each named once; nil if the option is not given.
    ///
    /// - Parameter read: makes a value from a word.
    /// - Throws: `UsageError` where two words name one value, which would be counted twice.
    public func list<Value: Hashable>(_ name: String, _ read: (String) throws -> Value) throws -> [Value]? {
        guard let text = string(name) else { return nil }
        var values: [Value] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            let value = try read(word)
            guard !values.contains(value) else {
                throw UsageError.invalidValue(
                    argument: "--\(name)", found: text,
                    expected: "every value once, and \(word) is there twice")
            }
            values.append(value)
        }
        return values
    }

    /// The word of a required positional.
    public func positional(_ name: String) throws -> String {
        guard let word = string(name) else { throw UsageError.missingArgument(declaration(name).displayName) }
        return word
    }

    /// The words of a repeating positional; empty when there are none.
    public func positionals(_ name: String) -> [String] {
        _ = declaration(name)
        return values[name] ?? []
    }

    private func invalid(_ name: String, _ found: String, expected: String) -> UsageError {
        .invalidValue(argument: declaration(name).displayName, found: found, expected: expected)
    }

    private func declaration(_ name: String) -> ArgumentDescription {
        guard let declaration = declarations.first(where: { $0.name == name }) else {
            preconditionFailure("the command declares no argument '\(name)'")
        }
        return declaration
    }
}

/// A bound without its trailing ".0"; `nil` when there is no bound.
private func shortText(_ bound: Double) -> String? {
    guard bound.isFinite else { return nil }
    return Int(exactly: bound).map(String.init) ?? "\(bound)"
}

private func describe(_ lower: String?, _ upper: String?) -> String {
    switch (lower, upper) {
    case (let lower?, let upper?): " from \(lower) to \(upper)"
    case (let lower?, nil): " of at least \(lower)"
    case (nil, let upper?): " of at most \(upper)"
    case (nil, nil): ""
    }
}
