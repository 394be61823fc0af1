#if HDF5
    import CHDF5Child
    import Files
    import Glibc
    import Synchronization

    /// A process of its own in which HDF5's library reads a file or makes one; it ends with this object.
    ///
    /// Nothing that it says is trusted: a reply has the size that was asked for, or one below a limit.
    final class HDF5Child: Sendable {
        struct Request {
            var operation: hdf5_operation
            var kind: UInt32 = 0
            var first = 0
            var count = 0
            var name = ""
            var type = ""
            var dimensions: [Int] = []
            var chunk: [Int] = []
            var payload: [UInt8] = []
        }

        struct Reply {
            let status: hdf5_status
            let bytes: [UInt8]
        }

        private struct State {
            let channel: Int32
            let process: pid_t
            /// How the process came to its end.
            var fault: ArrayFault?
        }

        private let state: Mutex<State>

        /// Starts the process, and waits until it has opened the file.
        ///
        /// - Parameters:
        ///   - file: a descriptor that the process gets a copy of; -1 for a file to be made.
        ///   - path: for messages.
        /// - Throws: ``HDF5Error``.
        init(file: Int32, path: String, limits: HDF5Limits) throws(HDF5Error) {
            var channel: Int32 = -1
            let process = hdf5_start(
                file, hdf5_limits(memory: UInt64(limits.memory), seconds: UInt64(limits.seconds)), &channel)
            guard process >= 0 else {
                throw .notStarted(path: path, reason: String(cString: strerror(errno)))
            }
            state = Mutex(State(channel: channel, process: process))
            do throws(ArrayFault) {
                let reply = try state.withLock { state throws(ArrayFault) in
                    try Self.reply(&state, largest: 0)
                }
                guard reply.status == HDF5_DONE else { throw .unreadable(reason: Self.message(reply)) }
            } catch {
                throw .damaged(path: path, name: HDF5Error.wholeFile, error)
            }
        }

        deinit {
            state.withLock { state in
                if state.fault == nil {
                    kill(state.process, SIGKILL)
                    _ = Self.wait(for: state.process)
                }
                close(state.channel)
            }
        }

        /// - Parameter largest: bytes of the reply at most; messages have a limit of their own.
        /// - Throws: ``ArrayFault/unreadable(reason:)`` in the library's words, ``ArrayFault/libraryEnded(how:)``.
        func ask(_ request: Request, largest: Int) throws(ArrayFault) -> Reply {
            let reply = try state.withLock { state throws(ArrayFault) in
                if let fault = state.fault { throw fault }
                let sizes = request.dimensions.map { UInt64($0) }
                let chunk = request.chunk.map { UInt64($0) }
                let result = hdf5_ask(
                    state.channel, request.operation.rawValue, request.kind, Int64(request.first),
                    UInt64(request.count), request.name, request.type, sizes.count, sizes,
                    chunk.isEmpty ? nil : chunk, request.payload, UInt64(request.payload.count))
                if result > 0 { throw .unreadable(reason: "a name or a shape that is longer than can be") }
                // Where the process is gone, this says how.
                return try Self.reply(&state, largest: largest)
            }
            if reply.status == HDF5_FAILED { throw .unreadable(reason: Self.message(reply)) }
            return reply
        }

        private static func reply(_ state: inout State, largest: Int) throws(ArrayFault) -> Reply {
            var head = hdf5_reply()
            let known = [HDF5_DONE, HDF5_FAILED, HDF5_ABSENT, HDF5_PACKED, HDF5_ELSEWHERE]
            if hdf5_receive(state.channel, &head, MemoryLayout<hdf5_reply>.size) == 0 {
                let limit = head.status == HDF5_DONE.rawValue ? largest : messageLimit
                if let status = known.first(where: { UInt64($0.rawValue) == head.status }),
                    let size = Int(exactly: head.size), size <= limit
                {
                    var bytes = [UInt8](repeating: 0, count: size)
                    if hdf5_receive(state.channel, &bytes, size) == 0 {
                        return Reply(status: status, bytes: bytes)
                    }
                }
            }
            // It is gone, or what it says makes no sense.
            kill(state.process, SIGKILL)
            let fault = ArrayFault.libraryEnded(how: wait(for: state.process))
            state.fault = fault
            throw fault
        }

        /// Bytes of a reply that says that something is wrong.
        private static let messageLimit = 1 << 20

        static func message(_ reply: Reply) -> String { String(decoding: reply.bytes, as: UTF8.self) }

        /// How the process ended, in words that follow "HDF5's library".
        private static func wait(for process: pid_t) -> String {
            var status: Int32 = 0
            while waitpid(process, &status, 0) < 0 {
                // A caller that ignores its children is not told.
                guard errno == EINTR else { return "came to an end" }
            }
            let signal = status & 0x7F
            switch signal {
            case 0: return "ended by itself"
            case SIGXCPU: return "took too long"
            case SIGKILL: return "was ended from outside, or answered what makes no sense"
            default: return "crashed (\(String(cString: strsignal(signal))))"
            }
        }
    }
#endif

/// What the process of the library may take.
package struct HDF5Limits: Sendable, Hashable {
    /// Bytes beyond what the caller has.
    package var memory: Int
    /// Seconds of the processor, for each request.
    package var seconds: Int

    package init(memory: Int = 1 << 30, seconds: Int = 20) { (self.memory, self.seconds) = (memory, seconds) }
}
