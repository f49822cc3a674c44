/// What a file has that is not taken over, counted by what it is.
struct Untaken {
  struct Entry {
    var count: Int
    /// Why, or what is done instead.
    var reason: String
    /// The first one there was.
    var example: String
  }

  private(set) var entries: [String: Entry] = [:]

  /// Counts one thing.
  mutating func add(_ what: String, _ reason: String, example: String = "", count: Int = 1) {
    if entries[what] != nil {
      entries[what]?.count += count
    } else {
      entries[what] = Entry(count: count, reason: reason, example: example)
    }
  }

  func count(of what: String) -> Int { entries[what]?.count ?? 0 }
  var isEmpty: Bool { entries.isEmpty }

  /// A line each, by name.
  var lines: [String] {
    entries.sorted { $0.key < $1.key }.map { what, entry in
      let example = entry.example.isEmpty ? "" : " (first: \(entry.example))"
      return "\(what): \(entry.count), \(entry.reason)\(example)"
    }
  }
}
