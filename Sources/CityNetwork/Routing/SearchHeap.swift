/// What waits in a heap: equal keys leave in the order of their values.
struct SearchEntry: Sendable, BitwiseCopyable {
  var key: UInt64
  var value: Int32
  @inline(__always) static func < (a: SearchEntry, b: SearchEntry) -> Bool {
    a.key < b.key || (a.key == b.key && a.value < b.value)
  }
}

/// A heap with four children a node, over memory that belongs to someone else and has room for all
/// that is ever pushed.
struct SearchHeap {
  private let entries: UnsafeMutableBufferPointer<SearchEntry>
  private var count = 0

  init(_ entries: UnsafeMutableBufferPointer<SearchEntry>) { self.entries = entries }

  @inline(__always) mutating func push(key: UInt64, value: Int32) {
    let entry = SearchEntry(key: key, value: value)
    var i = count
    count += 1
    while i > 0 {
      let up = (i - 1) >> 2
      if !(entry < entries[up]) { break }
      entries[i] = entries[up]
      i = up
    }
    entries[i] = entry
  }

  @inline(__always) mutating func popMin() -> Int32? {
    if count == 0 { return nil }
    let top = entries[0].value
    count -= 1
    let last = entries[count]
    var i = 0
    while true {
      let first = 4 * i + 1
      if first >= count { break }
      var least = first
      var k = first + 1
      let end = min(first + 4, count)
      while k < end {
        if entries[k] < entries[least] { least = k }
        k += 1
      }
      if !(entries[least] < last) { break }
      entries[i] = entries[least]
      i = least
    }
    entries[i] = last
    return top
  }
}
