import CityBase
import CityGIS
import CityText

/// Reads OpenStreetMap PBF: a row of blobs, each with its own header and length, most of them
/// compressed blocks of elements.
///
/// After the format's description on the OpenStreetMap wiki ("PBF Format") and its field numbers.
/// The limits are the format's own: 64 KiB for a blob's header, 32 MiB for a blob and for what it
/// expands to.
struct OSMPBFReader {
  static let mostHeaderBytes = 64 << 10
  static let mostBlobBytes = 32 << 20
  /// Beyond this many bytes expansion is watched; map data shrinks to a third, never to a
  /// thirtieth.
  static let watchedSize = 16 << 20
  static let ratioLimit = 30
  static let knownFeatures = ["OsmSchema-V0.6", "DenseNodes"]

  private let file: String
  private var decoder: OSMBlockDecoder
  private var hasHeader = false
  /// Bytes that came out of blobs so far.
  private var expanded = 0
  private let scratch = BlockMemory()

  /// Whether bytes begin as PBF does: with the length of a header that names itself.
  static func isPBF(_ raw: UnsafeRawBufferPointer) -> Bool {
    raw.count > 15 && raw[6..<15].elementsEqual("OSMHeader".utf8)
  }

  static func read(
    _ raw: UnsafeRawBufferPointer, file: String, _ diagnostics: inout Diagnostics
  ) throws(CityError) -> OSMData {
    var reader = OSMPBFReader(file)
    try reader.readBlobs(raw, &diagnostics)
    return try reader.decoder.finish(&diagnostics)
  }

  private init(_ file: String) {
    self.file = file
    decoder = OSMBlockDecoder(file)
  }

  // MARK: Blobs

  private mutating func readBlobs(
    _ raw: UnsafeRawBufferPointer, _ diagnostics: inout Diagnostics
  ) throws(CityError) {
    var at = 0
    while at < raw.count {
      guard raw.count - at >= 4 else { throw bad("the length of a blob is cut off", at) }
      let length = raw[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) }
      guard length <= Self.mostHeaderBytes else {
        throw bad("expected the length of a blob's header, at most 65536, found \(length)", at)
      }
      guard length <= raw.count - at - 4 else { throw bad("a blob's header is cut off", at) }
      let header = UnsafeRawBufferPointer(rebasing: raw[(at + 4)..<(at + 4 + length)])
      let (type, size) = try readHeader(header, at)
      let start = at + 4 + length
      guard size <= raw.count - start else { throw bad("a blob is cut off", start) }
      let blob = UnsafeRawBufferPointer(rebasing: raw[start..<(start + size)])
      at = start + size
      switch type {
      case "OSMHeader": try readFileHeader(try expand(blob, start), start)
      case "OSMData":
        guard hasHeader else { throw bad("expected an OSMHeader before the data", start) }
        try decoder.decode(try expand(blob, start), place: "blob at byte \(start)", &diagnostics)
      default: continue
      }
    }
    guard hasHeader else { throw bad("expected an OSMHeader", 0) }
  }

  private func bad(_ what: String, _ at: Int) -> CityError {
    .refused(what, file: file, place: "byte \(at)")
  }

  /// The type of a blob and how many bytes it has.
  private func readHeader(_ bytes: UnsafeRawBufferPointer, _ at: Int) throws(CityError) -> (
    type: String, size: Int
  ) {
    var message = ProtobufScanner(bytes, file: file, place: "blob header at byte \(at)")
    var type = ""
    var size: Int64 = -1
    while try message.next() {
      switch message.field {
      case 1: type = String(decoding: try message.bytes(), as: UTF8.self)
      case 3: size = try message.integer()
      default: break
      }
    }
    guard size >= 0, size <= Int64(Self.mostBlobBytes) else {
      throw bad("expected the size of a blob, at most 32 MiB, found \(size)", at)
    }
    return (type, Int(size))
  }

  /// What a blob holds, expanded; valid until the next call.
  private mutating func expand(_ blob: UnsafeRawBufferPointer, _ at: Int) throws(CityError)
    -> UnsafeRawBufferPointer
  {
    var message = ProtobufScanner(blob, file: file, place: "blob at byte \(at)")
    var plain: UnsafeRawBufferPointer?
    var deflated: UnsafeRawBufferPointer?
    var size: Int64 = -1
    while try message.next() {
      switch message.field {
      case 1: plain = try message.bytes()
      case 2: size = try message.integer()
      case 3: deflated = try message.bytes()
      case 4...7:
        let name = ["LZMA", "bzip2", "LZ4", "zstd"][Int(message.field) - 4]
        throw bad(
          "blobs compressed with \(name) are not supported; convert the file first"
            + " (osmium cat \(file) -o city.osm.pbf)", at)
      default: break
      }
    }
    if let plain {
      expanded += plain.count
      return plain
    }
    guard let deflated else { throw bad("expected data in a blob, found none", at) }
    guard size >= 0, size <= Int64(Self.mostBlobBytes) else {
      throw bad("expected the expanded size of a blob, at most 32 MiB, found \(size)", at)
    }
    expanded += Int(size)
    guard expanded <= Self.watchedSize || expanded / Self.ratioLimit <= at + blob.count else {
      throw bad("compressed data that grows to more than \(expanded >> 20) MB", at)
    }
    let room = scratch.room(Int(size))
    try DeflatedBlock.expand(deflated, into: room, file: file, place: "byte \(at)")
    return UnsafeRawBufferPointer(room)
  }

  // MARK: The file's header

  private mutating func readFileHeader(_ bytes: UnsafeRawBufferPointer, _ at: Int)
    throws(CityError)
  {
    var message = ProtobufScanner(bytes, file: file, place: "header at byte \(at)")
    var unknown: [String] = []
    while try message.next() {
      switch message.field {
      case 1: readBounds(try message.message())
      case 4:
        let feature = String(decoding: try message.bytes(), as: UTF8.self)
        if !Self.knownFeatures.contains(feature) { unknown.append(feature) }
      default: break
      }
    }
    if unknown.contains("HistoricalInformation") {
      throw bad(
        "a history file: expected the map at one time (osmium time-filter makes one of it)", at)
    }
    guard unknown.isEmpty else {
      throw bad("needs what this reader does not know: \(unknown.joined(separator: ", "))", at)
    }
    hasHeader = true
  }

  /// What the extract was cut to; left out where it is not sound.
  private mutating func readBounds(_ message: ProtobufScanner) {
    var message = message
    var sides = [Double](repeating: .nan, count: 5)
    while (try? message.next()) == true {
      guard (1...4).contains(message.field), let value = try? message.signed() else { continue }
      sides[Int(message.field)] = Double(value) / 1e9
    }
    let (west, east, north, south) = (sides[1], sides[2], sides[3], sides[4])
    guard OSMCollector.isPlace(lon: west, lat: south), OSMCollector.isPlace(lon: east, lat: north),
      west <= east, south <= north
    else { return }
    decoder.collector.bounds.add(Box2(min: Point2(west, south), max: Point2(east, north)))
  }
}

/// Memory that blocks are expanded into, one after the other.
private final class BlockMemory {
  private var memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)

  func room(_ count: Int) -> UnsafeMutableRawBufferPointer {
    if memory.count < count || memory.baseAddress == nil {
      memory.deallocate()
      memory = .allocate(byteCount: max(count, 1 << 16), alignment: 16)
    }
    return UnsafeMutableRawBufferPointer(rebasing: memory[0..<count])
  }

  deinit { memory.deallocate() }
}
