import CityBase

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that grows during a run as `NAME.part` and gets its name at the end.
///
/// Bytes are gathered and written in large pieces. After `resume` it is cut back to the offset that
/// a checkpoint kept, so that what was written after the checkpoint does not come twice.
public final class StreamFile {
  /// The name it will have.
  public let path: String
  /// Bytes so far, the gathered ones included.
  public private(set) var offset: Int
  private var gathered: [UInt8] = []
  private var fd: Int32

  static let pieceSize = 1 << 18

  var partPath: String { path + ".part" }

  /// Starts a new, empty file. Fails (exit code 1) where it cannot be written.
  public init(path: String) throws(CityError) {
    self.path = path
    offset = 0
    fd = open(path + ".part", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard fd >= 0 else {
      throw .failed("cannot be written: \(InputFile.systemMessage())", file: path)
    }
  }

  /// Goes on with a file of an earlier run, finished or not, cut back to an offset. Refused where
  /// the file is shorter than that.
  public init(resuming path: String, at offset: Int) throws(CityError) {
    self.path = path
    self.offset = offset
    let part = path + ".part"
    if !InputFile.exists(path: part) { rename(path, part) }
    fd = open(part, O_WRONLY | O_CLOEXEC)
    guard fd >= 0 else {
      throw .refused("cannot be resumed: \(InputFile.systemMessage())", file: path)
    }
    let size = Int(lseek(fd, 0, SEEK_END))
    guard offset >= 0, size >= offset else {
      close(fd)
      throw .refused("expected at least \(offset) bytes to resume, found \(size)", file: path)
    }
    guard ftruncate(fd, off_t(offset)) == 0, lseek(fd, 0, SEEK_END) == off_t(offset) else {
      let message = InputFile.systemMessage()
      close(fd)
      throw .failed("cannot be cut back: \(message)", file: path)
    }
  }

  deinit { if fd >= 0 { close(fd) } }

  /// Adds bytes at the end.
  public func append(_ bytes: [UInt8]) throws(CityError) {
    gathered.append(contentsOf: bytes)
    offset += bytes.count
    if gathered.count >= Self.pieceSize { try flush() }
  }

  /// Hands all gathered bytes to the system; call it before a checkpoint keeps the offset.
  public func flush() throws(CityError) {
    guard fd >= 0 else { throw .failed("is finished already", file: path) }
    let fd = self.fd
    let path = self.path
    try gathered.withRawBytes { (raw: UnsafeRawBufferPointer) throws(CityError) in
      try OutputFile.writeAll(raw, to: fd, path)
    }
    gathered.removeAll(keepingCapacity: true)
  }

  /// Writes the rest and gives the file its name.
  public func finish() throws(CityError) {
    try flush()
    let closed = close(fd)
    fd = -1
    guard closed == 0, rename(partPath, path) == 0 else {
      throw .failed("cannot be finished: \(InputFile.systemMessage())", file: path)
    }
  }
}
