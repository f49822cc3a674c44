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
    let whole = wholePages(bytes)
    let start = UnsafeMutableRawPointer.allocate(byteCount: whole, alignment: largePage)
    adviseLargePages(start, whole)
    return start
  }

  /// Memory full of zeros on a cache line, or on large pages where the system has them; given back
  /// with `freeCleared`. The system's own pages are zeros already, and are not even taken before
  /// somebody comes to them.
  static func allocateCleared(bytes: Int) -> UnsafeMutableRawPointer {
    guard bytes >= worthLargePages else {
      let start = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      start.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
      return start
    }
    let whole = wholePages(bytes)
    guard
      let room = mmap(
        nil, whole + largePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0),
      room != MAP_FAILED
    else { preconditionFailure("no memory is left for a table of \(bytes) bytes") }
    let start = room.alignedUp(toMultipleOf: largePage)
    let before = start - room
    if before > 0 { munmap(room, before) }
    munmap(start + whole, largePage - before)
    adviseLargePages(start, whole)
    return start
  }

  /// Gives back what `allocateCleared` has given for so many bytes.
  static func freeCleared(_ start: UnsafeMutableRawPointer, bytes: Int) {
    if bytes >= worthLargePages { munmap(start, wholePages(bytes)) } else { start.deallocate() }
  }

  private static func wholePages(_ bytes: Int) -> Int {
    (bytes + largePage - 1) / largePage * largePage
  }

  private static func adviseLargePages(_ start: UnsafeMutableRawPointer, _ bytes: Int) {
    #if os(Linux)
      // Mere advice: where it is not followed, nothing but speed is lost.
      _ = madvise(start, bytes, Int32(MADV_HUGEPAGE))
    #endif
  }
}
