/// A dense column in memory of its own, for the state that several workers touch in one tick.
///
/// The phases of a tick see to it that no two workers write the same element and that nobody reads
/// what another writes in the same phase; the compiler cannot know that, hence `@unchecked`.
struct RawColumn<Value: BitwiseCopyable>: BitwiseCopyable, @unchecked Sendable {
  let base: UnsafeMutablePointer<Value>
  let count: Int

  init(repeating value: Value, count: Int) {
    base = Self.memory(for: count)
    base.initialize(repeating: value, count: max(1, count))
    self.count = count
  }

  init(_ values: [Value]) {
    count = values.count
    base = Self.memory(for: count)
    _ = UnsafeMutableBufferPointer(start: base, count: count).initialize(from: values)
  }

  private static func memory(for count: Int) -> UnsafeMutablePointer<Value> {
    ColumnMemory.allocate(bytes: max(1, count) * MemoryLayout<Value>.stride)
      .bindMemory(to: Value.self, capacity: max(1, count))
  }

  func free() { base.deallocate() }

  @inline(__always) subscript(i: Int) -> Value {
    get {
      assert(i >= 0 && i < count)
      return base[i]
    }
    nonmutating _modify {
      assert(i >= 0 && i < count)
      yield &base[i]
    }
  }

  @inline(__always) subscript(i: Int32) -> Value {
    get { self[Int(i)] }
    nonmutating _modify { yield &self[Int(i)] }
  }

  /// The values as an array, for checkpoints and reports.
  var array: [Value] { Array(UnsafeBufferPointer(start: base, count: count)) }

  /// Replaces all values; the count must be the same.
  func replace(with values: [Value]) {
    precondition(values.count == count)
    for i in 0..<count { base[i] = values[i] }
  }
}
