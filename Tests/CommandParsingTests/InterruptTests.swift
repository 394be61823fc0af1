import Glibc
import Testing

@testable import CommandParsing

/// Signals belong to the whole process, so each test has one of its own.
struct InterruptTests {
    @Test("the first signal raises the flag and lets the work finish")
    func first() async {
        await #expect(processExitsWith: .exitCode(7)) {
            let wasRequestedBefore = Interrupt.isRequested
            await Interrupt.whileListening { sendToThisProcess(SIGINT) }
            exit(!wasRequestedBefore && Interrupt.isRequested && Interrupt.signal == SIGINT ? 7 : 1)
        }
    }

    @Test("the second signal ends the process at once with 128 plus its number")
    func second() async {
        await #expect(processExitsWith: .exitCode(130)) {
            await Interrupt.whileListening {
                sendToThisProcess(SIGTERM)
                kill(getpid(), SIGINT)
                sleep(20)
            }
        }
    }

    @Test("a command that stopped early ends with the code of the signal")
    func exitCode() async {
        await #expect(processExitsWith: .exitCode(143)) {
            let status = await runMain(
                root: SampleInterrupted.self, version: "", words: [], terminal: Recording().terminal())
            exit(status)
        }
    }

    @Test("outside of the work that listens, a signal acts as usual")
    func afterwards() async {
        await #expect(processExitsWith: .signal(SIGTERM)) {
            await Interrupt.whileListening {}
            kill(getpid(), SIGTERM)
            sleep(20)
        }
    }
}

/// Sends a signal and waits until some thread has taken it, at most ten seconds.
private func sendToThisProcess(_ signal: Int32) {
    kill(getpid(), signal)
    for _ in 0..<1000 where !Interrupt.isRequested { usleep(10_000) }
}

/// Is told to stop while it works, and stops.
struct SampleInterrupted: Command {
    static let description = CommandDescription(name: "work", summary: "Work.")
    init(_ arguments: ParsedArguments) throws {}
    func run(_ terminal: Terminal) async throws {
        await Interrupt.whileListening { sendToThisProcess(SIGTERM) }
    }
}
