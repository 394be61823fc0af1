import Diagnostics
import Foundation
import SpikeDatasets
import SpikeLearning
import Testing

@testable import Health

struct RunCheckTests {
    let folder: String

    /// A run as `sqsnn train` leaves it: configuration, one line an epoch, checkpoint.
    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "sqsnn-run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        folder = url.path
        try write("{\"seed\": 1}", "run.json")
        try write("{\"epoch\": 1}\n{\"epoch\": 2}\n", "metrics.jsonl")
        try SafetensorsFile(["w": Tensor([Float(1), 2])]).write(to: folder + "/checkpoint.safetensors")
    }

    private func write(_ text: String, _ name: String) throws {
        try AtomicFile.write(Array(text.utf8), to: "\(folder)/\(name)")
    }

    private func statuses() -> [String] {
        RunCheck(folder: folder).diagnosis.findings.map { "\($0.check) \($0.status)" }
    }

    @Test("an intact run is usable, and the report counts what is there")
    func intact() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let diagnosis = RunCheck(folder: folder).diagnosis
        #expect(diagnosis.usable)
        #expect(
            diagnosis.findings.dropFirst().map(\.found) == [
                "11 bytes of JSON", "2 lines", "1 tensors, 2 numbers",
            ])
    }

    @Test("each damage is found in its file, with a remedy")
    func damaged() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try write("{\"seed\": ", "run.json")
        try write("{\"epoch\": 1}\n{\"epo", "metrics.jsonl")
        let checkpoint = try Data(contentsOf: URL(filePath: folder + "/checkpoint.safetensors"))
        try AtomicFile.write(Array(checkpoint.dropLast(4)), to: folder + "/checkpoint.safetensors")
        try write("", ".checkpoint.safetensors.7.partial")
        let diagnosis = RunCheck(folder: folder).diagnosis
        #expect(!diagnosis.usable)
        #expect(
            statuses() == [
                "run ok", "run.json missing", "metrics.jsonl missing", "checkpoint.safetensors missing",
                "leftover warning",
            ])
        #expect(diagnosis.findings[2].found == "line 2 is no JSON object")
        #expect(diagnosis.findings[3].found.contains("found 4 bytes, expected 8 of numbers"))
        #expect(diagnosis.findings.allSatisfy { $0.status == .ok || $0.remedy != nil })
    }

    @Test("an empty folder misses everything")
    func empty() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for name in ["run.json", "metrics.jsonl", "checkpoint.safetensors"] {
            try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
        #expect(
            statuses() == [
                "run ok", "run.json missing", "metrics.jsonl missing", "checkpoint.safetensors missing",
            ])
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
            let remedy = finding.check.hasPrefix("data: usps") ? "get usps.h5" : "run sqsnn data fetch"
            #expect(finding.remedy?.contains(remedy) == true)
        }
        let noneIsThere = findings.allSatisfy { $0.status != .ok }
        #expect(findings.contains { $0.status == .missing } == noneIsThere)
    }
}
