import CityBase

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The bytes of a file in memory, unchanging; mapped where the file allows it.
///
/// The bytes stay valid as long as the object lives. Whoever shortens a mapped file in place pulls
/// the memory away; replacing it by renaming is harmless.
public final class MappedFile: Sendable {
  /// The path as the user named it, for messages.
  public let path: String
  public let count: Int
  nonisolated(unsafe) private let base: UnsafeRawPointer?
  private let isMapped: Bool

  /// Maps a file. Refused where it is missing, a folder or cannot be read.
  public init(path: String) throws(CityError) {
    self.path = path
    let fd = open(path, O_RDONLY | O_CLOEXEC)
    guard fd >= 0 else {
      throw .refused("cannot be opened: \(InputFile.systemMessage())", file: path)
    }
    defer { close(fd) }
    var s = stat()
    guard fstat(fd, &s) == 0 else {
      throw .refused("cannot be read: \(InputFile.systemMessage())", file: path)
    }
    guard s.st_mode & S_IFMT != S_IFDIR else {
      throw .refused("expected a file, found a folder", file: path)
    }
    let size = s.st_mode & S_IFMT == S_IFREG ? Int(s.st_size) : 0
    if size > 0, let p = mmap(nil, size, PROT_READ, MAP_PRIVATE, fd, 0), p != MAP_FAILED {
      base = UnsafeRawPointer(p)
      count = size
      isMapped = true
      return
    }
    // Pipes and the like, and file systems that cannot map.
    let copy = Self.copy(try Self.readAll(fd, path))
    base = copy.baseAddress
    count = copy.count
    isMapped = false
  }

  /// Holds a copy of some bytes under a file's name.
  public init(_ bytes: [UInt8], path: String) {
    self.path = path
    let copy = Self.copy(bytes)
    base = copy.baseAddress
    count = copy.count
    isMapped = false
  }

  deinit {
    guard let base else { return }
    if isMapped {
      munmap(UnsafeMutableRawPointer(mutating: base), count)
    } else {
      base.deallocate()
    }
  }

  /// Gives the bytes, which must not leave the closure.
  @inline(__always)
  public func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E)
    -> R
  {
    try body(UnsafeRawBufferPointer(start: base, count: count))
  }

  private static func copy(_ bytes: [UInt8]) -> UnsafeRawBufferPointer {
    guard !bytes.isEmpty else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    let p = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
    p.copyBytes(from: bytes)
    return UnsafeRawBufferPointer(p)
  }

  private static func readAll(_ fd: Int32, _ path: String) throws(CityError) -> [UInt8] {
    var out: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let n = systemRead(fd, &chunk, chunk.count)
      if n < 0 && errno == EINTR { continue }
      guard n >= 0 else {
        throw .refused("cannot be read: \(InputFile.systemMessage())", file: path)
      }
      if n == 0 { return out }
      out.append(contentsOf: chunk[0..<n])
    }
  }
}

/// `read(2)`, whose plain name means other things inside types.
private func systemRead(_ fd: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(fd, buffer, count)
}
