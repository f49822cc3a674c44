extension [UInt8] {
  /// Gives the bytes, which must not leave the closure, and passes on errors with their type.
  @inlinable
  public func withRawBytes<R, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    try withUnsafeBufferPointer { (buffer: UnsafeBufferPointer<UInt8>) throws(E) -> R in
      try body(UnsafeRawBufferPointer(buffer))
    }
  }
}
