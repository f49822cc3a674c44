import CityBase

@testable import CityImport

/// A writer of protocol buffers messages, just enough for map data.
struct ProtobufText {
  var bytes: [UInt8] = []

  mutating func varint(_ n: UInt64) {
    var n = n
    while n >= 0x80 {
      bytes.append(UInt8(n & 0x7F) | 0x80)
      n >>= 7
    }
    bytes.append(UInt8(n))
  }

  static func zigzag(_ n: Int64) -> UInt64 { UInt64(bitPattern: (n << 1) ^ (n >> 63)) }

  mutating func integer(_ field: UInt64, _ n: Int64) {
    varint(field << 3)
    varint(UInt64(bitPattern: n))
  }

  mutating func signed(_ field: UInt64, _ n: Int64) {
    varint(field << 3)
    varint(Self.zigzag(n))
  }

  mutating func data(_ field: UInt64, _ value: [UInt8]) {
    varint(field << 3 | 2)
    varint(UInt64(value.count))
    bytes += value
  }

  mutating func text(_ field: UInt64, _ value: String) { data(field, Array(value.utf8)) }

  mutating func packed(_ field: UInt64, _ values: [Int64], zigzag: Bool = false) {
    var inner = ProtobufText()
    for v in values { inner.varint(zigzag ? Self.zigzag(v) : UInt64(bitPattern: v)) }
    data(field, inner.bytes)
  }

  /// Numbers as the differences between them.
  mutating func differences(_ field: UInt64, _ values: [Int64]) {
    var last: Int64 = 0
    let steps = values.map { value -> Int64 in
      defer { last = value }
      return value - last
    }
    packed(field, steps, zigzag: true)
  }
}

/// How a town is put into PBF.
struct TownPBF {
  /// Blobs as zlib data, in one stored block; else raw.
  var isDeflated = false
  /// Nodes as a dense group; else one message each.
  var isDense = true
  var granularity: Int64 = 100
  /// Nanodegrees.
  var latOffset: Int64 = 0
  var lonOffset: Int64 = 0
  var requiredFeatures = ["OsmSchema-V0.6", "DenseNodes"]

  func bytes(_ town: TownText) -> [UInt8] {
    file(header(town)) + blob("OSMData", block(town))
  }

  private func file(_ header: [UInt8]) -> [UInt8] { blob("OSMHeader", header) }

  private func header(_ town: TownText) -> [UInt8] {
    var message = ProtobufText()
    if town.bounds.count == 4 {
      let (west, south) = TownText.degrees(town.bounds[0], town.bounds[1])
      let (east, north) = TownText.degrees(town.bounds[2], town.bounds[3])
      var box = ProtobufText()
      for (field, side) in [(1, west), (2, east), (3, north), (4, south)] {
        box.signed(UInt64(field), Int64((side * 1e9).rounded()))
      }
      message.data(1, box.bytes)
    }
    for feature in requiredFeatures { message.text(4, feature) }
    message.text(16, "by hand")
    return message.bytes
  }

  /// A blob with its header and the length before it.
  func blob(_ type: String, _ content: [UInt8]) -> [UInt8] {
    var blob = ProtobufText()
    if isDeflated {
      blob.integer(2, Int64(content.count))
      blob.data(3, Self.stored(content))
    } else {
      blob.data(1, content)
    }
    var header = ProtobufText()
    header.text(1, type)
    header.integer(3, Int64(blob.bytes.count))
    let length = header.bytes.count
    return [0, 0, UInt8(length >> 8), UInt8(length & 255)] + header.bytes + blob.bytes
  }

  /// zlib data (RFC 1950) of stored blocks (RFC 1951), which any content fits into.
  static func stored(_ content: [UInt8]) -> [UInt8] {
    var out: [UInt8] = [0x78, 0x01]
    var at = 0
    repeat {
      let n = min(65_535, content.count - at)
      out.append(at + n == content.count ? 1 : 0)
      out += [UInt8(n & 255), UInt8(n >> 8), UInt8(~n & 255), UInt8((~n >> 8) & 255)]
      out += content[at..<(at + n)]
      at += n
    } while at < content.count
    var a: UInt32 = 1
    var b: UInt32 = 0
    for byte in content {
      a = (a + UInt32(byte)) % 65_521
      b = (b + a) % 65_521
    }
    let sum = b << 16 | a
    return out + [24, 16, 8, 0].map { UInt8(sum >> $0 & 255) }
  }

  // MARK: Elements

  private func block(_ town: TownText) -> [UInt8] {
    var texts = [""]
    func number(_ text: String) -> Int64 {
      if let known = texts.firstIndex(of: text) { return Int64(known) }
      texts.append(text)
      return Int64(texts.count - 1)
    }
    func tags(_ tags: TownText.Tags, _ message: inout ProtobufText) {
      let pairs = TownText.sorted(tags)
      message.packed(2, pairs.map { number($0.key) })
      message.packed(3, pairs.map { number($0.value) })
    }
    func steps(_ degrees: Double, _ offset: Int64) -> Int64 {
      // Nanodegrees of the seven decimals that maps keep.
      let nano = Int64((degrees * 1e7).rounded()) * 100
      return (nano - offset) / granularity
    }
    var groups: [[UInt8]] = []
    if isDense {
      var dense = ProtobufText()
      dense.differences(1, town.nodes.map { Int64($0.id) })
      dense.differences(8, town.nodes.map { steps($0.lat, latOffset) })
      dense.differences(9, town.nodes.map { steps($0.lon, lonOffset) })
      if town.nodes.contains(where: { !$0.tags.isEmpty }) {
        dense.packed(
          10,
          town.nodes.flatMap { node in
            TownText.sorted(node.tags).flatMap { [number($0.key), number($0.value)] } + [0]
          })
      }
      var group = ProtobufText()
      group.data(2, dense.bytes)
      groups.append(group.bytes)
    } else {
      var group = ProtobufText()
      for n in town.nodes {
        var message = ProtobufText()
        message.signed(1, Int64(n.id))
        tags(n.tags, &message)
        message.signed(8, steps(n.lat, latOffset))
        message.signed(9, steps(n.lon, lonOffset))
        group.data(1, message.bytes)
      }
      groups.append(group.bytes)
    }
    var group = ProtobufText()
    for w in town.ways {
      var message = ProtobufText()
      message.integer(1, Int64(w.id))
      tags(w.tags, &message)
      message.differences(8, w.nodes.map { Int64($0) })
      group.data(3, message.bytes)
    }
    for r in town.relations {
      var message = ProtobufText()
      message.integer(1, Int64(r.id))
      tags(r.tags, &message)
      message.packed(8, r.members.map { number($0.2) })
      message.differences(9, r.members.map { Int64($0.1) })
      message.packed(
        10, r.members.map { ["node": 0, "way": 1, "relation": 2][$0.0] ?? 7 })
      group.data(4, message.bytes)
    }
    groups.append(group.bytes)
    var table = ProtobufText()
    for text in texts { table.text(1, text) }
    // The texts come last, as the order of fields is free.
    var message = ProtobufText()
    for group in groups { message.data(2, group) }
    message.integer(17, granularity)
    message.integer(19, latOffset)
    message.integer(20, lonOffset)
    message.data(1, table.bytes)
    return message.bytes
  }
}
