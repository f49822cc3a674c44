/// Suggestions for misspelt words.
public enum Spelling {
  /// The candidate nearest to a word (the first among equals); nil where none is near enough.
  public static func nearest(to word: String, among candidates: [String]) -> String? {
    var best: String?
    var bestDistance = max(1, word.count / 3) + 1
    for candidate in candidates {
      let d = distance(word, candidate)
      if d < bestDistance {
        bestDistance = d
        best = candidate
      }
    }
    return best
  }

  /// How many single changes (insert, delete, replace, swap neighbours) make one word the other.
  ///
  /// The restricted Damerau-Levenshtein distance; words are cut at 64 characters, because they
  /// may come from a hostile file.
  static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a.unicodeScalars.prefix(64))
    let b = Array(b.unicodeScalars.prefix(64))
    var older = [Int](repeating: 0, count: b.count + 1)
    var old = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      row.reserveCapacity(b.count + 1)
      for j in 0..<b.count {
        var d = min(old[j] + (a[i] == b[j] ? 0 : 1), old[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { d = min(d, older[j - 1] + 1) }
        row.append(d)
      }
      older = old
      old = row
    }
    return old[b.count]
  }
}
