import Files
import Runs

/// The options of one model on one data set.
struct SubjectOptions {
    typealias Configure = ([String: String]) throws -> RunConfiguration

    let space: SearchSpace
    let name: String
    private let fixed: [String: OptionValue]
    /// Of all models, and of this one.
    private let shared: [String: FreeOption]
    private let own: [String: FreeOption]
    /// The model's own fixed options, and its place in the space's file with a point behind it, if it has one.
    private let ofModel: Set<String>
    private let place: String

    /// - Parameters:
    ///   - dataset: one of the space's; nil where it has none.
    ///   - place: of the model in the space's file, with a point behind it; empty where there is none.
    init(_ space: SearchSpace, _ model: SearchSpace.Model, dataset: String?, place: String) {
        self.space = space
        self.place = place
        ofModel = Set((model.fixed ?? [:]).keys)
        var fixed = space.fixed.merging(model.fixed ?? [:]) { $1 }
        if let dataset { fixed["dataset"] = .word(dataset) }
        let title = model.name.isEmpty ? fixed["model"]?.text ?? "search" : model.name
        name = dataset.map { "\(title) on \($0)" } ?? title
        fixed["validation"] = .number(Double(space.validation))
        fixed["epochs"] = .number(Double(space.rungs[0].epochs))
        self.fixed = fixed
        shared = space.free
        own = model.free ?? [:]
    }

    /// The values of the free options in a trial: by trial and option, those of all models the same for each of them.
    func drawn(trial: Int) -> [String: OptionValue] {
        if space.defaults, trial == 0 { return [:] }
        var values: [String: OptionValue] = [:]
        for (owner, options) in [shared, own].enumerated() {
            values.merge(FreeOption.drawn(options, seed: space.seed, owner: owner, trial: trial)) { $1 }
        }
        return values
    }

    /// All options as they are typed, with the first rung's length.
    func words(with drawn: [String: OptionValue]) -> [String: String] {
        fixed.merging(drawn) { $1 }.mapValues(\.text)
    }

    /// Sees to it that every option can be at the ends of what it may be: beside the first values of the others, or alone.
    ///
    /// - Throws: a problem with the option's place.
    func check(_ configure: Configure) throws(JSONDocument.Problem) {
        let free = shared.merging(own) { $1 }
        guard !free.isEmpty else {
            throw JSONDocument.Problem(
                place: "\(place)free",
                problem: "found no options, expected at least one, here or for all models")
        }
        let first = free.compactMapValues(\.ends.first)
        func problem(_ options: [String: OptionValue]) -> String? {
            do {
                let configuration = try configure(options.mapValues(\.text))
                return configuration.backend.map {
                    "found backend \($0), expected none: a search simulates its trials"
                }
            } catch {
                return "\(error)"
            }
        }
        func problem(with drawn: [String: OptionValue]) -> String? {
            problem(fixed.merging(drawn) { $1 })
        }
        if let found = problem(with: [:]), problem(with: first) != nil {
            // The option that is wrong by itself, if there is one.
            let culprit = fixed.keys.sorted().first { problem([$0: fixed[$0] ?? .word("")]) == found }
            let owner = culprit.map(ofModel.contains) ?? !ofModel.isEmpty ? place : ""
            throw JSONDocument.Problem(
                place: "\(owner)fixed" + (culprit.map { ".\($0)" } ?? ""), problem: found)
        }
        for (name, option) in free.sorted(by: { $0.key < $1.key }) {
            for end in option.ends {
                guard problem(with: first.merging([name: end]) { $1 }) != nil,
                    let found = problem(with: [name: end])
                else { continue }
                throw JSONDocument.Problem(
                    place: "\(own[name] == nil ? "" : place)free.\(name)", problem: found)
            }
        }
    }
}
