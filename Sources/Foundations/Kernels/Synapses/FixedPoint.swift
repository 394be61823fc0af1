import KernelTasks

typealias Shorts = SIMD32<Int16>

/// Numbers of 16 bits of some columns, in registers; see ``FixedPoint`` for the order of the columns.
protocol FixedPart {
    associatedtype Sum: WideSum
    init()
    init(_ row: UnsafePointer<Int16>)
    mutating func add(_ row: UnsafePointer<Int16>)
    func store(_ row: UnsafeMutablePointer<Int16>)
    /// Rounds one row.
    static func round(_ row: UnsafePointer<Float>, scale: Group) -> Self
    /// In 32 bits, columns in their order.
    var widened: Sum { get }
}

/// Sums of 32 bits of the same columns.
protocol WideSum {
    init()
    init(_ sums: UnsafePointer<Int32>)
    mutating func add(_ other: Self)
    func store(_ sums: UnsafeMutablePointer<Int32>)
    /// Writes what the sums stand for.
    func store(_ row: UnsafeMutablePointer<Float>, unit: Group)
}

/// 32 columns, all that a tile of few neurons has.
struct FixedHalf: FixedPart {
    private var pairs = Shorts()

    @inline(__always) init() {}

    @inline(__always) init(_ row: UnsafePointer<Int16>) {
        pairs = UnsafeRawPointer(row).loadUnaligned(as: Shorts.self)
    }

    @inline(__always) mutating func add(_ row: UnsafePointer<Int16>) {
        pairs = pairs &+ UnsafeRawPointer(row).loadUnaligned(as: Shorts.self)
    }

    @inline(__always) func store(_ row: UnsafeMutablePointer<Int16>) {
        UnsafeMutableRawPointer(row).storeBytes(of: pairs, as: Shorts.self)
    }

    @inline(__always) static func round(_ row: UnsafePointer<Float>, scale: Group) -> FixedHalf {
        let low = rounded(Group.load(row) * scale) & Words(repeating: 0xFFFF)
        let high = rounded(Group.load(row + 16) * scale) &<< 16
        var half = FixedHalf()
        half.pairs = unsafeBitCast(low | high, to: Shorts.self)
        return half
    }

    /// The nearest integer, of which the low 16 bits count: adding 1.5·2²³ leaves it in the low bits.
    @inline(__always) private static func rounded(_ numbers: Group) -> Words {
        (numbers + Group(all: 12_582_912)).bitPattern
    }

    @inline(__always) var widened: WideHalf {
        let words = unsafeBitCast(pairs, to: Integers.self)
        return WideHalf(first: (words &<< 16) &>> 16, second: words &>> 16)
    }
}

struct WideHalf: WideSum {
    private var first = Integers()
    private var second = Integers()

    @inline(__always) init() {}

    @inline(__always) init(first: Integers, second: Integers) {
        self.first = first
        self.second = second
    }

    @inline(__always) init(_ sums: UnsafePointer<Int32>) {
        let address = UnsafeRawPointer(sums)
        first = address.loadUnaligned(as: Integers.self)
        second = address.loadUnaligned(fromByteOffset: 64, as: Integers.self)
    }

    @inline(__always) mutating func add(_ other: WideHalf) {
        first = first &+ other.first
        second = second &+ other.second
    }

    @inline(__always) func store(_ sums: UnsafeMutablePointer<Int32>) {
        let address = UnsafeMutableRawPointer(sums)
        address.storeBytes(of: first, as: Integers.self)
        address.storeBytes(of: second, toByteOffset: 64, as: Integers.self)
    }

    @inline(__always) func store(_ row: UnsafeMutablePointer<Float>, unit: Group) {
        (Group(wholes: first) * unit).store(row)
        (Group(wholes: second) * unit).store(row + 16)
    }
}

/// All 64 columns of a tile.
struct FixedTile: FixedPart {
    private var left = FixedHalf()
    private var right = FixedHalf()

    @inline(__always) init() {}

    @inline(__always) init(_ row: UnsafePointer<Int16>) {
        left = FixedHalf(row)
        right = FixedHalf(row + 32)
    }

    @inline(__always) mutating func add(_ row: UnsafePointer<Int16>) {
        left.add(row)
        right.add(row + 32)
    }

    @inline(__always) func store(_ row: UnsafeMutablePointer<Int16>) {
        left.store(row)
        right.store(row + 32)
    }

    @inline(__always) static func round(_ row: UnsafePointer<Float>, scale: Group) -> FixedTile {
        var tile = FixedTile()
        tile.left = FixedHalf.round(row, scale: scale)
        tile.right = FixedHalf.round(row + 32, scale: scale)
        return tile
    }

    @inline(__always) var widened: WideTile { WideTile(left: left.widened, right: right.widened) }
}

struct WideTile: WideSum {
    private var left = WideHalf()
    private var right = WideHalf()

    @inline(__always) init() {}

    @inline(__always) init(left: WideHalf, right: WideHalf) {
        self.left = left
        self.right = right
    }

    @inline(__always) init(_ sums: UnsafePointer<Int32>) {
        left = WideHalf(sums)
        right = WideHalf(sums + 32)
    }

    @inline(__always) mutating func add(_ other: WideTile) {
        left.add(other.left)
        right.add(other.right)
    }

    @inline(__always) func store(_ sums: UnsafeMutablePointer<Int32>) {
        left.store(sums)
        right.store(sums + 32)
    }

    @inline(__always) func store(_ row: UnsafeMutablePointer<Float>, unit: Group) {
        left.store(row, unit: unit)
        right.store(row + 32, unit: unit)
    }
}

extension FixedPart {
    /// Σ of the rows that a part of a list names, at least one.
    @inline(__always)
    static func sum(_ rows: UnsafePointer<Int16>, _ list: UnsafePointer<UInt16>, from first: Int, to end: Int)
        -> Sum
    {
        var total = Sum()
        var position = first
        repeat {
            let stop = min(end, position &+ FixedPoint.termsPerSum)
            var part = Self()
            repeat {
                part.add(rows + Int(list[position]) &* tileWidth)
                position &+= 1
            } while position < stop
            total.add(part.widened)
        } while position < end
        return total
    }
}

extension SIMD16<Float> {
    /// The nearest numbers to whole ones below 2³⁰ in magnitude: the standard library converts lane by lane. Halves of at most 20 bits
    /// are exact, as they are put into the low bits of 1.5·2²³ and 2²³.
    @inline(__always) init(wholes: Integers) {
        let high = (wholes &>> 12) &+ Integers(repeating: 0x4B40_0000)
        let low = (wholes & Integers(repeating: 0xFFF)) | Integers(repeating: 0x4B00_0000)
        let upper = unsafeBitCast(high, to: Self.self) - Self(repeating: 12_582_912)
        let lower = unsafeBitCast(low, to: Self.self) - Self(repeating: 8_388_608)
        self = upper * Self(repeating: 4096) + lower
    }
}

extension CompiledKernels {
    public static func largestSum(_ task: LargestSumTask) -> Float {
        let largest = task.rowsPerGroup == 1 ? largestNumbers(task) : largestSums(task)
        var result: Int32 = 0
        for lane in 0..<16 { result = max(result, largest[lane]) }
        return Float(bitPattern: UInt32(bitPattern: result))
    }

    @inline(__always) private static func largestNumbers(_ task: LargestSumTask) -> Integers {
        var (left, right) = (Integers(), Integers())
        for group in 0..<task.groupCount {
            let row = task.rows + group &* task.groupStride
            left = larger(larger(left, magnitudes(Group.load(row))), magnitudes(Group.load(row + 16)))
            right = larger(larger(right, magnitudes(Group.load(row + 32))), magnitudes(Group.load(row + 48)))
        }
        return larger(left, right)
    }

    @inline(__always) private static func largestSums(_ task: LargestSumTask) -> Integers {
        var largest = Integers()
        for group in 0..<task.groupCount {
            let rows = task.rows + group &* task.groupStride
            for lane in 0..<4 {
                var (positive, negative) = (Group(), Group())
                for row in 0..<task.rowsPerGroup {
                    let numbers = Group.load(rows + row &* tileWidth + 16 &* lane)
                    positive = positive + numbers.positivePart
                    negative = negative + (Group() - numbers).positivePart
                    // What is no number has no positive part.
                    largest = larger(largest, magnitudes(numbers))
                }
                largest = larger(larger(largest, magnitudes(positive)), magnitudes(negative))
            }
        }
        return largest
    }

    /// Magnitudes are ordered as their bits are, and what is no number comes above them.
    @inline(__always) private static func magnitudes(_ numbers: Group) -> Integers {
        unsafeBitCast(numbers, to: Integers.self) & Integers(repeating: .max)
    }

    /// Of numbers that are not negative. By their difference: a comparison is taken apart into lanes here.
    @inline(__always) private static func larger(_ left: Integers, _ right: Integers) -> Integers {
        let difference = right &- left
        return left &+ (difference & ~(difference &>> 31))
    }

    public static func fixRows(_ task: FixedRowsTask) {
        let scale = Group(all: task.scale)
        for row in 0..<task.rowCount {
            FixedTile.round(task.rows + row &* tileWidth, scale: scale).store(task.fixed + row &* tileWidth)
        }
    }

    public static func scaleSums(_ task: FixedSumsTask) {
        let unit = Group(all: task.unit)
        for place in stride(from: 0, to: task.count, by: 16) {
            let address = UnsafeMutableRawPointer(task.sums + place)
            let numbers = Group(wholes: UnsafeRawPointer(address).loadUnaligned(as: Integers.self)) * unit
            address.storeBytes(of: numbers, as: Group.self)
        }
    }

    public static func addRows(_ task: RowAdditionTask<Int16>) {
        if task.neuronCount > 32 {
            addRows(task, FixedTile.self)
        } else {
            addRows(task, FixedHalf.self)
        }
    }

    /// The currents of all steps stay in registers. Patterns are written out one by one: so it is known when this is compiled what each
    /// adds to, and the processor learns of each how many inputs it has.
    @inline(__always)
    private static func addRows<Part: FixedPart>(_ task: RowAdditionTask<Int16>, _: Part.Type) {
        var first = Part.Sum()
        var second = Part.Sum()
        var third = Part.Sum()
        var fourth = Part.Sum()
        var fifth = Part.Sum()
        @inline(__always) func add(_ pattern: Int) {
            let (position, end) = (Int(task.starts[pattern]), Int(task.starts[pattern &+ 1]))
            if position == end { return }
            let sum = Part.sum(task.weights, task.inputs, from: position, to: end)
            if pattern & 1 != 0 { first.add(sum) }
            if pattern & 2 != 0 { second.add(sum) }
            if pattern & 4 != 0 { third.add(sum) }
            if pattern & 8 != 0 { fourth.add(sum) }
            if pattern & 16 != 0 { fifth.add(sum) }
        }
        let (currents, unit) = (task.currents, Group(all: task.unit))
        add(1)
        if task.stepCount > 1 { _ = (add(2), add(3)) }
        if task.stepCount > 2 { _ = (add(4), add(5), add(6), add(7)) }
        if task.stepCount > 3 {
            _ = (add(8), add(9), add(10), add(11))
            _ = (add(12), add(13), add(14), add(15))
        }
        if task.stepCount > 4 {
            _ = (add(16), add(17), add(18), add(19))
            _ = (add(20), add(21), add(22), add(23))
            _ = (add(24), add(25), add(26), add(27))
            _ = (add(28), add(29), add(30), add(31))
            fifth.store(currents + 4 &* tileWidth, unit: unit)
        }
        if task.stepCount > 3 { fourth.store(currents + 3 &* tileWidth, unit: unit) }
        if task.stepCount > 2 { third.store(currents + 2 &* tileWidth, unit: unit) }
        if task.stepCount > 1 { second.store(currents + tileWidth, unit: unit) }
        first.store(currents, unit: unit)
    }

    public static func addErrors(_ task: ErrorAdditionTask<Int16, Int32>) {
        if task.neuronCount > 32 {
            addErrors(task, FixedTile.self)
        } else {
            addErrors(task, FixedHalf.self)
        }
    }

    /// As in single precision. An error row has at most ``FixedPoint/largest`` in magnitude, so the sums of 16 bits hold as for weights.
    @inline(__always)
    private static func addErrors<Part: FixedPart>(_ task: ErrorAdditionTask<Int16, Int32>, _: Part.Type) {
        let patternCount = 1 &<< task.stepCount
        let scale = Group(all: task.scale)
        for sample in 0..<task.sampleCount {
            let errors = task.errors + sample &* task.sampleStride
            let table = task.patternErrors + sample &* patternCount &* tileWidth
            for step in 0..<task.stepCount {
                Part.round(errors + step &* tileWidth, scale: scale).store(table + tileWidth &<< step)
            }
            // Patterns of more than one step.
            var needed = task.needed[sample] & ~0x1_0116
            while needed != 0 {
                let pattern = needed.trailingZeroBitCount
                needed &= needed &- 1
                let rest = pattern & (pattern &- 1)
                var sum = Part(table + rest &* tileWidth)
                sum.add(table + (pattern ^ rest) &* tileWidth)
                sum.store(table + pattern &* tileWidth)
            }
        }
        for input in 0..<task.inputCount {
            let position = Int(task.positions[input])
            let end = Int(task.positions[input &+ 1])
            if position == end { continue }
            let gradient = task.gradient + input &* tileWidth
            var sum = Part.Sum(gradient)
            sum.add(Part.sum(UnsafePointer(task.patternErrors), task.entries, from: position, to: end))
            sum.store(gradient)
        }
    }
}
