import Files
import Synchronization
import Testing

@testable import CommandParsing

/// The clock is set by hand; expected rates and times follow from it.
struct ProgressBarTests {
    final class Clock: Sendable {
        let time = Mutex(Duration.zero)
        func set(_ seconds: Double) { time.withLock { $0 = .seconds(seconds) } }
        var reading: @Sendable () -> Duration { { self.time.withLock { $0 } } }
    }

    @Test("in a log there is at most one plain line an interval, with fraction, rate and time left")
    func log() {
        let recording = Recording()
        let clock = Clock()
        let bar = ProgressBar(
            "epoch 1/2", total: 60_000, unit: "images", terminal: recording.terminal(), elapsed: clock.reading
        )
        for second in 0...12 {
            clock.set(Double(second))
            bar.update(completed: second * 2500, note: second < 8 ? nil : "loss 0.41")
        }
        bar.finish()
        #expect(
            recording.error.withLock { $0 } == """
                epoch 1/2: 20 %, 12,500/60,000 images, 2,500 images/s, 19 s left
                epoch 1/2: 41 %, 25,000/60,000 images, 2,500 images/s, 14 s left, loss 0.41

                """)
        #expect(recording.output.withLock { $0 } == "")
    }

    @Test(
        "where a line is too narrow for all, rate and bar give way, and the loss stays",
        arguments: [80, 60, 40])
    func narrow(width: Int) {
        let recording = Recording()
        let clock = Clock()
        let bar = ProgressBar(
            "epoch 2/16", total: 60_000, unit: "images",
            terminal: recording.terminal(isErrorInteractive: true, width: width), elapsed: clock.reading)
        clock.set(2)
        bar.update(completed: 30_000, note: "loss 0.412")
        let expected = [
            80: "epoch 2/16  ━━━━━─────  50 %  30,000/60,000 images  2 s left  loss 0.412",
            60: "epoch 2/16  ━━━━━─────  50 %  2 s left  loss 0.412",
            40: "epoch 2/16  ━━━━━─────  50 %  2 s left",
        ]
        let line = recording.error.withLock { $0 }.replacing("\r", with: "").replacing("\u{1B}[K", with: "")
        #expect(line.count < width)
        #expect(line.hasPrefix(String(expected[width, default: ""].prefix(width - 1))), "\(line)")
    }

    @Test("work shorter than the interval writes nothing into a log")
    func shortWork() {
        let recording = Recording()
        let clock = Clock()
        let bar = ProgressBar(
            "x", total: 2, unit: "files", terminal: recording.terminal(), elapsed: clock.reading)
        clock.set(4.9)
        bar.advance(by: 2)
        bar.finish()
        #expect(recording.error.withLock { $0 } == "")
    }

    @Test("on a terminal the line is redrawn in place at most ten times a second, and taken away at the end")
    func terminal() {
        let recording = Recording()
        let clock = Clock()
        let bar = ProgressBar(
            "fetch", total: 200, unit: "bytes", completed: 100,
            terminal: recording.terminal(isErrorInteractive: true, width: 72), elapsed: clock.reading)
        bar.update(completed: 100)
        clock.set(0.05)
        bar.update(completed: 110)
        clock.set(10)
        bar.update(completed: 150)
        bar.finish()
        bar.finish()
        let lines = recording.error.withLock { $0 }.split(separator: "\r").map(String.init)
        #expect(
            lines == [
                "fetch  ━━━━━━━━━━──────────  50 %  100/200 bytes\u{1B}[K",
                // 50 bytes of this run in 10 s; the width of 72 has no room for the rate.
                "fetch  ━━━━━━━━━━━━━━━─────  75 %  150/200 bytes  10 s left\u{1B}[K",
                "\u{1B}[K",
            ])
    }

    @Test("an unknown total has no fraction and no time left")
    func unknownTotal() {
        let recording = Recording()
        let clock = Clock()
        let bar = ProgressBar(
            "fetch", total: 0, unit: "bytes", terminal: recording.terminal(), elapsed: clock.reading)
        clock.set(5)
        bar.update(completed: 5_000_000)
        #expect(recording.error.withLock { $0 } == "fetch: 5,000,000 bytes, 1,000,000 bytes/s\n")
    }

    @Test("times are told in the two largest units")
    func times() {
        #expect(timeText(0) == "0 s")
        #expect(timeText(59.2) == "1 min 0 s")
        #expect(timeText(7500) == "2 h 5 min")
        #expect(timeText(.infinity) == "277777 h 46 min")
        #expect(grouped(-1_000_007) == "-1,000,007")
        #expect(grouped(999) == "999")
    }
}
