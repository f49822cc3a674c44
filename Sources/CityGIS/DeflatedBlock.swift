import CZlib
import CityBase

/// Blocks of zlib data whose expanded size is known beforehand, as map formats hold them.
public enum DeflatedBlock {
  /// Expands a block into `output`, which it must fill to the last byte. Refused, with `place`,
  /// where the data is damaged, cut off, too short or too long.
  public static func expand(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, file: String,
    place: String
  ) throws(CityError) {
    guard input.count <= Int32.max, output.count <= Int32.max, let start = input.baseAddress else {
      throw .refused("a compressed block of \(input.count) bytes", file: file, place: place)
    }
    var stream = z_stream()
    guard inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw .failed("not enough memory to expand", file: file)
    }
    defer { inflateEnd(&stream) }
    // zlib wants somewhere to write even where nothing is expected.
    var spare: UInt8 = 0
    let code = withUnsafeMutableBytes(of: &spare) { spare in
      let room = output.isEmpty ? spare : output
      stream.next_in = UnsafeMutablePointer(
        mutating: start.assumingMemoryBound(to: UInt8.self))
      stream.avail_in = UInt32(input.count)
      stream.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.avail_out = UInt32(output.count)
      return inflate(&stream, Z_FINISH)
    }
    let written = output.count - Int(stream.avail_out)
    switch code {
    case Z_STREAM_END where written == output.count: return
    case Z_STREAM_END:
      throw .refused(
        "a compressed block holds \(written) bytes, and \(output.count) were announced",
        file: file, place: place)
    case Z_BUF_ERROR, Z_OK:
      throw .refused(
        written == output.count && stream.avail_in > 0
          ? "a compressed block holds more than the \(output.count) bytes that were announced"
          : "a compressed block is cut off",
        file: file, place: place)
    default:
      let what = stream.msg.map { String(cString: $0) } ?? "code \(code)"
      throw .refused("damaged compressed data (\(what))", file: file, place: place)
    }
  }
}
