import Campaigns
import Compute
import Files
import Foundation
import Learning
import Neurons
import QuantumCircuits
import Runs
import SpikeDatasets
import Synchronization
import TestSupport
import Testing

@testable import Studies

/// Comparisons of a moment: images of 6 × 6 pixels, networks of a few neurons.
enum ComparisonExamples {
    /// Each class bright in a third of the rows.
    static func images(_ count: Int, seed: UInt64) -> ImageDataset {
        var random = RandomStream(seed: seed, purpose: .analysis).generator()
        let labels = (0..<count).map { UInt8($0 % 3) }
        let pixels = labels.flatMap { label in
            (0..<36).map { UInt8.random(in: $0 / 12 == Int(label) ? 120...255 : 0...100, using: &random) }
        }
        return ImageDataset(
            checkedName: "synthetic", width: 6, height: 6, classNames: ["a", "b", "c"], pixels: pixels,
            labels: labels)
    }

    static let data: [DataKey: DatasetSplits<LabelledDataset>] = [
        "first": DatasetSplits(
            train: images(60, seed: 1), test: images(40, seed: 2), files: [], note: "made up"
        ).labelled,
        "second": DatasetSplits(
            train: images(50, seed: 3), test: images(30, seed: 4), files: [], note: "made up too"
        ).labelled,
    ]
    static let datasets = ["first", "second"].map {
        ComparedDataset(name: $0, inputCount: 36, classCount: 3)
    }

    /// A few of the options of `sqsnn train`.
    static func configuration(_ options: [String: String]) throws -> RunConfiguration {
        var recipe = Recipe.standard
        (recipe.hiddenCounts, recipe.stepCount, recipe.batchSize, recipe.epochCount) = ([8], 3, 16, 2)
        (recipe.neuronsPerClass, recipe.learningRate) = (2, 0.02)
        var neuron: any NeuronModel = SQS(try Ansatz.exchange.circuit())
        for (name, value) in options {
            switch name {
            case "dataset": break
            case "model": neuron = try value == "lif" ? LIF() : value == "qlif" ? QLIF(shots: 10) : neuron
            case "hidden": recipe.hiddenCounts = [Int(value) ?? 0]
            case "epochs": recipe.epochCount = Int(value) ?? 0
            case "learning-rate": recipe.learningRate = Double(value) ?? 0
            case "limit", "validation", "match-parameters": break
            default: throw UnknownOption(name: name)
            }
        }
        var configuration = RunConfiguration(
            dataset: options["dataset"] ?? "", neuron: neuron, seed: 1, recipe: recipe)
        configuration.trainingLimit = options["limit"].flatMap { Int($0) }
        configuration.validationCount = options["validation"].flatMap { Int($0) }
        guard let target = options["match-parameters"].flatMap({ Int($0) }) else { return configuration }
        return try configuration.matched(to: target, inputCount: 36, classCount: 3).configuration
    }

    struct UnknownOption: Error, CustomStringConvertible {
        let name: String
        var description: String { "unknown option '--\(name)'" }
    }

    static func comparison(
        _ entries: [ComparisonEntry], datasets: [ComparedDataset] = [ComparisonExamples.datasets[0]],
        seeds: Int = 2, repetitions: Int = 2
    ) throws -> Comparison {
        try Comparison(
            name: "comparison", entries: entries, datasets: datasets, seedCount: seeds,
            repetitions: repetitions, configuration: configuration)
    }

    static let both = [
        ComparisonEntry("SQS", options: ["model": "sqs"], source: "a test"),
        ComparisonEntry("LIF", options: ["model": "lif"], match: .entry("SQS")),
    ]

    /// Runs a comparison to its end, and says how many runs were done before.
    static func run(
        _ comparison: Comparison, in folder: String, threads: Int = 1
    ) throws -> (report: ComparisonReport, before: Int) {
        let before = Mutex<Int?>(nil)
        let outcome = try comparison.run(
            in: folder, data: data, parallelism: Parallelism(threadCount: threads),
            onProgress: { progress in before.withLock { $0 = $0 ?? progress.finishedCount } })
        if let error = outcome.error { throw error }
        return (try #require(outcome.report), before.withLock { $0 ?? -1 })
    }
}

@Suite("A comparison of models")
struct ComparisonTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private typealias Examples = ComparisonExamples

    /// Expected values: the same network trained and measured by hand.
    @Test("each run is a training by the model's configuration with its seed")
    func measured() throws {
        let comparison = try Examples.comparison(Examples.both, datasets: Examples.datasets)
        let (report, before) = try Examples.run(comparison, in: folder.path("runs"))
        #expect(before == 0 && comparison.runCount == 8)
        #expect(report.rows.map(\.dataset) == ["first", "first", "second", "second"])
        #expect(report.rows.map(\.model) == ["SQS", "LIF", "SQS", "LIF"])
        #expect(report.datasets.map(\.images) == [40, 30] && report.datasets[1].note == "made up too")
        for row in report.rows {
            let contender = try #require(
                comparison.contenders.first { $0.name == row.model && $0.dataset == row.dataset })
            let data = try #require(Examples.data[DataKey(row.dataset)])
            for (index, seed) in [UInt64(1), 2].enumerated() {
                var configuration = contender.configuration
                configuration.seed = seed
                var trainer = try configuration.networkTrainer(for: data.train, threads: 1)
                for _ in 0..<2 { _ = try trainer.trainEpoch(on: data.train) }
                let evaluation = try trainer.evaluate(on: data.test, repetitions: 2)
                #expect(row.accuracy.values[index] == evaluation.meanAccuracy)
                #expect(row.spikesPerStep.values[index] == evaluation.spikesPerStep)
                let neurons = Double(trainer.network.populations.reduce(0) { $0 + $1.neuronCount })
                #expect(row.spikesPerNeuronPerStep.values[index] == evaluation.spikesPerStep / neurons)
                #expect(row.parameters == trainer.network.parameterCount)
                let cost = try trainer.inferenceCost(on: data.test).operations
                let images = Double(data.test.count)
                #expect(row.operations?.dense == Double(cost.dense) / images)
                #expect(row.operations?.effectiveACs.values[index] == Double(cost.effectiveACs) / images)
            }
            #expect(row.shots == 1 && row.steps == 3 && row.isComplete)
            let spread = row.accuracy
            #expect(spread.mean == (spread.values[0] + spread.values[1]) / 2)
            #expect(spread.least == spread.values.min() && spread.greatest == spread.values.max())
        }
        // 36·8 + 8·6 weights and 5 angles of each of 14 neurons; ten neurons of 42 weights come closest.
        #expect(report.rows.map(\.parameters) == [406, 420, 406, 420])
        #expect(report.rows.map(\.parameterTarget) == [nil, 406, nil, 406])
        let difference = report.differences[0]
        let pairs = zip(report.rows[0].accuracy.values, report.rows[1].accuracy.values).map { $0 - $1 }
        #expect(difference.accuracy == MeanInterval(pairs, range: -1...1))
        #expect(difference.p == SignFlipTest.pValue(pairs))
        #expect(report.differences.count == 2)
    }

    @Test(
        "the same comparison again runs nothing, more seeds and models run what is missing, threads change nothing"
    )
    func goingOn() throws {
        let path = folder.path("runs")
        let first = try Examples.run(Examples.comparison(Examples.both), in: path)
        let again = try Examples.run(Examples.comparison(Examples.both), in: path)
        #expect(again.before == 4)
        #expect(again.report.lines == first.report.lines)
        let more =
            Examples.both + [ComparisonEntry("QLIF", options: ["model": "qlif"], match: .count(1000))]
        let longer = try Examples.run(Examples.comparison(more, seeds: 3), in: path, threads: 2)
        #expect(longer.before == 4)
        #expect(longer.report.rows.map(\.seeds) == [[1, 2, 3], [1, 2, 3], [1, 2, 3]])
        // Of 84 weights a hidden neuron: 12 come closest to 1000.
        #expect(longer.report.rows[2].parameters == 1008)
        #expect(longer.report.rows[2].shots == 10 * (12 + 6) * 3)
        #expect(
            Array(longer.report.rows[0].accuracy.values.prefix(2)) == first.report.rows[0].accuracy.values)
        let elsewhere = try Examples.run(Examples.comparison(more, seeds: 3), in: folder.path("b"))
        #expect(
            zip(elsewhere.report.rows, longer.report.rows).allSatisfy {
                $0.accuracy.values == $1.accuracy.values
            })
        #expect(
            zip(elsewhere.report.rows, longer.report.rows).allSatisfy {
                $0.operations?.effectiveACs.values == $1.operations?.effectiveACs.values
            })
    }

    @Test("the same settings under two names are run once, and their difference is none")
    func sameSettings() throws {
        let twins = [
            ComparisonEntry("one", options: [:]), ComparisonEntry("two", options: ["model": "sqs"]),
        ]
        let comparison = try Examples.comparison(twins)
        #expect(comparison.runCount == 2)
        let report = try Examples.run(comparison, in: folder.path("runs")).report
        #expect(report.rows[0].accuracy.values == report.rows[1].accuracy.values)
        #expect(report.differences[0].p == 1 && report.differences[0].accuracy.mean == 0)
    }

    @Test("an interruption keeps no half of a run, and the comparison goes on")
    func interruption() throws {
        let comparison = try Examples.comparison(Examples.both)
        let batches = Mutex(0)
        let outcome = try comparison.run(
            in: folder.path("runs"), data: Examples.data, parallelism: Parallelism(threadCount: 1),
            // Eight batches a run: within the second.
            isInterrupted: {
                batches.withLock {
                    $0 += 1
                    return $0 > 13
                }
            })
        #expect(outcome.report == nil && outcome.error == nil)
        let (report, before) = try Examples.run(comparison, in: folder.path("runs"))
        #expect(before == 1 && report.rows.allSatisfy { $0.seeds == [1, 2] })
    }

    @Test("a run that diverges is told, and is not run again")
    func divergence() throws {
        let entries = [
            ComparisonEntry("calm", options: ["model": "lif"]),
            ComparisonEntry("wild", options: ["model": "lif", "learning-rate": "1000000"]),
        ]
        let comparison = try Examples.comparison(entries)
        let report = try Examples.run(comparison, in: folder.path("runs")).report
        let wild = report.rows[1]
        #expect(wild.diverged.map(\.seed) == [1, 2] && wild.diverged.map(\.epoch) == [1, 1])
        #expect(wild.seeds == [] && wild.accuracy.mean == nil && !wild.isComplete)
        #expect(report.rows[0].isComplete)
        #expect(
            report.lines.contains(
                "† wild on first: numbers of 0 of 2 runs; seed 1 diverged in epoch 1, seed 2 diverged in epoch 1"
            ))
        #expect(report.differences[0].p == nil && report.differences[0].correctedP == nil)
        #expect(try Examples.run(comparison, in: folder.path("runs")).before == 4)
        let paths = try report.write(to: folder.path("runs"))
        let table = try String(contentsOf: URL(filePath: paths[1]), encoding: .utf8)
        #expect(table.contains("\nfirst,,wild,2,,,,,,,,,,,,1\n"))
        let written = try JSONDocument.decode(
            ComparisonReport.self, from: InputFile.read(paths[0]))
        #expect(written.rows[1].diverged.count == 2)
    }

    @Test("a run that fails is told, does not stop the others, and is tried again")
    func failure() throws {
        // No images are no failure of the options.
        let entries = [ComparisonEntry("SQS", options: [:])]
        let comparison = try Examples.comparison(entries, datasets: Examples.datasets)
        var data = Examples.data
        data["second"] =
            DatasetSplits(
                train: Examples.images(0, seed: 1), test: Examples.images(30, seed: 4), files: [], note: ""
            ).labelled
        let outcome = try comparison.run(
            in: folder.path("runs"), data: data, parallelism: Parallelism(threadCount: 1))
        let report = try #require(outcome.report)
        #expect(report.rows.map(\.failed) == [[], [1, 2]] && report.rows[0].seeds == [1, 2])
        #expect(
            report.lines.contains("† SQS on second: numbers of 0 of 2 runs; seed 1 failed, seed 2 failed"))
        #expect(
            outcome.error?.description.contains("2 failed: SQS on second, seed 1 (data set synthetic") == true
        )
        #expect(try Examples.run(comparison, in: folder.path("runs")).before == 2)
    }

    @Test("where training images are held out, runs are measured on these")
    func heldOut() throws {
        let entries = [ComparisonEntry("LIF", options: ["model": "lif", "validation": "20", "limit": "32"])]
        let comparison = try Examples.comparison(entries, seeds: 1, repetitions: 1)
        let report = try Examples.run(comparison, in: folder.path("runs")).report
        let images = try #require(Examples.data["first"]).train
        var trainer = try comparison.contenders[0].configuration.networkTrainer(for: images, threads: 1)
        for _ in 0..<2 { _ = try trainer.trainEpoch(on: images.prefix(32)) }
        #expect(
            report.rows[0].accuracy.values == [
                try trainer.evaluate(on: images.suffix(20), repetitions: 1).meanAccuracy
            ])
        #expect(report.measured == .validation)
        #expect(report.lines[0] == "first: measured on 20 training images that were held out; made up")
        let all = [ComparisonEntry("LIF", options: ["model": "lif", "validation": "60"])]
        #expect(throws: RunError.nothingToTrainOn(dataset: "first", images: 60, validation: 60)) {
            try Examples.run(Examples.comparison(all), in: folder.path("none"))
        }
        #expect(!folder.names.contains("none"))
    }

    @Test("differences are taken within a group")
    func groups() throws {
        let entries = ["slow", "fast"].flatMap { group in
            ["SQS", "LIF"].map { name in
                ComparisonEntry(
                    name,
                    options: [
                        "model": name.lowercased(), "learning-rate": group == "slow" ? "0.01" : "0.03",
                    ],
                    group: group, match: name == "SQS" ? nil : .entry("SQS"))
            }
        }
        let report = try Examples.run(Examples.comparison(entries), in: folder.path("runs")).report
        #expect(report.differences.map(\.group) == ["slow", "fast"])
        #expect(report.rows.map(\.title) == ["SQS, slow", "LIF, slow", "SQS, fast", "LIF, fast"])
        // 2 seeds: no p below 1/2, and one difference in each group.
        #expect(
            report.methods.last
                == "With 2 seeds no corrected p can come below 0.500: for 0.05, one comparison needs 6 seeds."
        )
    }

    static let refusals: [([ComparisonEntry], String)] = [
        ([], "entries: found 0, expected 1 to 100"),
        (
            [ComparisonEntry("a", options: [:]), ComparisonEntry("a", options: ["model": "lif"])],
            "entry 'a': is there twice on first; name every entry once"
        ),
        (
            [ComparisonEntry("a", options: ["hiden": "3"])], "entry 'a': unknown option '--hiden'"
        ),
        (
            [ComparisonEntry("a", options: ["seed": "3"])],
            "entry 'a': option seed: found it with an entry, expected it beside the entries; leave it out"
        ),
        (
            [ComparisonEntry("a", options: ["match-parameters": "3"])],
            "entry 'a': option match-parameters: found it with an entry, expected it beside the entries; say match instead"
        ),
        (
            [
                ComparisonEntry("SQSNN", options: [:]),
                ComparisonEntry("b", options: [:], match: .entry("SQNN")),
            ],
            "entry 'b': match: found 'SQNN', expected another entry of its group on first (did you mean 'SQSNN'?)"
        ),
        (
            [ComparisonEntry("a", options: [:], match: .entry("a"))],
            "entry 'a': match: found 'a', expected another entry of its group on first"
        ),
        (
            [
                ComparisonEntry("a", options: [:], match: .entry("b")),
                ComparisonEntry("b", options: [:], match: .entry("a")),
            ],
            "entry 'a': match: found 'b', which is matched itself; name the entry that it is matched to, or a number"
        ),
        (
            [ComparisonEntry("a", options: [:], datasets: ["second"])],
            "data set first: found no entry for it, expected one"
        ),
        (
            [
                ComparisonEntry("a", options: ["validation": "20"]),
                ComparisonEntry("b", options: ["model": "lif"]),
            ],
            "entries: found different numbers of images held out (option validation: 0, 20), expected as many for all"
        ),
        (
            [ComparisonEntry("a", options: [:], match: .count(3))],
            "entry 'a': --match-parameters: found 3, and the closest network, hidden 1, has 77 parameters, expected one within 5 %; "
                + "give another number, or change what else decides the size"
        ),
        ([ComparisonEntry("", options: [:])], "entry '': found no name, or one of more than 200 bytes"),
    ]

    @Test("what cannot be compared is refused in one line", arguments: refusals)
    func refused(entries: [ComparisonEntry], message: String) throws {
        let error = #expect(throws: ComparisonError.self) { try Examples.comparison(entries) }
        #expect(error?.description == message)
        #expect(error?.category == .usage)
    }

    @Test("a folder in which a name stands for other settings is refused, and so is one of other work")
    func otherComparison() throws {
        let path = folder.path("runs")
        _ = try Examples.run(Examples.comparison(Examples.both), in: path)
        let changed = [ComparisonEntry("SQS", options: ["hidden": "9", "epochs": "1"])]
        let error = #expect(throws: ComparisonError.self) {
            try Examples.run(Examples.comparison(changed), in: path)
        }
        #expect(
            error?.description
                == "\(path): found another comparison, in which 'SQS' has other settings (recipe.epoch_count is 2, not 1; "
                + "recipe.hidden_counts is [8], not [9]); choose another --output, or another name")
        try folder.write("{}", as: "runs/models.json")
        let damaged = #expect(throws: ComparisonError.self) {
            try Examples.run(Examples.comparison(Examples.both), in: path)
        }
        #expect(damaged?.description.hasPrefix("\(path)/models.json: ") == true)
        #expect(damaged?.category == .badInput)

        let other = folder.path("other")
        _ = try MemoryStudy(
            tasks: [], models: [], spikeBudgets: [], seedCount: 1, recipe: StudyRecipe()
        ).run(in: other, parallelism: Parallelism(threadCount: 1))
        #expect(throws: CampaignError.otherKind(other, found: "memory-study", expected: "comparison")) {
            try Examples.run(Examples.comparison(Examples.both), in: other)
        }
        #expect(folder.names.contains("other") && !folder.contents.contains("other/models.json"))
    }

    @Test("a file says entries, data sets, seeds, repetitions and match")
    func file() throws {
        let path = try folder.write(
            """
            {"schema": "sqsnn.comparison-file/1", "datasets": ["first"], "seeds": 3, "repetitions": 4, "match": "SQS",
             "entries": [{"name": "SQS", "options": {"model": "sqs", "learning-rate": "0.01"}},
                         {"name": "LIF", "options": {"model": "lif"}, "group": "g", "datasets": ["first"], "source": "s"},
                         {"name": "QLIF", "options": {}, "match": 500}]}
            """, as: "file.json")
        let file = try ComparisonFile.load(path)
        #expect(file.datasets == ["first"] && file.seeds == 3 && file.repetitions == 4)
        #expect(file.entries[0].options == ["model": "sqs", "learning-rate": "0.01"])
        #expect(
            file.entries.matching(file.match).map(\.match) == [nil, .entry("SQS"), .count(500)])
        #expect(file.entries[1].group == "g" && file.entries[1].source == "s")
        for (text, problem) in [
            (
                #"{"schema": "sqsnn.comparison-file/1", "entries": [{"name": "a", "option": {}}]}"#,
                "entries[0].options: the field is missing; found 'option'"
            ),
            (
                #"{"schema": "x", "entries": []}"#,
                "schema: found 'x', expected 'sqsnn.comparison-file/1'"
            ),
            (
                #"{"schema": "sqsnn.comparison-file/1", "entries": [{"name": "a", "options": {}, "match": [1]}]}"#,
                "entries[0].match: expected the name of an entry, or a number of parameters"
            ),
        ] {
            let path = try folder.write(text, as: "wrong.json")
            #expect(throws: ComparisonError.file(path, problem: problem)) { try ComparisonFile.load(path) }
        }
    }
}
