// The names are C's.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CSQSNN
import Campaigns
import Files
import NeuronAnalysis
import Neurons
import QuantumCircuits

@c @implementation
public func sqs_neuron_trace(
    _ cases: UnsafePointer<CChar>?, _ results: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
    call {
        let trace = try NeuronTrace.decode(Array(text(cases, "cases").utf8), path: "cases")
        try give(JSONDocument.encode(trace.run(path: "cases")), to: results)
    }
}

@c @implementation
public func sqs_neuron_memory(
    _ circuit: UnsafePointer<CChar>?, _ report: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
    call {
        let name = try text(circuit, "circuit")
        let isGateList = name.first { !$0.isWhitespace } == "{"
        let ansatz = try isGateList ? Ansatz.gateList(name.utf8, path: "circuit") : Ansatz.named(name)
        try give(JSONDocument.encode(MemoryAnalysis().report(for: ansatz.circuit())), to: report)
    }
}

@c @implementation
public func sqs_campaign_summary(
    _ folder: UnsafePointer<CChar>?, _ summary: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
    call {
        try give(JSONDocument.encode(CampaignSummary(reading: text(folder, "folder"))), to: summary)
    }
}
