import CityBase

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Files that appear whole: written beside their place under another name, then renamed.
public enum OutputFile {
  /// Writes a file, replacing what was there. Fails (exit code 1) where it cannot be written, and
  /// then leaves nothing behind.
  public static func write(_ bytes: [UInt8], to path: String) throws(CityError) {
    let part = path + ".part"
    let fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard fd >= 0 else {
      throw .failed("cannot be written: \(InputFile.systemMessage())", file: path)
    }
    do throws(CityError) {
      try bytes.withRawBytes { (raw: UnsafeRawBufferPointer) throws(CityError) in
        try writeAll(raw, to: fd, path)
      }
    } catch {
      close(fd)
      unlink(part)
      throw error
    }
    guard close(fd) == 0, rename(part, path) == 0 else {
      let message = InputFile.systemMessage()
      unlink(part)
      throw .failed("cannot be written: \(message)", file: path)
    }
  }

  /// Writes a text as UTF-8.
  public static func write(_ text: String, to path: String) throws(CityError) {
    try write(Array(text.utf8), to: path)
  }

  static func writeAll(
    _ bytes: UnsafeRawBufferPointer, to fd: Int32, _ path: String
  ) throws(CityError) {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let n = systemWrite(fd, rest.baseAddress, rest.count)
      if n < 0 && errno == EINTR { continue }
      guard n > 0 else {
        throw .failed("cannot be written: \(InputFile.systemMessage())", file: path)
      }
      done += n
    }
  }
}

/// `write(2)`, whose plain name means other things inside types.
private func systemWrite(_ fd: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
  write(fd, buffer, count)
}
