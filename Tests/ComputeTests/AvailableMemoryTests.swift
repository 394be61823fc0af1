import Testing

@testable import Compute

/// The files are as Linux 6 writes them.
struct AvailableMemoryTests {
    private static let machine = [
        "/proc/meminfo": "MemTotal:       16000000 kB\nMemFree:  1 kB\nMemAvailable:    8000000 kB\n",
        "/proc/self/status": "Name:\tsqsnn\nVmSize:\t  500000 kB\nVmData:\t  200000 kB\n",
    ]

    private static func bytes(
        _ files: [String: String], addressSpace: Int? = nil, data: Int? = nil
    ) -> Int? {
        AvailableMemory(.init(addressSpace: addressSpace, data: data)) {
            machine.merging(files) { $1 }[$0]
        }.bytes
    }

    @Test("what the machine has free, less where a limit of the process leaves less")
    func limits() {
        #expect(Self.bytes([:]) == 8_000_000 * 1024)
        #expect(Self.bytes([:], addressSpace: 2_000_000 * 1024) == 1_500_000 * 1024)
        #expect(Self.bytes([:], data: 1_000_000 * 1024) == 800_000 * 1024)
        #expect(Self.bytes([:], addressSpace: 1000, data: 1000) == 0)
        #expect(Self.bytes([:], addressSpace: 64_000_000 * 1024) == 8_000_000 * 1024)
        #expect(AvailableMemory(.init()) { _ in nil }.bytes == nil)
    }

    @Test("control groups count, each above the process's too, without the file pages that can be given back")
    func controlGroups() {
        let second = [
            "/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/b/memory.max": "max\n",
            "/sys/fs/cgroup/a/b/memory.current": "5000\n", "/sys/fs/cgroup/a/memory.max": "900000\n",
            "/sys/fs/cgroup/a/memory.current": "600000\n",
            "/sys/fs/cgroup/a/memory.stat": "anon 1\ninactive_file 200000\n",
        ]
        #expect(Self.bytes(second) == 500_000)
        let first = [
            "/proc/self/cgroup": "5:cpu,cpuacct:/x\n3:memory:/job\n",
            "/sys/fs/cgroup/memory/job/memory.limit_in_bytes": "700000\n",
            "/sys/fs/cgroup/memory/job/memory.usage_in_bytes": "300000\n",
        ]
        #expect(Self.bytes(first) == 400_000)
    }

    @Test("this system tells, and what it does not have is refused with both numbers and the remedy")
    func refusal() throws {
        let available = try #require(ProcessMemory.availableBytes)
        #expect(available > 0)
        try ProcessMemory.require(Count(1000), for: "nothing", remedy: "")
        let error = try #require(throws: MemoryError.self) {
            try ProcessMemory.require(Count(1 << 60), for: "training", remedy: "take a smaller batch")
        }
        #expect(error.category == .failure)
        #expect(error.description.hasPrefix("training needs 1152921504606 MB of memory, "))
        #expect(error.description.hasSuffix(" MB are available; take a smaller batch"))
    }
}
