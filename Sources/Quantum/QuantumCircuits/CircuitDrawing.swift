/// Wires and symbols on a grid of columns, three lines of text a wire.
struct CircuitDrawing {
    enum Symbol {
        case box(String)
        case control

        var width: Int {
            switch self {
            case .box(let label): label.count + 4
            case .control: 1
            }
        }
    }

    /// A symbol on a wire.
    struct Placement {
        let wire: Int
        let symbol: Symbol
    }

    /// What one wire shows in one column, and whether a line leaves it upward or downward.
    private struct Cell {
        var symbol: Symbol?
        var up = false
        var down = false
    }

    private let names: [String]
    /// What a wire starts in, shown before its first column.
    private let states: [String]
    private var columns: [[Cell]] = []
    /// The first column that is free on each wire.
    private var free: [Int]

    /// - Parameter wires: name and initial state of each wire, top to bottom.
    init(wires: [(name: String, state: String)]) {
        names = Self.padded(wires.map(\.name))
        states = Self.padded(wires.map(\.state))
        free = [Int](repeating: 0, count: wires.count)
    }

    /// Puts symbols into the first column where there is room for all; connected ones are joined by a line,
    /// which takes the wires between as well.
    mutating func append(_ placements: [Placement], connected: Bool) {
        let wires = placements.map(\.wire)
        guard let top = wires.min(), let bottom = wires.max() else { return }
        let taken = connected ? Array(top...bottom) : wires
        let column = taken.map { free[$0] }.max() ?? 0
        while columns.count <= column {
            columns.append([Cell](repeating: Cell(), count: names.count))
        }
        for placement in placements { columns[column][placement.wire].symbol = placement.symbol }
        if connected {
            for wire in top..<bottom {
                columns[column][wire].down = true
                columns[column][wire + 1].up = true
            }
        }
        for wire in taken { free[wire] = column + 1 }
    }

    /// Lets what follows start in one column on all wires.
    mutating func alignWires() {
        free = [Int](repeating: columns.count, count: free.count)
    }

    /// The drawing, folded into pieces of at most `width` characters a line (but at least one column each).
    func text(width: Int) -> String {
        // Before the first column: name, two spaces, state, and a space or the mark of a fold.
        let margin = (names.first?.count ?? 0) + 2 + (states.first?.count ?? 0) + 1
        var pieces: [[[Cell]]] = []
        var used = margin
        for column in columns {
            let needed = 1 + Self.width(of: column)
            // After the last column: the wire's end, and the mark of a fold.
            if pieces.isEmpty || used + needed + 2 > width {
                pieces.append([])
                used = margin
            }
            pieces[pieces.count - 1].append(column)
            used += needed
        }
        return pieces.indices.map { index in
            lines(of: pieces[index], isFirst: index == 0, isLast: index == pieces.count - 1)
                .joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    private func lines(of columns: [[Cell]], isFirst: Bool, isLast: Bool) -> [String] {
        names.indices.flatMap { wire in
            let blank = String(repeating: " ", count: names[wire].count + 2 + states[wire].count + 1)
            let state = isFirst ? states[wire] : String(repeating: " ", count: states[wire].count)
            var lines = [blank, names[wire] + "  " + state + (isFirst ? " " : "«"), blank]
            for column in columns {
                let cell = Self.rendered(column[wire], width: Self.width(of: column))
                lines[0] += " " + cell[0]
                lines[1] += "─" + cell[1]
                lines[2] += " " + cell[2]
            }
            lines[1] += isLast ? "─" : "─»"
            return lines
        }
        .map(Self.withoutTrailingSpaces)
        .filter { !$0.isEmpty }
    }

    private static func width(of column: [Cell]) -> Int {
        column.map { $0.symbol?.width ?? 1 }.max() ?? 1
    }

    /// The three lines of a cell, its symbol centred.
    private static func rendered(_ cell: Cell, width: Int) -> [String] {
        let centre = width / 2
        var lines = [" ", "─", " "].map { [Character](repeating: $0, count: width) }
        if cell.up { lines[0][centre] = "│" }
        if cell.down { lines[2][centre] = "│" }
        switch cell.symbol {
        case .control: lines[1][centre] = "●"
        case nil: if cell.up && cell.down { lines[1][centre] = "┼" }
        case .box(let label):
            let bar = [Character](repeating: "─", count: label.count + 2)
            let start = centre - (bar.count + 2) / 2
            let range = start..<(start + bar.count + 2)
            lines[0].replaceSubrange(range, with: ["┌"] + bar + ["┐"])
            lines[1].replaceSubrange(range, with: Array("┤ \(label) ├"))
            lines[2].replaceSubrange(range, with: ["└"] + bar + ["┘"])
            if cell.up { lines[0][centre] = "┴" }
            if cell.down { lines[2][centre] = "┬" }
        }
        return lines.map { String($0) }
    }

    private static func padded(_ texts: [String]) -> [String] {
        let width = texts.map(\.count).max() ?? 0
        return texts.map { $0 + String(repeating: " ", count: width - $0.count) }
    }

    private static func withoutTrailingSpaces(_ line: String) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return line
    }
}
