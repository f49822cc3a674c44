/// The size of a record, known to the compiler so that no place costs a multiplication.
protocol RecordLayout {
  /// Bytes from one record to the next.
  static var stride: Int { get }
}

/// One field of a table of records: read and written like a column, stored like a record.
///
/// Everything the tick asks of one lane, or of one vehicle, lies in one cache line; with a column of
/// its own for every field a nearly empty lane would touch a dozen lines for one vehicle.
struct StridedColumn<Record: RecordLayout, Value: BitwiseCopyable>:
  BitwiseCopyable, @unchecked Sendable
{
  private let start: UnsafeMutableRawPointer
  let count: Int

  /// The field at a byte offset of the records of a block; sets it to a value in all of them.
  init(_ block: RecordBlock<Record>, offset: Int, repeating value: Value) {
    precondition(offset % MemoryLayout<Value>.alignment == 0)
    precondition(offset + MemoryLayout<Value>.size <= Record.stride)
    start = block.start + offset
    count = block.count
    for i in 0..<count { self[i] = value }
  }

  /// The field, 0 in all records of a new block.
  init(_ block: RecordBlock<Record>, offset: Int) {
    precondition(offset % MemoryLayout<Value>.alignment == 0)
    precondition(offset + MemoryLayout<Value>.size <= Record.stride)
    start = block.start + offset
    count = block.count
  }

  /// The field with a value of its own in every record.
  init(_ block: RecordBlock<Record>, offset: Int, values: [Value]) {
    precondition(values.count == block.count)
    start = block.start + offset
    count = block.count
    for i in 0..<count { self[i] = values[i] }
  }

  @inline(__always) subscript(i: Int) -> Value {
    get {
      assert(i >= 0 && i < count)
      return (start + i &* Record.stride).assumingMemoryBound(to: Value.self).pointee
    }
    nonmutating _modify {
      assert(i >= 0 && i < count)
      yield &(start + i &* Record.stride).assumingMemoryBound(to: Value.self).pointee
    }
  }

  @inline(__always) subscript(i: Int32) -> Value {
    get { self[Int(i)] }
    nonmutating _modify { yield &self[Int(i)] }
  }

  /// The values as an array, for checkpoints and reports.
  var array: [Value] { (0..<count).map { self[$0] } }

  /// Replaces all values; the count must be the same.
  func replace(with values: [Value]) {
    precondition(values.count == count)
    for i in 0..<count { self[i] = values[i] }
  }
}

/// The memory of a table of records of one size, all zeros at first.
struct RecordBlock<Record: RecordLayout>: BitwiseCopyable, @unchecked Sendable {
  let start: UnsafeMutableRawPointer
  let count: Int

  init(count: Int) {
    self.count = count
    start = ColumnMemory.allocateCleared(bytes: max(1, count) * Record.stride)
  }

  func free() { ColumnMemory.freeCleared(start, bytes: max(1, count) * Record.stride) }

  /// A whole record as a value with the same layout.
  @inline(__always) func record<Fields: BitwiseCopyable>(_ i: Int, as _: Fields.Type)
    -> UnsafeMutablePointer<Fields>
  {
    assert(i >= 0 && i < count)
    return (start + i &* Record.stride).assumingMemoryBound(to: Fields.self)
  }

  /// Copies a whole record.
  @inline(__always) func copy(_ from: Int, to: Int) {
    (start + to &* Record.stride).copyMemory(
      from: start + from &* Record.stride, byteCount: Record.stride)
  }
}
