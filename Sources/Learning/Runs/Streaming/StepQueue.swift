import Dispatch
import Synchronization

/// What one thread makes and another one takes, in order, at most so many at a time.
final class StepQueue<Element: Sendable>: Sendable {
    /// What is taken.
    enum Taken {
        case element(Element)
        /// There will be no more.
        case end((any Error)?)
        /// Nothing came in time.
        case nothing
    }

    private struct State {
        var elements: [Element] = []
        var end: (any Error)??
    }

    private let state = Mutex(State())
    private let room = DispatchSemaphore(value: 0)
    private let filled = DispatchSemaphore(value: 0)

    /// - Parameter capacity: at least 1.
    init(capacity: Int) {
        // A semaphore must not end with less than it began with.
        for _ in 0..<capacity { room.signal() }
    }

    /// Puts an element behind the others, as soon as there is room.
    func put(_ element: Element) {
        room.wait()
        append(element)
    }

    /// Puts an element behind the others, if there is room.
    ///
    /// - Returns: whether there was.
    func offer(_ element: Element) -> Bool {
        guard room.wait(timeout: .now()) == .success else { return false }
        append(element)
        return true
    }

    /// Says that no more will come, and why if it is an error.
    func end(_ error: (any Error)? = nil) {
        state.withLock { $0.end = .some(error) }
        filled.signal()
    }

    /// Takes the first element.
    ///
    /// - Parameter milliseconds: how long it waits for one.
    func take(within milliseconds: Int) -> Taken {
        guard filled.wait(timeout: .now() + .milliseconds(milliseconds)) == .success else { return .nothing }
        let element = state.withLock { $0.elements.isEmpty ? nil : $0.elements.removeFirst() }
        guard let element else { return .end(state.withLock { $0.end ?? nil }) }
        room.signal()
        return .element(element)
    }

    private func append(_ element: Element) {
        state.withLock { $0.elements.append(element) }
        filled.signal()
    }
}
