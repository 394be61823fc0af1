import Files
import Runs
import SpikeDatasets

/// A model on a data set, as a comparison trains it with several seeds.
public struct Contender: Sendable {
    public let name: String
    public let group: String?
    public let dataset: String
    public let source: String?
    /// Of seed 1, without the digests of the data.
    public let configuration: RunConfiguration
    /// Trainable numbers that its width was chosen for; nil where the options say the width.
    public let parameterTarget: Int?

    /// Whether another one has the same name, in the same group.
    func isNamed(like other: Contender) -> Bool { (name, group ?? "") == (other.name, other.group ?? "") }

    /// What messages call it.
    var title: String { group.map { "\(name), \($0)" } ?? name }
}

/// A data set as models see it, before it is read.
public struct ComparedDataset: Sendable, Hashable {
    public let name: String
    public let classCount: Int
    /// nil where a run decides it, by what it makes of events.
    private let inputCount: Int?

    public init(name: String, inputCount: Int, classCount: Int) {
        (self.name, self.inputCount, self.classCount) = (name, inputCount, classCount)
    }

    public init(_ entry: CatalogEntry) {
        (name, inputCount, classCount) = (entry.name, nil, entry.classNames.count)
    }

    /// Trainable numbers of a run on it.
    func parameterCount(_ configuration: RunConfiguration) throws -> Int {
        try configuration.parameterCount(
            inputCount: inputCount
                ?? configuration.catalogEntry().inputShape(configuration.input).inputCount,
            classCount: classCount)
    }
}

/// Makes contenders of entries.
struct ContenderList {
    let entries: [ComparisonEntry]
    /// Makes a configuration of options of `sqsnn train`.
    let configuration: ([String: String]) throws -> RunConfiguration

    /// Options that entries do not have, as the comparison gives them.
    private static let reserved = ["dataset", "seed", RunConfiguration.matchOption]

    /// - Throws: ``ComparisonError``.
    func contenders(on dataset: ComparedDataset) throws -> [Contender] {
        let present = entries.filter { $0.datasets?.contains(dataset.name) ?? true }
        guard !present.isEmpty else {
            throw ComparisonError.comparison("data set \(dataset.name): found no entry for it, expected one")
        }
        return try present.map { entry in
            try check(entry, among: present, dataset)
            let target = try target(of: entry, among: present, dataset)
            return Contender(
                name: entry.name, group: entry.group, dataset: dataset.name, source: entry.source,
                configuration: try configuration(of: entry, dataset, target: target), parameterTarget: target)
        }
    }

    private func check(
        _ entry: ComparisonEntry, among entries: [ComparisonEntry], _ dataset: ComparedDataset
    ) throws {
        guard !entry.name.isEmpty, entry.name.utf8.count <= Comparison.longestName else {
            throw ComparisonError.entry(
                entry.name, problem: "found no name, or one of more than \(Comparison.longestName) bytes")
        }
        guard entries.count(where: { $0.name == entry.name && $0.group == entry.group }) == 1 else {
            let place = entry.group.map { " of group '\($0)'" } ?? ""
            throw ComparisonError.entry(
                entry.name, problem: "is there twice on \(dataset.name)\(place); name every entry once")
        }
        for option in Self.reserved where entry.options[option] != nil {
            throw ComparisonError.entry(
                entry.name,
                problem: "option \(option): found it with an entry, expected it beside the entries; "
                    + (option == RunConfiguration.matchOption ? "say match instead" : "leave it out"))
        }
    }

    /// Trainable numbers that an entry should have; nil where its options say its width.
    private func target(
        of entry: ComparisonEntry, among entries: [ComparisonEntry], _ dataset: ComparedDataset
    ) throws -> Int? {
        switch entry.match {
        case nil: return nil
        case .count(let count): return count
        case .entry(let name):
            let others = entries.filter { $0.group == entry.group && $0.name != entry.name }
            guard let other = others.first(where: { $0.name == name }) else {
                throw ComparisonError.entry(
                    entry.name,
                    problem: "match: found '\(name)', expected another entry of its group on \(dataset.name)"
                        + spellingHint(name, among: others.map(\.name)))
            }
            guard other.match == nil else {
                throw ComparisonError.entry(
                    entry.name,
                    problem: "match: found '\(name)', which is matched itself; name the entry that it is "
                        + "matched to, or a number")
            }
            return try attempt(other) {
                try dataset.parameterCount(configuration(of: other, dataset, target: nil))
            }
        }
    }

    private func configuration(
        of entry: ComparisonEntry, _ dataset: ComparedDataset, target: Int?
    ) throws -> RunConfiguration {
        var options = entry.options
        options["dataset"] = dataset.name
        if let target { options[RunConfiguration.matchOption] = "\(target)" }
        let made = try attempt(entry) { try configuration(options) }
        guard made.backend == nil else {
            throw ComparisonError.entry(
                entry.name,
                problem: "option backend: found one, expected none: comparisons are simulated here")
        }
        return made
    }

    /// Says which entry an error is about.
    private func attempt<Value>(_ entry: ComparisonEntry, _ work: () throws -> Value) throws -> Value {
        do {
            return try work()
        } catch let error as ComparisonError {
            throw error
        } catch {
            throw ComparisonError.entry(entry.name, problem: "\(error)")
        }
    }
}

extension RunConfiguration {
    /// The option of `sqsnn train` that makes a width for a number of parameters.
    static let matchOption = "match-parameters"
}
