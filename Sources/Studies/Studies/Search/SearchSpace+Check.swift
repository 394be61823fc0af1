import Files
import Learning
import Runs

extension SearchSpace {
    /// Reads a space from a file.
    ///
    /// - Parameter path: `-` for standard input.
    /// - Throws: `FileError`, ``SearchError/space(_:problem:)`` with the place of what cannot be.
    public static func load(_ path: String) throws -> SearchSpace {
        let text = try InputFile.read(path, limit: InputFile.textLimit)
        do throws(JSONDocument.Problem) {
            let space = try JSONDocument.decode(SearchSpace.self, from: text)
            if let problem = space.problem { throw problem }
            return space
        } catch {
            throw SearchError.space(path, problem: error.text)
        }
    }

    private static let largestTrialCount = 10_000
    private static let largestCellCount = 1_000_000
    /// Of models, data sets, options.
    private static let longestList = 100
    private static let seedCounts = 1...100
    private static let rungCounts = 1...20

    /// What cannot be in a space, whatever the options mean; nil if nothing.
    var problem: JSONDocument.Problem? {
        if schema != Self.currentSchema {
            return .init(place: "schema", problem: "found \(schema), expected \(Self.currentSchema)")
        }
        return countProblem ?? rungProblem ?? subjectProblem ?? optionProblem ?? sizeProblem
    }

    private var countProblem: JSONDocument.Problem? {
        for (place, count, range) in [
            ("trials", trials, 1...Self.largestTrialCount), ("validation", validation, 1...Int.max),
            ("seeds", seeds, Self.seedCounts), ("passes", passes, Trainer.evaluationCounts),
            ("rungs", rungs.count, Self.rungCounts),
        ] where !range.contains(count) {
            let bounds =
                range.upperBound == Int.max
                ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
            return .init(place: place, problem: "found \(count), expected \(bounds)")
        }
        return nil
    }

    private var rungProblem: JSONDocument.Problem? {
        for (index, rung) in rungs.enumerated() {
            func problem(_ field: String, _ problem: String) -> JSONDocument.Problem {
                .init(place: "rungs[\(index)]\(field)", problem: problem)
            }
            if !Recipe.epochCounts.contains(rung.epochs) {
                let range = Recipe.epochCounts
                return problem(
                    ".epochs", "found \(rung.epochs), expected \(range.lowerBound) to \(range.upperBound)")
            }
            if let limit = rung.limit, limit < 1 {
                return problem(".limit", "found \(limit), expected at least 1")
            }
            switch (rung.keep, index == rungs.count - 1) {
            case (let keep?, false) where !(keep > 0 && keep <= 1):
                return problem(".keep", "found \(keep), expected a share above 0 and at most 1")
            case (nil, false): return problem(".keep", "the field is missing, the share that goes on")
            case (_?, true): return problem(".keep", "found a share after the last rung, expected none")
            default: break
            }
            guard index > 0 else { continue }
            let earlier = rungs[index - 1]
            let (images, before) = (rung.limit ?? Int.max, earlier.limit ?? Int.max)
            guard rung.epochs >= earlier.epochs, images >= before,
                rung.epochs > earlier.epochs || images > before
            else {
                return problem(
                    "", "found \(rung.text) after \(earlier.text), expected a rung that trains more")
            }
        }
        return nil
    }

    private var subjectProblem: JSONDocument.Problem? {
        for (place, names) in [("datasets", datasets), ("models", models?.map(\.name))] {
            guard let names else { continue }
            if names.isEmpty {
                return .init(place: place, problem: "found an empty list, expected at least one")
            }
            if names.count > Self.longestList {
                return .init(
                    place: place, problem: "found \(names.count), expected at most \(Self.longestList)")
            }
            for (index, name) in names.enumerated() {
                // Files are called after it.
                if PathComponent.safe(name) != name {
                    return .init(
                        place: "\(place)[\(index)]",
                        problem: "found '\(name)', expected letters, digits, '-', '_' and '.', and not many")
                }
                if names[..<index].contains(name) {
                    return .init(
                        place: "\(place)[\(index)]", problem: "found '\(name)' twice, expected every one once"
                    )
                }
            }
        }
        return nil
    }

    /// What is wrong with the options by themselves: empty lists, ranges without numbers, options given in two places.
    private var optionProblem: JSONDocument.Problem? {
        // Fields are named in the order of the alphabet, so that the message is the same each time.
        var taken = Dictionary(uniqueKeysWithValues: Self.ownOptions.map { ($0.name, $0.field) })
        if datasets != nil { taken["dataset"] = "datasets" }
        let shared = Self.problem(of: fixed, free, at: "", beside: &taken)
        return shared
            ?? (models ?? []).enumerated().lazy.compactMap { index, model in
                var taken = taken
                return Self.problem(
                    of: model.fixed ?? [:], model.free ?? [:], at: "models[\(index)].", beside: &taken)
            }.first
    }

    /// Options of training that a search sets itself, with the field that says how.
    private static let ownOptions = [
        (name: "epochs", field: "rungs"), (name: "limit", field: "rungs"),
        (name: "validation", field: "validation"), (name: "seed", field: "seeds"),
    ]

    private static func problem(
        of fixed: [String: OptionValue], _ free: [String: FreeOption], at place: String,
        beside taken: inout [String: String]
    ) -> JSONDocument.Problem? {
        for (list, names) in [("fixed", fixed.keys.sorted()), ("free", free.keys.sorted())] {
            if names.count > longestList {
                return .init(
                    place: place + list,
                    problem: "found \(names.count) options, expected at most \(longestList)")
            }
            for name in names {
                let path = "\(place)\(list).\(name)"
                if let other = taken[name] {
                    return .init(
                        place: path, problem: "the option is given by \(other) already; give it once")
                }
                taken[name] = place + list
                if list == "free", let problem = free[name]?.problem {
                    return .init(place: path, problem: problem)
                }
            }
        }
        return nil
    }

    private var sizeProblem: JSONDocument.Problem? {
        let cells = rungSizes.reduce(0, +) * seeds * subjectCount
        return cells <= Self.largestCellCount
            ? nil
            : .init(
                place: "", problem: "found \(cells) trainings, expected at most \(Self.largestCellCount)")
    }
}

extension SearchSpace.Rung {
    /// As in `2 epochs of 10000 images`.
    public var text: String {
        "\(epochs) epoch\(epochs == 1 ? "" : "s")" + (limit.map { " of \($0) images" } ?? "")
    }
}
