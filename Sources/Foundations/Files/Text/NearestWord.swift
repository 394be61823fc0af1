/// The candidate that a misspelt word most likely means, if one is close enough.
package func nearestWord(to word: String, among candidates: [String]) -> String? {
    // Nobody's slip of the pen is longer, and the distance takes time with the product of the lengths.
    guard word.utf8.count <= 200 else { return nil }
    let tolerance = max(1, word.count / 3)
    let ranked = candidates.map { (word: $0, distance: editDistance(word, $0)) }
    let prefixed = candidates.filter { !word.isEmpty && $0.hasPrefix(word) }
    if let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= tolerance {
        return best.word
    }
    return prefixed.count == 1 ? prefixed.first : nil
}

/// The nearest word as messages say it after what was expected; empty where none is near.
package func spellingHint(_ word: String, among candidates: [String]) -> String {
    nearestWord(to: word, among: candidates).map { " (did you mean '\($0)'?)" } ?? ""
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other
/// (optimal string alignment).
package func editDistance(_ first: String, _ second: String) -> Int {
    let source = Array(first.unicodeScalars)
    let target = Array(second.unicodeScalars)
    var beforeLast: [Int] = []
    var last = Array(0...target.count)
    for row in source.indices {
        var current = [row + 1]
        for column in target.indices {
            var distance = min(
                last[column] + (source[row] == target[column] ? 0 : 1), last[column + 1] + 1,
                current[column] + 1)
            if row > 0, column > 0, source[row] == target[column - 1], source[row - 1] == target[column] {
                distance = min(distance, beforeLast[column - 1] + 1)
            }
            current.append(distance)
        }
        (beforeLast, last) = (last, current)
    }
    return last[target.count]
}
