import EventRecordings

/// In which orders the parts of a recording are played, each order a class of its own: what tells them apart is not in any part, but in
/// what came before.
enum PlaybackOrder: Hashable {
    /// As it was recorded, and backward: an event at the beginning comes at the end.
    case direction
    /// Its three thirds, which are the three saccades of N-MNIST, in all orders.
    case thirds

    /// One name an order.
    var classNames: [String] {
        switch self {
        case .direction: ["forward", "backward"]
        case .thirds: Self.permutations.map { $0.map { "\($0 + 1)" }.joined() }
        }
    }

    private static let permutations = [
        [0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0],
    ]

    /// The events of a recording, which are in the order of time, in one of the orders.
    ///
    /// - Parameter label: index in ``classNames``.
    func played(_ events: [Event], as label: Int) -> [Event] {
        guard label > 0, let first = events.first?.time, let last = events.last?.time else { return events }
        switch self {
        case .direction:
            return events.reversed().map { event in
                var event = event
                event.time = first + last - event.time
                return event
            }
        case .thirds:
            // The last event is in the last third.
            let duration = last - first + 1
            func third(_ time: Int64) -> Int { Int((time - first) * 3 / duration) }
            func start(_ third: Int) -> Int64 { first + (Int64(third) * duration + 2) / 3 }
            return Self.permutations[label].enumerated().flatMap { place, part in
                events.filter { third($0.time) == part }.map { event in
                    var event = event
                    event.time += start(place) - start(part)
                    return event
                }
            }
        }
    }
}
