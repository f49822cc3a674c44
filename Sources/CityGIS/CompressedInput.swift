import CZlib
import CityBase
import CityText

/// Files that may be compressed with gzip.
public enum CompressedInput {
  /// What an expanded file may grow to, in bytes.
  static let sizeLimit = 8 << 30
  /// Beyond this size the growth is watched; map data shrinks to a tenth or so, never to a
  /// two-hundredth.
  static let watchedSize = 64 << 20
  static let ratioLimit = 200

  /// The bytes of a plain or gzip-compressed file, told apart by their first bytes.
  ///
  /// Several compressed members in a row are one file. Refused, with the byte of the compressed
  /// file, where the data is damaged or cut off, grows beyond 8 GB, or grows to 200 times its size
  /// and more than 64 MB.
  public static func read(path: String) throws(CityError) -> [UInt8] {
    let file = try MappedFile(path: path)
    return try file.withBytes { (raw: UnsafeRawBufferPointer) throws(CityError) -> [UInt8] in
      isCompressed(raw) ? try expand(raw, file: path) : Array(raw)
    }
  }

  /// Like `read`, but a plain file stays mapped instead of being copied.
  public static func map(path: String) throws(CityError) -> MappedFile {
    let file = try MappedFile(path: path)
    guard file.withBytes(isCompressed) else { return file }
    let bytes = try file.withBytes {
      (raw: UnsafeRawBufferPointer) throws(CityError) -> [UInt8] in try expand(raw, file: path)
    }
    return MappedFile(bytes, path: path)
  }

  /// Expands gzip data that is in memory already; refuses what `read` refuses.
  public static func expand(_ bytes: [UInt8], file: String) throws(CityError) -> [UInt8] {
    try bytes.withRawBytes { (raw: UnsafeRawBufferPointer) throws(CityError) -> [UInt8] in
      try expand(raw, file: file)
    }
  }

  static func isCompressed(_ raw: UnsafeRawBufferPointer) -> Bool {
    raw.count >= 2 && raw[0] == 0x1F && raw[1] == 0x8B
  }

  private static func expand(
    _ input: UnsafeRawBufferPointer, file: String
  ) throws(CityError) -> [UInt8] {
    var stream = z_stream()
    // 15 bits of window, 16 for the gzip wrapper.
    guard
      inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw .failed("not enough memory to expand", file: file) }
    defer { inflateEnd(&stream) }
    let chunk = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 18)
    defer { chunk.deallocate() }
    var out: [UInt8] = []
    var at = 0
    while true {
      let piece = UnsafeRawBufferPointer(rebasing: input[at..<min(input.count, at + 1 << 30)])
      stream.next_in = UnsafeMutablePointer(
        mutating: piece.bindMemory(to: UInt8.self).baseAddress)
      stream.avail_in = UInt32(piece.count)
      stream.next_out = chunk.baseAddress
      stream.avail_out = UInt32(chunk.count)
      let code = inflate(&stream, Z_NO_FLUSH)
      at += piece.count - Int(stream.avail_in)
      out.append(contentsOf: chunk[0..<(chunk.count - Int(stream.avail_out))])
      try checkGrowth(out.count, at, file)
      switch code {
      case Z_OK: continue
      case Z_STREAM_END:
        if try isAtEnd(input, at, file) { return out }
        inflateReset(&stream)
      case Z_BUF_ERROR where at == input.count:
        throw .refused(
          "compressed data that is cut off: expected more after the end of the file", file: file,
          place: "byte \(at)")
      default:
        let what = stream.msg.map { String(cString: $0) } ?? "code \(code)"
        throw .refused("damaged compressed data (\(what))", file: file, place: "byte \(at)")
      }
    }
  }

  private static func checkGrowth(
    _ size: Int, _ consumed: Int, _ file: String
  ) throws(CityError) {
    guard size <= sizeLimit, size <= watchedSize || size / ratioLimit <= consumed else {
      throw .refused(
        "compressed data that grows to more than \(size >> 20) MB", file: file,
        place: "byte \(consumed)")
    }
  }

  /// Whether all members have been read; tape programs pad with zeros.
  private static func isAtEnd(
    _ input: UnsafeRawBufferPointer, _ at: Int, _ file: String
  ) throws(CityError) -> Bool {
    let rest = UnsafeRawBufferPointer(rebasing: input[at...])
    if isCompressed(rest) { return false }
    guard rest.allSatisfy({ $0 == 0 }) else {
      throw .refused(
        "expected the end of the file after the compressed data", file: file, place: "byte \(at)")
    }
    return true
  }
}
