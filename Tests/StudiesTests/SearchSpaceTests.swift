import Files
import Foundation
import Runs
import TestSupport
import Testing

@testable import Studies

@Suite("Spaces of searches")
struct SearchSpaceTests {
    @Test("a share of a list or range is the value that lies there")
    func values() {
        func values(_ option: FreeOption, _ shares: Double...) -> [String] {
            shares.map { option.value(at: $0).text }
        }
        #expect(values(.range(.init(2, 4)), 0, 0.5, 0.75) == ["2", "3", "3.5"])
        #expect(values(.range(.init(0.01, 1, scale: .log)), 0, 0.5) == ["0.01", "0.1"])
        // 1 000 · 1000^(1/3), to four digits.
        #expect(values(.range(.init(1000, 1e6, scale: .log)), 1.0 / 3, 0.4) == ["10000", "15850"])
        #expect(values(.range(.init(1, 3, whole: true)), 0, 0.333, 0.334, 0.999) == ["1", "1", "2", "3"])
        // 8^share: 1, 2.83, 7.98.
        #expect(values(.range(.init(1, 7, scale: .log, whole: true)), 0, 0.5, 0.999) == ["1", "2", "7"])
        // Four digits are 1, which is more than the end.
        #expect(values(.range(.init(0.99994, 0.99996)), 0.999) == ["0.99996"])
        #expect(
            values(.list([.word("a"), .truth(true), .number(1e-5), .number(300)]), 0, 0.25, 0.5, 0.99)
                == ["a", "true", "1e-05", "300"])
    }

    /// Of 4000 trials, a quarter below the quartiles: 1000 ± 137 are five standard deviations. Shares of two options are
    /// independent: so many are below both medians.
    @Test("values are spread as their scale says, and independent of one another")
    func distribution() throws {
        var space = SearchExamples.space(trials: 4000)
        space.free = [
            "learning-rate": .range(.init(1e-4, 1, scale: .log)), "decay": .range(.init(0, 0.8)),
            "hidden": .list([.number(4), .number(5), .number(6), .number(7)]),
        ]
        let drawn = try SearchExamples.search(space).subjects[0].trials.map(\.drawn)
        func share(_ condition: ([String: Double]) -> Bool) -> Int {
            drawn.count { condition($0.compactMapValues(Double.init)) }
        }
        for count in [
            share { $0["learning-rate"]! < 1e-3 }, share { $0["learning-rate"]! > 0.1 },
            share { $0["decay"]! < 0.2 }, share { $0["hidden"]! == 6 },
            share { $0["learning-rate"]! < 0.01 && $0["decay"]! < 0.4 },
        ] { #expect((863...1137).contains(count), "\(count)") }
        let again = try SearchExamples.search(space).subjects[0].trials.map(\.drawn)
        #expect(again == drawn)
        space.seed = 2
        #expect(try SearchExamples.search(space).subjects[0].trials.map(\.drawn) != drawn)
    }

    @Test("rungs and budgets are those worked out by hand")
    func budget() {
        var space = SearchSpace(
            trials: 27,
            rungs: [
                .init(epochs: 2, limit: 10_000, keep: 1.0 / 3), .init(epochs: 4, keep: 1.0 / 3),
                .init(epochs: 12),
            ], validation: 10)
        #expect(space.rungSizes == [27, 9, 3] && space.epochsOfSubject == 27 * 2 + 9 * 4 + 3 * 12)
        space.seeds = 2
        space.models = [.init(name: "a"), .init(name: "b"), .init(name: "c")]
        #expect(space.epochCount == 6 * 126)
        space.trials = 2
        #expect(space.rungSizes == [2, 1, 1])
    }

    @Test("a file is read, what is left out has its standard, and what is written is read as the same")
    func file() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            """
            {"schema": "sqsnn.search/1", "trials": 3, "rungs": [{"epochs": 1, "keep": 0.5}, {"epochs": 2}], "validation": 5,
             "fixed": {"hidden": 8, "optimizer": "sgd"},
             "free": {"learning-rate": {"low": 1e-3, "high": 1e-1, "scale": "log"}, "decay": [0.5, 0.9]},
             "models": [{"name": "lif"}, {"name": "q", "fixed": {"model": "qlif"}}]}
            """, as: "space.json")
        let space = try SearchSpace.load(path)
        #expect(space.seeds == 1 && space.seed == 1 && space.passes == 1)
        #expect(!space.defaults && space.datasets == nil)
        #expect(space.free["learning-rate"] == .range(.init(1e-3, 0.1, scale: .log)))
        #expect(space.free["decay"] == .list([.number(0.5), .number(0.9)]))
        #expect(space.models?.map(\.name) == ["lif", "q"])
        #expect(try JSONDocument.decode(SearchSpace.self, from: JSONDocument.encode(space)) == space)
        let options = try SearchExamples.search(space).subjects[1].trials[0].options
        #expect(options["hidden"] == "8" && options["model"] == "qlif" && options["validation"] == "5")
    }

    private static let rungs = #""rungs": [{"epochs": 1}]"#

    /// A space with some fields beside those that must be.
    private static func text(
        _ rest: String, trials: String = "3", rungs: String = SearchSpaceTests.rungs,
        free: String = #""free": {"hidden": [4, 8]}"#
    ) -> String {
        let fields = [
            #""schema": "sqsnn.search/1""#, "\"trials\": \(trials)", rungs, "\"validation\": 5", free, rest,
        ]
        return "{\(fields.filter { !$0.isEmpty }.joined(separator: ", "))}"
    }

    static let problems: [(String, String)] = [
        (text(#""trails": 3"#), "trails: there is no such field here; expected one of "),
        (text("", trials: "0"), "trials: found 0, expected 1 to 10000"),
        (text("", trials: "1.5"), "trials: found 1.5, expected an integer"),
        (text(#""passes": 0"#), "passes: found 0, expected 1 to "),
        (text("", rungs: #""rungs": []"#), "rungs: found 0, expected 1 to 20"),
        (
            text("", rungs: #""rungs": [{"epochs": 2, "keep": 0.5}, {"epochs": 2}]"#),
            "rungs[1]: found 2 epochs after 2 epochs, expected a rung that trains more"
        ),
        (
            text("", rungs: #""rungs": [{"epochs": 2, "limit": 9, "keep": 0.5}, {"epochs": 1}]"#),
            "rungs[1]: found 1 epoch after 2 epochs of 9 images, expected a rung that trains more"
        ),
        (
            text("", rungs: #""rungs": [{"epochs": 2, "keep": 0.5}, {"epochs": 3, "limit": 9}]"#),
            "rungs[1]: found 3 epochs of 9 images after 2 epochs, expected a rung that trains more"
        ),
        (
            text("", rungs: #""rungs": [{"epochs": 1, "keep": 1.5}, {"epochs": 2}]"#),
            "rungs[0].keep: found 1.5, expected a share above 0 and at most 1"
        ),
        (
            text("", rungs: #""rungs": [{"epochs": 1, "keep": 0}, {"epochs": 2}]"#),
            "rungs[0].keep: found 0.0, expected a share above 0 and at most 1"
        ),
        (
            text("", rungs: #""rungs": [{"epochs": 1}, {"epochs": 2}]"#),
            "rungs[0].keep: the field is missing, the share that goes on"
        ),
        (
            text("", rungs: #""rungs": [{"epochs": 1, "keep": 0.5}]"#),
            "rungs[0].keep: found a share after the last rung, expected none"
        ),
        (text("", rungs: #""rungs": [{"epochs": 0}]"#), "rungs[0].epochs: found 0, expected 1 to 30000"),
        (text("", free: ""), "free: found no options, expected at least one, here or for all models"),
        (
            text("", free: #""free": {"hidden": []}"#),
            "free.hidden: found an empty list, expected at least one value"
        ),
        (
            text("", free: #""free": {"hidden": [4, 4.0]}"#),
            "free.hidden: found 4 twice, expected every value once"
        ),
        (
            text("", free: #""free": {"hidden": {"low": 8, "high": 8}}"#),
            "free.hidden: found low 8 and high 8, expected low below high"
        ),
        (
            text("", free: #""free": {"decay": {"low": 0, "high": 1, "scale": "log"}}"#),
            "free.decay: found low 0 on a logarithmic scale, expected a number above 0"
        ),
        (
            text("", free: #""free": {"hidden": {"low": 1.5, "high": 8, "whole": true}}"#),
            "free.hidden: found 1.5, expected whole numbers as 'whole' says"
        ),
        (
            text("", free: #""free": {"hidden": {"low": 1, "high": 8, "scale": "lin"}}"#),
            "free.hidden.scale: found 'lin', expected one of linear, log"
        ),
        (text("", free: #""free": {"hidden": {"low": 1}}"#), "free.hidden.high: the field is missing"),
        (text("", free: #""free": {"hidden": 8}"#), "free.hidden: found a number, expected an object"),
        (
            text(#""fixed": {"epochs": 3}"#),
            "fixed.epochs: the option is given by rungs already; give it once"
        ),
        (
            text(#""fixed": {"hidden": 3}"#),
            "free.hidden: the option is given by fixed already; give it once"
        ),
        (
            text(#""models": [{"name": "a", "fixed": {"hidden": 3}}]"#),
            "models[0].fixed.hidden: the option is given by free already; give it once"
        ),
        (text(#""models": []"#), "models: found an empty list, expected at least one"),
        (text(#""datasets": []"#), "datasets: found an empty list, expected at least one"),
        (
            text(#""models": [{"name": "a"}, {"name": "a"}]"#),
            "models[1]: found 'a' twice, expected every one once"
        ),
        (
            text(#""models": [{"name": "../a"}]"#),
            "models[0]: found '../a', expected letters, digits, '-', '_' and '.', and not many"
        ),
        (
            text(#""seeds": 100, "datasets": ["a", "b"]"#, trials: "10000"),
            "found 2000000 trainings, expected at most 1000000"
        ),
        // What only the options themselves know.
        (text(#""fixed": {"hiden": 3}"#), "fixed.hiden: unknown option '--hiden'"),
        (text("", free: #""free": {"hiden": [4]}"#), "free.hiden: unknown option '--hiden'"),
        (
            text(#""models": [{"name": "a", "free": {"dekay": [0.5]}}]"#),
            "models[0].free.dekay: unknown option '--dekay'"
        ),
        (
            text(#""models": [{"name": "a", "fixed": {"dekay": 0.5}}]"#),
            "models[0].fixed.dekay: unknown option '--dekay'"
        ),
        (
            text("", free: #""free": {"hidden": {"low": 4, "high": 200, "whole": true}}"#),
            "free.hidden: --hidden: found '200'"
        ),
        (
            text("", free: #""free": {"learning-rate": {"low": -1, "high": 1}}"#),
            "free.learning-rate: --learning-rate: found '-1'"
        ),
        (
            text(#""fixed": {"backend": "aer"}"#),
            "fixed.backend: found backend aer, expected none: a search simulates its trials"
        ),
    ]

    @Test("what cannot be is told with its place, before anything is made", arguments: problems)
    func refused(text: String, message: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(text, as: "space.json")
        let found: String
        do {
            _ = try SearchExamples.search(SearchSpace.load(path))
            found = "none"
        } catch let error as SearchError {
            found = error.description
        }
        #expect(
            found.hasPrefix("\(path): \(message)") || found.hasPrefix("space.json: \(message)"), "\(found)")
    }
}
