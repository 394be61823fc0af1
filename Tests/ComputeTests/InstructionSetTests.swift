import Compute
import Testing

struct InstructionSetTests {
    @Test("the level in use is one that this CPU has, under its psABI name")
    func current() {
        #expect(InstructionSet.current <= InstructionSet.best)
        #if arch(x86_64)
            #expect(InstructionSet.v2.name == "x86-64-v2")
            #expect(InstructionSet.v3.name == "x86-64-v3")
            #expect(InstructionSet.v4.name == "x86-64-v4")
        #endif
    }

    @Test("levels are ordered from narrow to wide")
    func order() { #expect(InstructionSet.allCases.sorted() == [.v2, .v3, .v4]) }
}
