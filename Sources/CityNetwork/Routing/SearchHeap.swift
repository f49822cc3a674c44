/// A heap with four children a node; equal keys leave in the order of their values.
struct SearchHeap: Sendable {
  struct Entry: Sendable {
    var key: UInt64
    var value: Int32
    @inline(__always) static func < (a: Entry, b: Entry) -> Bool {
      a.key < b.key || (a.key == b.key && a.value < b.value)
    }
  }
  private var entries: [Entry] = []

  mutating func removeAll() { entries.removeAll(keepingCapacity: true) }

  @inline(__always) mutating func push(key: UInt64, value: Int32) {
    let entry = Entry(key: key, value: value)
    entries.append(entry)
    entries.withUnsafeMutableBufferPointer { e in
      var i = e.count - 1
      while i > 0 {
        let up = (i - 1) >> 2
        if !(entry < e[up]) { break }
        e[i] = e[up]
        i = up
      }
      e[i] = entry
    }
  }

  @inline(__always) mutating func popMin() -> Int32? {
    guard let top = entries.first, let last = entries.popLast() else { return nil }
    if entries.isEmpty { return top.value }
    entries.withUnsafeMutableBufferPointer { e in
      var i = 0
      while true {
        let first = 4 * i + 1
        if first >= e.count { break }
        var least = first
        let end = min(first + 4, e.count)
        var k = first + 1
        while k < end {
          if e[k] < e[least] { least = k }
          k += 1
        }
        if !(e[least] < last) { break }
        e[i] = e[least]
        i = least
      }
      e[i] = last
    }
    return top.value
  }
}
