#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory for the tables of a run.
///
/// A tick touches a few bytes here and there in tables of megabytes: with pages of 4 kB most of these
/// places cost a walk through the page tables besides. So large tables ask for large pages.
enum ColumnMemory {
  private static let largePage = 2 << 20
  /// Bytes from which on a table is worth pages of its own.
  private static let worthLargePages = 256 << 10

  /// Memory on a cache line, or on large pages where the system has them. The caller deallocates it.
  static func allocate(bytes: Int) -> UnsafeMutableRawPointer {
    guard bytes >= worthLargePages else {
      return .allocate(byteCount: max(1, bytes), alignment: 64)
    }
    let whole = (bytes + largePage - 1) / largePage * largePage
    let start = UnsafeMutableRawPointer.allocate(byteCount: whole, alignment: largePage)
    #if os(Linux)
      // Mere advice: where it is not followed, nothing but speed is lost.
      _ = madvise(start, whole, Int32(MADV_HUGEPAGE))
    #endif
    return start
  }
}
