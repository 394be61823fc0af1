import Files
import Synchronization

/// How far long work has come, on standard error, so that standard output stays clean for results.
///
/// On a terminal: one line with a bar, redrawn at most ten times a second. Elsewhere: a plain line at most
/// every ``logInterval``. Both give fraction, count, rate in units a second and time left.
///
///     epoch 2/8  ━━━━━━━━━━──────────  50 %  30,000/60,000 images  21,300 images/s  2 s left  loss 0.41
///
/// May be called from any thread; drawing costs some microseconds ten times a second, the other calls a lock.
public final class ProgressBar: Sendable {
    private struct State {
        var completed: Int
        var note = ""
        var lastDrawn: Duration?
        var isFinished = false
    }

    public let label: String
    public let total: Int
    public let unit: String
    public let logInterval: Duration
    private let initial: Int
    private let terminal: Terminal
    private let elapsed: @Sendable () -> Duration
    private let state: Mutex<State>

    /// - Parameters:
    ///   - label: what is being done, as `epoch 2/8`.
    ///   - total: units of the whole work; 0 when it is not known (a download without a length).
    ///   - unit: plural noun, as `images` or `bytes`.
    ///   - completed: units already done in an earlier run; they do not count in the rate.
    ///   - logInterval: shortest time between two lines when standard error is no terminal.
    public convenience init(
        _ label: String, total: Int, unit: String, completed: Int = 0, logInterval: Duration = .seconds(5),
        terminal: Terminal
    ) {
        let start = ContinuousClock.now
        self.init(
            label, total: total, unit: unit, completed: completed, logInterval: logInterval,
            terminal: terminal,
            elapsed: { ContinuousClock.now - start })
    }

    /// - Parameter elapsed: time since the start, so that a test can decide it.
    init(
        _ label: String, total: Int, unit: String, completed: Int = 0, logInterval: Duration = .seconds(5),
        terminal: Terminal, elapsed: @escaping @Sendable () -> Duration
    ) {
        self.label = label
        self.total = total
        self.unit = unit
        self.logInterval = logInterval
        self.terminal = terminal
        self.elapsed = elapsed
        initial = completed
        state = Mutex(State(completed: completed))
    }

    /// Units done since the beginning, and a short note such as the current loss.
    public func update(completed: Int, note: String? = nil) {
        state.withLock { state in
            state.completed = completed
            if let note { state.note = note }
            draw(&state)
        }
    }

    /// More units done.
    public func advance(by count: Int = 1, note: String? = nil) {
        state.withLock { state in
            state.completed += count
            if let note { state.note = note }
            draw(&state)
        }
    }

    /// Takes the bar off the terminal; what follows starts on a clean line. A log keeps its lines.
    public func finish() {
        state.withLock { state in
            if terminal.isErrorInteractive, state.lastDrawn != nil, !state.isFinished {
                terminal.writeErrorSequence("\r\u{1B}[K")
            }
            state.isFinished = true
        }
    }

    private func draw(_ state: inout State) {
        let now = elapsed()
        let interval = terminal.isErrorInteractive ? .milliseconds(100) : logInterval
        // A log needs no line for work that is over before the first interval.
        let last = state.lastDrawn ?? (terminal.isErrorInteractive ? now - interval : .zero)
        guard !state.isFinished, now - last >= interval else { return }
        state.lastDrawn = now
        if terminal.isErrorInteractive {
            terminal.writeErrorSequence("\r" + barLine(state, after: now) + "\u{1B}[K")
        } else {
            terminal.writeError(label + ": " + facts(state, after: now).map(\.text).joined(separator: ", "))
        }
    }

    /// What fits the terminal: where it is narrow the rate goes first, then half of the bar, then the count.
    private func barLine(_ state: State, after time: Duration) -> String {
        // One column less than there are: a full line would wrap on some terminals.
        let width = terminal.width - 1
        let facts = facts(state, after: time)
        let lines = [
            line(state, barLength: 20, facts), line(state, barLength: 20, facts.filter { $0.kind != .rate }),
            line(state, barLength: 10, facts.filter { $0.kind != .rate }),
            line(state, barLength: 10, facts.filter { $0.kind == .essential }),
        ]
        return lines.first { $0.count <= width } ?? String(lines[3].prefix(width))
    }

    private func line(_ state: State, barLength: Int, _ facts: [Fact]) -> String {
        var parts = [label]
        if total > 0 {
            let filled = min(barLength, max(0, state.completed * barLength / total))
            parts.append(
                String(repeating: "━", count: filled) + String(repeating: "─", count: barLength - filled))
        }
        return (parts + facts.map(\.text)).joined(separator: "  ").visible
    }

    private struct Fact {
        enum Kind { case essential, count, rate }
        let kind: Kind
        let text: String
    }

    private func facts(_ state: State, after time: Duration) -> [Fact] {
        let seconds = time / .seconds(1)
        let rate = seconds > 0 ? Double(state.completed - initial) / seconds : 0
        var facts: [Fact] = []
        if total > 0 {
            facts.append(Fact(kind: .essential, text: "\(state.completed * 100 / total) %"))
            facts.append(Fact(kind: .count, text: "\(grouped(state.completed))/\(grouped(total)) \(unit)"))
        } else {
            facts.append(Fact(kind: .essential, text: "\(grouped(state.completed)) \(unit)"))
        }
        if rate > 0 {
            let text = rate < 10 ? String(printf: "%.1f", rate) : grouped(Int(rate))
            facts.append(Fact(kind: .rate, text: "\(text) \(unit)/s"))
            if total > 0 {
                let left = timeText(Double(total - state.completed) / rate)
                facts.append(Fact(kind: .essential, text: "\(left) left"))
            }
        }
        return state.note.isEmpty ? facts : facts + [Fact(kind: .essential, text: state.note)]
    }
}

/// `60000` as `60,000`.
package func grouped(_ number: Int) -> String {
    var groups: [String] = []
    var rest = number.magnitude
    while rest >= 1000 {
        let digits = String(rest % 1000)
        groups.insert(String(repeating: "0", count: 3 - digits.count) + digits, at: 0)
        rest /= 1000
    }
    return (number < 0 ? "-" : "") + ([String(rest)] + groups).joined(separator: ",")
}
