// The names are C's.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CSQSNN
import Compute
import Dispatch
import Files
import FoundationEssentials
import Glibc
import Synchronization

/// A callback asked to stop.
struct Stopped: Error {}

/// Something about the pointers of a call, which only its caller can mend.
struct CallError: DescribedError {
    let description: String
    var category = ErrorCategory.usage
}

/// Does what a function of the header does, and turns what it throws into a code and a text.
func call(_ body: () throws -> Void) -> Int32 {
    do {
        try body()
        return Int32(SQS_OK)
    } catch is Stopped {
        sqs_set_error("stopped by the callback")
        return Int32(SQS_STOPPED)
    } catch let error as any DescribedError {
        sqs_set_error(error.description)
        return switch error.category {
        case .usage: Int32(SQS_USAGE)
        case .badInput: Int32(SQS_BAD_INPUT)
        case .failure: Int32(SQS_FAILED)
        }
    } catch {
        sqs_set_error("\(error)")
        return Int32(SQS_FAILED)
    }
}

/// Gives an object to the caller, who frees it.
func give(_ object: some AnyObject, _ name: String, to place: UnsafeMutablePointer<OpaquePointer?>?) throws {
    guard let place else {
        throw CallError(description: "\(name): found NULL, expected a place for the result")
    }
    place.pointee = OpaquePointer(Unmanaged.passRetained(object).toOpaque())
}

/// The object behind a caller's pointer.
func object<Object: AnyObject>(_ pointer: OpaquePointer?, _ name: String) throws -> Object {
    guard let pointer else { throw CallError(description: "\(name): found NULL, expected an object") }
    return Unmanaged<Object>.fromOpaque(UnsafeRawPointer(pointer)).takeUnretainedValue()
}

func free<Object: AnyObject>(_ pointer: OpaquePointer?, _ type: Object.Type) {
    guard let pointer else { return }
    Unmanaged<Object>.fromOpaque(UnsafeRawPointer(pointer)).release()
}

/// Gives a text to the caller, who frees it.
func give(_ bytes: [UInt8], to place: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) throws {
    guard let place else { return }
    place.pointee = copy(bytes)
}

/// A text as C has it, to be deallocated.
func copy(_ bytes: some Collection<UInt8>) -> UnsafeMutablePointer<CChar> {
    let text = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
    for (index, byte) in bytes.enumerated() { text[index] = CChar(bitPattern: byte) }
    text[bytes.count] = 0
    return text
}

func text(_ pointer: UnsafePointer<CChar>?, _ name: String) throws -> String {
    guard let pointer else { throw CallError(description: "\(name): found NULL, expected text") }
    guard let text = String(validatingCString: pointer) else {
        throw CallError(description: "\(name): found bytes that are no UTF-8, expected text")
    }
    return text
}

/// What a caller's JSON says.
func decoded<Value: Decodable>(
    _ type: Value.Type, _ pointer: UnsafePointer<CChar>?, _ name: String
) throws -> Value {
    let bytes = Array(try text(pointer, name).utf8)
    do throws(JSONDocument.Problem) {
        return try JSONDocument.decode(type, from: bytes)
    } catch {
        throw CallError(description: "\(name): \(error.text)", category: .badInput)
    }
}

/// How many elements an array has.
func count(_ lengths: Int64..., name: String) throws -> Int {
    let count = lengths.reduce(Count(1)) { $0.times(Int(max($1, 0))) }
    guard lengths.allSatisfy({ $0 >= 0 }), !count.isBeyondRange else {
        throw CallError(description: "\(name): found sizes \(lengths), expected counts")
    }
    return count.value
}

/// A caller's numbers, copied.
func array<Element>(_ pointer: UnsafePointer<Element>?, _ count: Int, name: String) throws -> [Element] {
    guard count > 0 else { return [] }
    guard let pointer else { throw CallError(description: "\(name): found NULL, expected \(count) numbers") }
    return Array(UnsafeBufferPointer(start: pointer, count: count))
}

/// A caller's numbers where they lie, for the time of the call.
func lent<Element>(
    _ pointer: UnsafePointer<Element>?, _ count: Int, _ name: String
) throws -> BufferView<Element> {
    guard pointer != nil || count == 0 else {
        throw CallError(description: "\(name): found NULL, expected \(count) numbers")
    }
    return BufferView(lent: UnsafeBufferPointer(start: pointer, count: count))
}

func lent<Element>(
    _ pointer: UnsafeMutablePointer<Element>?, _ count: Int, _ name: String
) throws -> MutableBufferView<Element> {
    guard pointer != nil || count == 0 else {
        throw CallError(description: "\(name): found NULL, expected room for \(count) numbers")
    }
    return MutableBufferView(lent: UnsafeMutableBufferPointer(start: pointer, count: count))
}

/// What a caller says of threads, 0 for one a core.
func threadCount(_ threads: Int32) throws -> Int {
    guard (0...1024).contains(threads) else {
        throw CallError(description: "threads: found \(threads), expected 0 to 1024")
    }
    return threads == 0 ? ProcessInfo.processInfo.activeProcessorCount : Int(threads)
}

@c @implementation
public func sqs_abi() -> Int32 { SQS_ABI }

// Never written again.
private nonisolated(unsafe) let version = strdup(Software.version)

@c @implementation
public func sqs_version() -> UnsafePointer<CChar>? { UnsafePointer(version) }

@c @implementation
public func sqs_text_free(_ text: UnsafeMutablePointer<CChar>?) { text?.deallocate() }

/// The result of work that waits for others, for a caller who waits for it.
func waiting<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) throws -> Result {
    let (done, box) = (DispatchSemaphore(value: 0), Box<Swift.Result<Result, any Error>>())
    Task.detached {
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await work()) } catch { result = .failure(error) }
        box.value.withLock { $0 = result }
        done.signal()
    }
    done.wait()
    guard let result = box.value.withLock({ $0 }) else { preconditionFailure("the work has signalled") }
    return try result.get()
}

private final class Box<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
}
