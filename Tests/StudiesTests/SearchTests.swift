import Campaigns
import Compute
import Files
import Foundation
import Learning
import Runs
import SpikeDatasets
import Synchronization
import TestSupport
import Testing

@testable import Studies

@Suite("Searches")
struct SearchTests {
    let folder: TemporaryFolder
    private var path: String { folder.path("search") }

    init() throws { folder = try TemporaryFolder() }

    private func run(
        _ space: SearchSpace = SearchExamples.space(), threads: Int = 1, in folder: String? = nil,
        testSeed: UInt64 = 2
    ) throws -> SearchReport {
        try #require(
            try SearchExamples.search(space).run(
                in: folder ?? path, images: ["synthetic": .init(SearchExamples.data(testSeed: testSeed))],
                parallelism: Parallelism(threadCount: threads)))
    }

    /// Accuracy of a trial in a rung, trained and measured here.
    private func accuracy(_ trial: SearchTrial, _ rung: SearchSpace.Rung, seed: UInt64) throws -> Double {
        var configuration = try SearchExamples.configuration(trial.options)
        configuration.seed = seed
        configuration.recipe.epochCount = rung.epochs
        let train = SearchExamples.data().train
        let training = train.prefix(rung.limit ?? 60)
        var trainer = try configuration.trainer(for: training, threads: 1)
        for _ in 0..<rung.epochs { _ = try trainer.trainEpoch(on: training) }
        return try trainer.evaluate(on: train.suffix(30), repetitions: 1).meanAccuracy
    }

    @Test("the best of each rung go on, trained afresh, by the mean over the seeds on the images held out")
    func halving() throws {
        let space = SearchExamples.space(seeds: 2)
        let subject = try SearchExamples.search(space).subjects[0]
        let report = try run(space)
        var going = Array(0..<6)
        for (number, (rung, size)) in zip(space.rungs, [6, 3, 1]).enumerated() {
            #expect(going.count == size)
            var means: [Int: Double] = [:]
            for index in going {
                let accuracies = try (1...2).map {
                    try accuracy(subject.trials[index], rung, seed: UInt64($0))
                }
                let score = try #require(
                    report.subjects[0].trials.first { $0.trial == index + 1 }
                ).rungs[number]
                #expect(score.accuracies == accuracies && score.epochs == rung.epochs)
                means[index] = (accuracies[0] + accuracies[1]) / 2
                #expect(score.accuracy == means[index])
                #expect(
                    abs(
                        try #require(score.standardDeviation) - abs(accuracies[0] - accuracies[1])
                            / 2.0.squareRoot())
                        < 1e-12)
            }
            if number == 0 { #expect(Set(means.values).count > 3, "trials that differ") }
            // The first of equal ones.
            let ranked = going.sorted { (-means[$0]!, $0) < (-means[$1]!, $1) }
            going = Array(ranked.prefix([3, 1, 1][number])).sorted()
        }
        let best = try #require(report.subjects[0].best)
        #expect(best.trial == going[0] + 1 && report.subjects[0].trials[0].trial == best.trial)
        #expect(report.subjects[0].trials.map(\.rungs.count) == [3, 2, 2, 1, 1, 1])
        #expect(
            best.options["epochs"] == "2" && best.options["limit"] == nil
                && best.options["validation"] == "30")
        let recipe = try Recipe.load("\(path)/\(best.recipe)")
        var expected = try SearchExamples.configuration(best.options).recipe
        expected.name = recipe.name
        #expect(recipe == expected && recipe.name == "search of a search")
    }

    @Test("results depend neither on threads nor on test images, and a second run only reads them")
    func repeating() throws {
        let first = try run()
        #expect(try run(threads: 3, in: folder.path("threads")).arithmetic == first.arithmetic)
        #expect(try run(in: folder.path("test"), testSeed: 7).arithmetic == first.arithmetic)
        let again = try run()
        #expect(try JSONDocument.encode(again) == JSONDocument.encode(first))
        #expect(
            folder.contents.filter { $0.hasPrefix("search") } == ["search"]
                + ["campaign.sqlite", "report.json", "search.json", "search.recipe.json", "trials.csv"].map {
                    "search/\($0)"
                })
        #expect(try CampaignSummary(reading: path).done == 10)
    }

    @Test("a search that is stopped at any training goes on where it was")
    func stopping() throws {
        let whole = try run(in: folder.path("whole"))
        let search = try SearchExamples.search()
        for count in 0..<9 {
            let done = Mutex(0)
            let report = try search.run(
                in: path, images: SearchExamples.sources, parallelism: Parallelism(threadCount: 1),
                isInterrupted: { done.withLock { $0 > 1 } },
                onProgress: { progress in done.withLock { $0 += progress.note == nil ? 0 : 2 } })
            #expect(report == nil, "training \(count)")
            #expect(try CampaignSummary(reading: path).done == count + 1)
        }
        #expect(try run().arithmetic == whole.arithmetic)
    }

    @Test("progress counts images epoch by epoch, and ends with those of the budget")
    func progress() throws {
        let images = Mutex<[Int]>([])
        let search = try SearchExamples.search()
        _ = try search.run(
            in: path, images: SearchExamples.sources, parallelism: Parallelism(threadCount: 1),
            onProgress: { progress in images.withLock { $0.append(progress.images) } })
        let found = images.withLock(\.self)
        // 6 trials of 30 images, 3 of 2 · 30, one of 2 · 60.
        #expect(search.imageCount(SearchExamples.sources) == 480)
        #expect(found == found.sorted() && found.first == 0 && found.last == 480)
        #expect(SearchExamples.space().epochCount == 6 + 6 + 2)
    }

    @Test("a trial that diverges, or whose options do not go together, counts as worst and stops nothing")
    func failing() throws {
        var space = SearchExamples.space(trials: 12)
        space.free = [
            "learning-rate": .list([.number(0.01), .number(1e6)]),
            "hidden": .list([.number(8), .number(13)]),
            "decay": .list([.number(0.5), .number(0.9)]),
        ]
        // 13 hidden neurons are refused beside any decay, but not alone.
        let report = try run(space)
        let subject = report.subjects[0]
        #expect(subject.trials.count == 12 && subject.best != nil)
        for trial in subject.trials {
            let isRefused = trial.options["hidden"] == "13"
            let diverges = trial.options["learning-rate"] == "1000000"
            #expect((trial.failure != nil) == (isRefused || diverges), "\(trial)")
            if isRefused { #expect(trial.failure == "13 with a decay" && trial.rungs.isEmpty) }
            if diverges, !isRefused {
                #expect(
                    trial.failure?.contains("that is not a number or beyond") == true
                        && trial.rungs.count == 1, "\(trial)")
            }
        }
        let kinds = subject.trials.map { $0.failure == nil }
        #expect(kinds == kinds.sorted { $0 && !$1 } && Set(kinds).count == 2)
        #expect(report.lines(best: 3, in: path).contains { $0.hasPrefix("came to nothing: trial ") })
        // All of them: no best, and no error.
        space.free = ["learning-rate": .list([.number(1e6)])]
        let nothing = try run(space, in: folder.path("nothing"))
        #expect(nothing.subjects[0].best == nil && nothing.lines(best: 3, in: path).last == "best: none")
    }

    @Test("models and data sets are searched alike, with the same values of what they share")
    func models() throws {
        var space = SearchExamples.space(trials: 4)
        space.models = [
            .init(name: "lif", free: ["decay": .range(.init(0.1, 0.9))]),
            .init(name: "qlif", fixed: ["model": .word("qlif")]),
        ]
        space.datasets = ["a", "b"]
        let search = try SearchExamples.search(space)
        #expect(search.subjects.map(\.name) == ["lif on a", "qlif on a", "lif on b", "qlif on b"])
        #expect(search.dataKeys == ["a", "b"])
        for (first, other) in zip(search.subjects[0].trials, search.subjects[3].trials) {
            #expect(first.drawn["decay"] != nil && other.drawn["decay"] == nil)
            #expect(first.drawn.filter { $0.key != "decay" } == other.drawn)
        }
        let images = Search.Images(SearchExamples.data())
        let report = try #require(
            try search.run(
                in: path, images: ["a": images, "b": images], parallelism: Parallelism(threadCount: 2)))
        #expect(report.epochs == 4 + 2 * 2 + 2 && space.epochCount == 4 * report.epochs)
        #expect(report.subjects.allSatisfy { $0.trials.map(\.rungs.count) == [3, 2, 1, 1] })
        // The images are the same, and so is what came of them.
        #expect(
            report.subjects[1].trials.map { $0.rungs.map(\.accuracies) }
                == report.subjects[3].trials.map { $0.rungs.map(\.accuracies) })
        #expect(
            folder.names.isEmpty == false
                && FileManager.default.fileExists(atPath: "\(path)/lif-on-b.recipe.json"))
    }

    @Test("the first trial has the defaults where the space says so, and the others what they have without")
    func defaults() throws {
        var space = SearchExamples.space()
        let drawn = try SearchExamples.search(space).subjects[0].trials
        space.defaults = true
        let trials = try SearchExamples.search(space).subjects[0].trials
        #expect(trials[0].drawn.isEmpty && !drawn[0].drawn.isEmpty)
        #expect(Set(trials[0].options.keys).isSubset(of: drawn[0].options.keys))
        #expect(trials.dropFirst().map(\.drawn) == drawn.dropFirst().map(\.drawn))
        #expect(try run(space).subjects[0].trials.contains { $0.trial == 1 && $0.options.isEmpty })
    }

    @Test("the table of comma-separated values has a row for every rung of every trial")
    func table() throws {
        let report = try run()
        let rows = report.table
        #expect(
            rows[0]
                == "subject,trial,rung,epochs,limit,accuracy,standard_deviation,parameters,spikes_per_step,seconds,failure,"
                + "hidden,learning-rate")
        #expect(rows.count == 1 + 6 + 3 + 1)
        let first = rows[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let trial = try #require(report.subjects[0].trials.first { $0.trial == 1 })
        #expect(first[..<5] == ["search", "1", "1", "1", "30"] && first.count == 13)
        #expect(first[11...] == [trial.options["hidden"]!, trial.options["learning-rate"]!])
        // 36·h + 6·h weights, and no parameters of neurons.
        #expect(first[7] == "\(42 * (Int(trial.options["hidden"]!) ?? 0))")
    }
}

@Suite("Folders of searches")
struct SearchFolderTests {
    let folder: TemporaryFolder
    private var path: String { folder.path("search") }

    init() throws { folder = try TemporaryFolder() }

    private func problem(_ space: SearchSpace = SearchExamples.space()) -> String {
        do {
            _ = try SearchExamples.search(space).run(
                in: path, images: SearchExamples.sources, parallelism: Parallelism(threadCount: 1),
                isInterrupted: { true })
            return "none"
        } catch { return "\(error)" }
    }

    @Test("the folder of another search is refused, and told apart by what differs")
    func otherSearch() throws {
        #expect(problem() == "none")
        let before = try InputFile.read("\(path)/search.json")
        var other = SearchExamples.space()
        other.seed = 9
        other.rungs.removeLast()
        other.rungs[1] = .init(epochs: 2, limit: 30)
        #expect(
            problem(other)
                == "\(path): found another search (rungs differs; seed is 1, not 9); choose another --output")
        #expect(try InputFile.read("\(path)/search.json") == before)
        try folder.write(before.dropLast(9) + [], as: "search/search.json")
        #expect(problem().hasPrefix("\(path)/search.json: not valid JSON"))
    }

    @Test("the folder of another campaign, and one whose space is gone, are refused")
    func otherCampaign() throws {
        #expect(problem() == "none")
        try FileManager.default.removeItem(atPath: "\(path)/search.json")
        #expect(
            problem()
                == "\(path): found a campaign, but no search.json that says what was searched; restore it from a copy, or "
                + "choose another --output")
        let study = MemoryStudy(
            tasks: [.delay(1)], models: [try .named("exchange")], spikeBudgets: [nil], seedCount: 1,
            recipe: StudyRecipe())
        try FileManager.default.removeItem(atPath: path)
        _ = try study.run(in: path, parallelism: Parallelism(threadCount: 1)) { _ in false }
        #expect(
            problem()
                == "\(path): found a campaign of memory-study, expected one of search; choose another --output"
        )
    }

    @Test("data with no images left to train on are refused, and nothing is made")
    func images() throws {
        var space = SearchExamples.space()
        space.validation = 90
        #expect(
            problem(space)
                == "synthetic: found 90 training images, expected more than the 90 that are held out; lower 'validation'"
        )
        #expect(folder.contents == [])
    }
}
