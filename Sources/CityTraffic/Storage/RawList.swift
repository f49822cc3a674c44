/// A growing list in memory of its own, for what a worker collects in a phase.
///
/// Unlike an array in a class it is changed without checks for exclusive access and without
/// counting references; the phases of a tick see to it that one worker at a time uses it.
struct RawList<Element: BitwiseCopyable>: BitwiseCopyable, @unchecked Sendable {
  private struct Header: BitwiseCopyable {
    var base: UnsafeMutablePointer<Element>
    var count: Int
    var capacity: Int
  }

  private let header: UnsafeMutablePointer<Header>

  init() {
    header = .allocate(capacity: 1)
    header.initialize(to: Header(base: .allocate(capacity: 16), count: 0, capacity: 16))
  }

  func free() {
    header.pointee.base.deallocate()
    header.deallocate()
  }

  @inline(__always) var count: Int { header.pointee.count }
  @inline(__always) var isEmpty: Bool { header.pointee.count == 0 }

  @inline(__always) subscript(i: Int) -> Element {
    get {
      assert(i >= 0 && i < count)
      return header.pointee.base[i]
    }
    nonmutating set {
      assert(i >= 0 && i < count)
      header.pointee.base[i] = newValue
    }
  }

  /// Where an element lies, until the list grows.
  @inline(__always) func place(of i: Int) -> UnsafeMutablePointer<Element> {
    assert(i >= 0 && i < count)
    return header.pointee.base + i
  }

  @inline(__always) func append(_ element: Element) {
    let n = header.pointee.count
    if n == header.pointee.capacity { grow() }
    header.pointee.base[n] = element
    header.pointee.count = n + 1
  }

  /// Makes room for so many elements in all, so that none is moved while they come.
  func makeRoom(for count: Int) {
    if count > header.pointee.capacity { grow(to: count) }
  }

  /// Makes room for some elements more; gives the place of the first, to be written by the caller.
  @inline(__always) func reserve(_ more: Int) -> UnsafeMutablePointer<Element> {
    while header.pointee.count + more > header.pointee.capacity { grow() }
    return header.pointee.base + header.pointee.count
  }

  /// Takes in what was written up to here.
  @inline(__always) func grew(to end: UnsafeMutablePointer<Element>) {
    header.pointee.count = end - header.pointee.base
  }

  @inline(__always) func removeAll() { header.pointee.count = 0 }
  /// Forgets all but the first `count` elements.
  func truncate(to count: Int) {
    assert(count <= header.pointee.count)
    header.pointee.count = count
  }

  private func grow() { grow(to: header.pointee.capacity * 2) }

  private func grow(to capacity: Int) {
    let old = header.pointee
    let base = ColumnMemory.allocate(bytes: capacity * MemoryLayout<Element>.stride)
      .bindMemory(to: Element.self, capacity: capacity)
    base.initialize(from: old.base, count: old.count)
    old.base.deallocate()
    header.pointee.base = base
    header.pointee.capacity = capacity
  }

  /// The elements and some places behind them, for which `reserve` has made room.
  @inline(__always) func elements(andBehind more: Int) -> UnsafeMutableBufferPointer<Element> {
    assert(header.pointee.count + more <= header.pointee.capacity)
    return UnsafeMutableBufferPointer(
      start: header.pointee.base, count: header.pointee.count + more)
  }

  /// The elements, valid until the next change.
  @inline(__always) var elements: UnsafeMutableBufferPointer<Element> {
    UnsafeMutableBufferPointer(start: header.pointee.base, count: header.pointee.count)
  }
}
