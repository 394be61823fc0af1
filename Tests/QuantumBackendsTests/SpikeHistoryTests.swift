import QuantumBackends
import Testing

struct SpikeHistoryTests {
    @Test("a history reads as its text, step by step and channel by channel")
    func text() throws {
        let history = SpikeHistory(patterns: [0b01, 0b10, 0b11], channelCount: 2)
        #expect(history.description == "011011")
        #expect(history == SpikeHistory("011011", stepCount: 3, channelCount: 2))
        #expect(history.pattern(step: 1) == 0b10)
        #expect(!history.fires(step: 0, channel: 0) && history.fires(step: 0, channel: 1))
        #expect(history.prefix(2).description == "0110")
    }

    @Test("the longest history keeps its first and last spike")
    func longest() throws {
        let text = "1" + String(repeating: "0", count: 126) + "1"
        let history = try #require(SpikeHistory(text, stepCount: 128, channelCount: 1))
        #expect(history.description == text)
        #expect(history.fires(step: 0) && history.fires(step: 127) && !history.fires(step: 64))
    }

    @Test(
        "texts of another length or with other digits are no histories",
        arguments: ["01", "0110", "01x", "012"])
    func refused(text: String) {
        #expect(SpikeHistory(text, stepCount: 3, channelCount: 1) == nil)
    }
}
