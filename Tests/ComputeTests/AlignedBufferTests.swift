import Compute
import Testing

struct AlignedBufferTests {
    @Test("a copy keeps its contents when the original is written to, and the other way round")
    func copyOnWrite() {
        var original = AlignedBuffer<Float>([1, 2, 3])
        var copy = original
        #expect(copy.base == original.base, "copies share storage until one is written to")
        original[1] = 20
        #expect(original.array == [1, 20, 3])
        #expect(copy.array == [1, 2, 3])
        copy.mutableBase()[0] = 10
        #expect(original.array == [1, 20, 3])
        #expect(copy.array == [10, 2, 3])
    }

    @Test("a buffer that is not shared is written to in place")
    func inPlace() {
        var buffer = AlignedBuffer<UInt64>(repeating: 0, count: 9)
        let before = buffer.base
        buffer[8] = 1
        #expect(buffer.mutableBase() == before)
    }

    @Test("elements begin on a cache line", arguments: [0, 1, 3, 16, 17, 1000])
    func alignment(count: Int) {
        let floats = AlignedBuffer<Float>(repeating: 1, count: count)
        let bytes = AlignedBuffer<UInt8>([UInt8](repeating: 2, count: count))
        #expect(Int(bitPattern: floats.base) % 64 == 0)
        #expect(Int(bitPattern: bytes.base) % 64 == 0)
        #expect(floats.array == [Float](repeating: 1, count: count))
        #expect(bytes.withUnsafeBufferPointer { Array($0) } == [UInt8](repeating: 2, count: count))
    }

    @Test("resizing to another size clears the buffer, to the same size keeps it")
    func resizing() {
        var buffer = AlignedBuffer<Float>([1, 2])
        buffer.resize(to: 2)
        #expect(buffer.array == [1, 2])
        buffer.resize(to: 3)
        #expect(buffer.array == [0, 0, 0])
    }

    @Test("buffers are equal when their elements are")
    func equality() {
        #expect(AlignedBuffer<Float>([1, 2]) == AlignedBuffer([1, 2]))
        #expect(AlignedBuffer<Float>([1, 2]) != AlignedBuffer([1, 3]))
        #expect(AlignedBuffer<Float>([1, 2]) != AlignedBuffer([1, 2, 0]))
    }
}
