import CSQLite
import CZlib
import Compute
import EventRecordings
import Figures
import Files
import FoundationEssentials
import Glibc
import HDF5Files
import LinearAlgebra
import Ranks
import Reports
import SpikeDatasets

/// Looks at the machine and at what the software needs of it.
public struct InstallationCheck: Sendable {
    let environment: [String: String]
    let folder: String
    let processor: Processor
    let memory: Memory

    /// - Parameters:
    ///   - environment: variables of the process, for `PATH` and `SQSNN_DATA`.
    ///   - folder: the folder in which runs would be written.
    public init(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        folder: String = FileManager.default.currentDirectoryPath
    ) {
        self.environment = environment
        self.folder = folder
        processor = Processor(cpuInformation: systemText("/proc/cpuinfo"))
        memory = Memory(memoryInformation: systemText("/proc/meminfo"))
    }

    public var diagnosis: Diagnosis {
        Diagnosis(
            [
                Finding("package", .ok, "\(Software.name) \(Software.version)"),
                toolchain, processor.finding, instructionSet,
                Finding("cores", .ok, "\(ProcessInfo.processInfo.activeProcessorCount)"),
                memory.finding,
                Finding("zlib", .ok, String(cString: zlibVersion())),
                Finding("LAPACK", .ok, LinearAlgebraLibrary.decompositions),
                Finding("OpenBLAS", .ok, LinearAlgebraLibrary.products),
                Finding("libcrypto", .ok, SHA256Digest.libraryVersion),
                HTTPTransfer.libraryVersion.map { Finding("libcurl", .ok, $0) }
                    ?? Finding(
                        "libcurl", .warning, "this program was built without the package trait Downloads"),
                MPIRanks.libraryVersion.map { Finding("MPI", .ok, $0) }
                    ?? Finding("MPI", .ok, "none: built without the package trait MPI, one process trains"),
                Finding("SQLite", .ok, String(cString: sqlite3_libversion())),
                hdf5, packets,
                finding(Gnuplot.program, option: "--version", without: "no figures"),
                finding(Graphviz.program, option: "-V", without: "no pictures of networks"), charts, bridge,
            ] + dataSets + [currentFolder])
    }

    /// Needed to build, not to run.
    private var toolchain: Finding {
        let remedy =
            "install Swift 6.2 or newer (https://www.swift.org/install) and put it on the search path"
        guard let program = SystemProgram(named: "swift", searchPath: environment["PATH"] ?? ""),
            let result = try? program.run(["--version"], timeLimit: .seconds(20)), result.status == 0,
            let line = result.output.split(separator: "\n").first(where: { $0.contains("Swift version") })
        else {
            return Finding(
                "toolchain", .warning, "no swift on the search path; needed only to build", remedy: remedy)
        }
        return Finding("toolchain", .ok, line.trimmed)
    }

    /// The level at which the hot loops run.
    private var instructionSet: Finding {
        let (current, best) = (InstructionSet.current, InstructionSet.best)
        return current == best
            ? Finding("instruction set", .ok, current.name)
            : Finding(
                "instruction set", .warning, "\(current.name), though the processor has \(best.name)",
                remedy: "unset the environment variable SQSNN_CPU")
    }

    /// The library that reads USPS, SHD and SSC, asked in a process of its own, and whether it can unpack compressed arrays.
    private var hdf5: Finding {
        do throws(HDF5Error) {
            let (version, hasDeflate) = try HDF5Library.version()
            return hasDeflate
                ? Finding("HDF5", .ok, version)
                : Finding(
                    "HDF5", .warning, "\(version) without deflate; compressed files cannot be read",
                    remedy: "apt-get install libhdf5-dev, and build anew")
        } catch {
            if case .builtWithout = error {
                return Finding(
                    "HDF5", .warning, "not built in; USPS, SHD, SSC and other HDF5 files cannot be read",
                    remedy: "build with the package trait HDF5, which is on by default")
            }
            return Finding(
                "HDF5", .warning, "\(error)", remedy: "apt-get install libhdf5-dev, and build anew")
        }
    }

    /// The libraries that read compressed packets of AEDAT 4.
    private var packets: Finding {
        guard let versions = PacketLibraries.versions else {
            return Finding(
                "AEDAT 4", .warning, "LZ4 and Zstandard not built in; compressed packets cannot be read",
                remedy: "build with the package trait AEDAT4, which is on by default")
        }
        return Finding("AEDAT 4", .ok, "LZ4 \(versions.lz4), Zstandard \(versions.zstandard)")
    }

    /// What the curves of reports are drawn by.
    private var charts: Finding {
        do throws(ReportError) {
            return Finding("dygraphs", .ok, try ChartLibrary().version)
        } catch {
            return Finding(
                "dygraphs", .warning, "not found; no reports with curves", remedy: ChartLibrary.remedy)
        }
    }

    private func finding(_ program: DrawingProgram, option: String, without loss: String) -> Finding {
        guard let version = program.version(option: option, searchPath: environment["PATH"] ?? "") else {
            return Finding(program.name, .warning, "not found; \(loss)", remedy: program.remedy)
        }
        return Finding(program.name, .ok, version)
    }

    private var currentFolder: Finding {
        access(folder, W_OK | X_OK) == 0
            ? Finding("folder", .ok, "\(folder) is writable")
            : Finding(
                "folder", .warning, "\(folder) is not writable (\(String(cString: strerror(errno))))",
                remedy: "change to a folder that is, or pass --output")
    }
}

/// A file of the system as text; empty when there is none.
func systemText(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
}
