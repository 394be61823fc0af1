import Neurons
import Files
import Foundation
import QuantumCircuits
import SpikeDatasets
import Runs
import TestSupport
import Testing

@testable import Health

/// Each state of a run folder is told, and what is told to do about it works.
struct RunCheckTests {
    let temporary: TemporaryFolder
    let folder: RunFolder

    init() throws {
        temporary = try TemporaryFolder()
        folder = RunFolder(path: temporary.path("run"))
    }

    /// Random images of the shape of USPS 1 against 7, in two batches.
    private static func data() throws -> DatasetSplits<LabelledDataset> {
        func images(_ count: Int) throws -> ImageDataset {
            try ImageDataset(
                name: "usps-1v7", width: 16, height: 16, classNames: ["1", "7"],
                pixels: (0..<count * 256).map { UInt8($0 % 251) }, labels: (0..<count).map { UInt8($0 % 2) })
        }
        return DatasetSplits(train: try images(150), test: try images(20), files: [], note: "").labelled
    }

    private func begin(rate: Double = 0.01) throws -> TrainingRun {
        var recipe = Recipe.usps
        (recipe.epochCount, recipe.learningRate) = (2, rate)
        return try TrainingRun(
            RunConfiguration(
                dataset: "usps-1v7", neuron: SQS(Ansatz.exchange.circuit()), seed: 1, recipe: recipe),
            data: Self.data(), folder: folder, threads: 1)
    }

    private func resume() throws -> TrainingRun {
        try TrainingRun(resuming: folder, data: Self.data(), threads: 1)
    }

    /// What `sqsnn train` does after it has begun or resumed a run.
    private func finish(_ opened: TrainingRun) throws {
        var run = opened
        while !run.isComplete { _ = try run.trainEpoch { _ in true } }
        _ = try run.summarize(repetitions: 1)
    }

    private var findings: [Finding] { RunCheck(folder: folder.path).diagnosis.findings }

    private func finding(_ check: String) throws -> Finding {
        try #require(findings.first { $0.check == check })
    }

    private let intact = [
        "run ok", "run.json ok", "metrics.jsonl ok", "checkpoint.safetensors ok", "summary.json ok",
        "training ok",
    ]

    private var statuses: [String] { findings.map { "\($0.check) \($0.status)" } }

    @Test("a finished run is in order, and its end is told")
    func finished() throws {
        try finish(begin())
        #expect(statuses == intact)
        #expect(try finding("training").found == "finished, 2 epochs")
        #expect(try finding("metrics.jsonl").found == "2 lines")
    }

    @Test("a run that is at work is told from one that was stopped, which goes on as told")
    func stopped() throws {
        do {
            var run = try begin()
            _ = try run.trainEpoch { _ in true }
            _ = try run.trainEpoch { _ in false }
            #expect(
                try finding("training")
                    == Finding("training", .ok, "at work, 1 of 2 epochs and 1 batches saved"))
        }
        #expect(
            try finding("training")
                == Finding(
                    "training", .warning, "stopped after 1 of 2 epochs and 1 batches",
                    remedy: "sqsnn train --output \(folder.path) --resume goes on"))
        #expect(RunCheck(folder: folder.path).diagnosis.usable)
        try finish(resume())
        #expect(statuses == intact)
    }

    @Test("metrics, summary and leftovers that are not as they should be are made so by resuming, as told")
    func resumable() throws {
        try finish(begin())
        let metrics = try InputFile.read(folder.metricsPath)
        let summary = try InputFile.read(folder.summaryPath)
        let damages: [(check: String, path: String, content: [UInt8]?)] = [
            ("metrics.jsonl", folder.metricsPath, nil),
            ("metrics.jsonl", folder.metricsPath, Array(metrics.dropLast(9))),
            ("summary.json", folder.summaryPath, nil),
            ("summary.json", folder.summaryPath, Array(summary.dropLast(9))),
            (
                "summary.json", folder.summaryPath,
                Array(
                    String(decoding: summary, as: UTF8.self).replacing(
                        "weights_digest\" : \"", with: "weights_digest\" : \"0"
                    ).utf8)
            ),
            ("leftover", folder.path + "/.run.json.7.partial", []),
        ]
        for (check, path, content) in damages {
            if let content {
                try AtomicFile.write(content, to: path)
            } else {
                try FileManager.default.removeItem(atPath: path)
            }
            let found = try finding(check)
            #expect(found.status == .warning && found.remedy?.contains("--resume") == true, "\(found)")
            try finish(resume())
            #expect(statuses == intact, "\(found)")
        }
    }

    @Test("a start that was cut off is begun again, as told")
    func cutOff() throws {
        _ = try begin()
        try FileManager.default.removeItem(atPath: folder.configurationPath)
        #expect(statuses == ["run missing"])
        #expect(findings[0].remedy?.hasPrefix("begin it again with the command that began it") == true)
        try finish(begin())
        #expect(statuses == intact)
    }

    @Test("a run that diverged is called so, and what is kept can be measured, as told")
    func diverged() throws {
        do {
            var run = try begin(rate: 1e6)
            #expect(throws: RunError.self) { try run.trainEpoch { _ in true } }
        }
        let found = try finding("training")
        #expect(found.status == .warning)
        #expect(found.found == "diverged in epoch 1 of 2; the checkpoint is of epoch 0, before it did")
        #expect(found.remedy?.hasPrefix("sqsnn eval \(folder.path) measures it; train anew") == true)
        let kept = try TrainingRun(reading: folder, data: Self.data(), threads: 1)
        #expect(try kept.evaluate(repetitions: 1).testAccuracy?.values.count == 1)
    }

    @Test("what only a copy can mend is missing, and says so")
    func damaged() throws {
        try finish(begin())
        let checkpoint = try InputFile.read(folder.checkpointPath)
        var broken = try SafetensorsFile(readingFrom: folder.checkpointPath)
        broken["populations.0.angles"] = Tensor([Float](repeating: .nan, count: 10), shape: [2, 5])
        let other = temporary.path("other")
        try broken.write(to: other)
        let damages: [(content: [UInt8], found: String)] = [
            (Array(checkpoint.dropLast(4)), "the file is cut short"),
            (try InputFile.read(other), "tensor 'populations.0.angles': element [0, 0] is nan"),
        ]
        for (content, text) in damages {
            try AtomicFile.write(content, to: folder.checkpointPath)
            let found = try finding("checkpoint.safetensors")
            #expect(found.status == .missing && found.found.contains(text), "\(found)")
            #expect(found.remedy == "restore the file from a copy, or train anew in another --output")
            #expect(!RunCheck(folder: folder.path).diagnosis.usable)
        }
        try AtomicFile.write(checkpoint, to: folder.checkpointPath)
        #expect(statuses == intact)
        try AtomicFile.write(Array("{\"seed\": ".utf8), to: folder.configurationPath)
        #expect(statuses == ["run ok", "run.json missing"])
        try FileManager.default.removeItem(atPath: folder.configurationPath)
        #expect(statuses == ["run missing"])
        #expect(findings[0].found.hasSuffix("something was trained, but run.json is gone"))
    }

    @Test("a folder without run is none")
    func empty() throws {
        try temporary.write("", as: "run/notes.txt")
        #expect(statuses == ["run missing"])
        #expect(findings[0].found == "\(folder.path) holds no run")
    }
}

struct InstallationCheckTests {
    @Test("the processor is read from the system's description, on Intel's and Arm's layouts")
    func processor() {
        let wide = Processor(
            cpuInformation: """
                processor\t: 0
                model name\t: AMD EPYC  9B14
                flags\t\t: fpu sse4_2 avx2 fma bmi2 avx512f avx512bw avx512cd avx512dq avx512vl
                """)
        #expect(wide.model == "AMD EPYC 9B14")
        #expect(wide.finding.found == "AMD EPYC 9B14 (sse4_2 avx2 fma bmi2 avx512f avx512bw)")
        #expect(
            Processor(cpuInformation: "CPU part\t: 0xd0c\nFeatures\t: fp asimd").finding.found
                == "0xd0c (asimd)")
        #expect(Processor(cpuInformation: "").finding.found == "unknown")
    }

    @Test("little free memory is a warning with a remedy")
    func memory() {
        let small = Memory(memoryInformation: "MemTotal:  8000000 kB\nMemAvailable:  500000 kB\n")
        #expect(small.finding.status == .warning)
        #expect(small.finding.found == "0.5 GB free of 8.1 GB")
        #expect(
            Memory(memoryInformation: "MemTotal: 8000000 kB\nMemAvailable: 900000 kB").finding.status == .ok)
        #expect(Memory(memoryInformation: "").finding.status == .ok)
    }

    @Test("every data set of the catalogue has a finding, and one that is not there says how to get it")
    func dataSets() {
        let findings = InstallationCheck(environment: ["HOME": "/nowhere"]).dataSets
        #expect(findings.map(\.check) == DatasetCatalog.names.map { "data: \($0)" })
        for finding in findings where finding.status != .ok {
            let byHand = [
                "data: usps": "get usps.h5", "data: n-mnist": "get Train.zip",
                "data: spoken-digits": "get the folder recordings/",
                "data: japanese-vowels": "get JapaneseVowels_TRAIN.ts",
                "data: dvs128-gesture": "get DvsGesture.tar.gz", "data: shd": "get shd_train.h5",
                "data: ssc": "get ssc_train.h5", "data: mnist-dvs": "get grabbed_data0.zip",
                "data: mnist-dvs-simulated": "run sqsnn data simulate-dvs",
            ]
            let remedy = byHand.filter { finding.check.hasPrefix($0.key) }.max {
                $0.key.count < $1.key.count
            }?
            .value
            #expect(finding.remedy?.contains(remedy ?? "run sqsnn data fetch") == true)
        }
        let noneIsThere = findings.allSatisfy { $0.status != .ok }
        #expect(findings.contains { $0.status == .missing } == noneIsThere)
    }
}
