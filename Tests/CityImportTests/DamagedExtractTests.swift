import CityBase
import CityGIS
import CityNetwork
import CityTestSupport
import CityText
import Foundation
import XCTest

@testable import CityImport

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Whoever wrote the file wished us ill: bits flipped, pieces cut out, put in, doubled. Every try
/// ends with a city or a refusal that names its place; none traps, hangs or eats the memory.
///
/// `CIM_DAMAGE_TRIES` sets how many tries each sample gets; without it there are a few hundred on
/// small towns and a handful on real extracts. A release is held to more than ten thousand in all:
/// `CIM_DAMAGE_TRIES=1500 swift test -c release --filter DamagedExtract`.
final class DamagedExtractTests: XCTestCase {
  /// What the whole process may have held at its worst, in MB.
  static let mostMemory = 1024
  /// Seconds that a single try may take, on a slow machine and without optimisation.
  static let mostSeconds = 60.0

  private let asked = ProcessInfo.processInfo.environment["CIM_DAMAGE_TRIES"].flatMap { Int($0) }

  /// Damage of one try: bits flipped, bytes removed, put in, doubled or cut off.
  private func damaged(_ bytes: [UInt8], _ stream: RandomStream, _ round: UInt64) -> [UInt8] {
    var out = bytes
    func draw(_ bound: Int, _ n: UInt64) -> Int { stream.below(bound, .sampling, round, n) }
    for change in 0..<UInt64(1 + draw(4, 0)) where out.count > 1 {
      let n = 1 + change * 8
      let at = draw(out.count, n)
      switch draw(8, n + 1) {
      case 0...3: out[at] ^= UInt8(1 << draw(8, n + 2))
      case 4: out.removeSubrange(at..<min(out.count, at + 1 + draw(40, n + 3)))
      case 5:
        out.insert(
          contentsOf: (0..<UInt64(1 + draw(8, n + 3))).map { UInt8(draw(256, n + 4 + $0)) }, at: at)
      case 6:
        let piece = out[at..<min(out.count, at + 1 + draw(400, n + 3))]
        out.insert(contentsOf: piece, at: draw(out.count, n + 4))
      default: out.removeSubrange(at...)
      }
    }
    return out
  }

  /// Reads, drafts and builds, as the import does; true where the file was refused.
  private func isRefused(_ bytes: [UInt8], _ file: String) -> Bool {
    let start = Date()
    defer {
      let seconds = Date().timeIntervalSince(start)
      XCTAssertLessThan(seconds, Self.mostSeconds, "\(file): took \(seconds) s")
    }
    do {
      var diagnostics = Diagnostics()
      let data = try OSMReader.parse(bytes, file: file, diagnostics: &diagnostics)
      var draft = try OSMImport.draft(data, name: "x", diagnostics: &diagnostics)
      let network = NetworkBuilder.build(draft.roads, diagnostics: &diagnostics)
      try network.validate()
      _ = ImportFindings(&draft, network, diagnostics: &diagnostics)
      return false
    } catch {
      XCTAssertEqual(error.kind, .refused, "\(error)")
      XCTAssertEqual(error.file, file)
      return true
    }
  }

  private func peakMegabytes() -> Int {
    var usage = rusage()
    #if canImport(Glibc)
      getrusage(0, &usage)
      return usage.ru_maxrss / 1024
    #else
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss >> 20
    #endif
  }

  private func run(_ name: String, _ bytes: [UInt8], seed: UInt64, tries: Int) -> Int {
    let stream = RandomStream(seed: seed)
    var refused = 0
    for round in 0..<UInt64(tries) {
      if isRefused(damaged(bytes, stream, round), name) { refused += 1 }
    }
    return refused
  }

  func testDamagedTowns() {
    var pbf = TownPBF()
    let xml = Array(OSMPBFTests.town.xml.utf8)
    let samples: [(String, [UInt8])] = [
      ("town.osm", xml), ("raw.osm.pbf", pbf.bytes(OSMPBFTests.town)),
    ]
    pbf.isDeflated = true
    let all = samples + [("town.osm.pbf", pbf.bytes(OSMPBFTests.town))]
    let tries = asked ?? 120
    for (i, (name, bytes)) in all.enumerated() {
      let refused = run(name, bytes, seed: UInt64(10 + i), tries: tries)
      print("\(name): \(refused) of \(tries) refused, peak \(peakMegabytes()) MB")
      // Some damage is harmless, and much of it is not; a checksum finds all of it.
      XCTAssertGreaterThan(refused, tries / 16, name)
      XCTAssertTrue(refused < tries || name == "town.osm.pbf", name)
    }
    XCTAssertLessThan(peakMegabytes(), Self.mostMemory)
  }

  /// The smallest real extracts, as XML and PBF.
  func testDamagedExtracts() throws {
    for (i, name) in ["moscow.osm.gz", "monaco.osm.gz", "andorra.osm.pbf"].enumerated() {
      guard let path = SharedData.path("osm/\(name)") else { return }
      let isGzip = name.hasSuffix(".gz")
      let bytes = try CompressedInput.read(path: path)
      let tries = asked ?? 2
      let refused = run(
        String(name.dropLast(isGzip ? 3 : 0)), bytes, seed: UInt64(20 + i), tries: tries)
      print("\(name): \(refused) of \(tries) refused, peak \(peakMegabytes()) MB")
    }
    XCTAssertLessThan(peakMegabytes(), Self.mostMemory)
  }

  /// A real file's blocks without their compression, so that damage reaches what lies in them.
  private func raw(_ bytes: [UInt8]) throws -> [UInt8] {
    var out: [UInt8] = []
    try bytes.withUnsafeBytes { all in
      var at = 0
      while at + 4 <= all.count {
        let length = all[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) }
        var type = ""
        var size = 0
        var header = ProtobufScanner(
          UnsafeRawBufferPointer(rebasing: all[(at + 4)..<(at + 4 + length)]), file: "", place: "")
        while try header.next() {
          if header.field == 1 { type = String(decoding: try header.bytes(), as: UTF8.self) }
          if header.field == 3 { size = Int(try header.integer()) }
        }
        at += 4 + length
        var blob = ProtobufScanner(
          UnsafeRawBufferPointer(rebasing: all[at..<(at + size)]), file: "", place: "")
        at += size
        var content: [UInt8] = []
        while try blob.next() {
          if blob.field == 2 { content = [UInt8](repeating: 0, count: Int(try blob.integer())) }
          guard blob.field == 3 else { continue }
          let data = try blob.bytes()
          try content.withUnsafeMutableBytes {
            try DeflatedBlock.expand(data, into: $0, file: "", place: "")
          }
        }
        out += TownPBF().blob(type, content)
      }
    }
    return out
  }

  func testDamagedBlocks() throws {
    guard let path = SharedData.path("osm/andorra.osm.pbf") else { return }
    let bytes = try raw(CompressedInput.read(path: path))
    XCTAssertFalse(isRefused(bytes, "raw.osm.pbf"))
    let tries = asked ?? 3
    let refused = run("raw.osm.pbf", bytes, seed: 41, tries: tries)
    print("andorra without compression: \(refused) of \(tries) refused, \(peakMegabytes()) MB")
    XCTAssertLessThan(peakMegabytes(), Self.mostMemory)
  }

  /// Damage to the compressed file itself is found by its checksum.
  func testDamagedGzip() throws {
    guard let path = SharedData.path("osm/moscow.osm.gz") else { return }
    let whole = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    let stream = RandomStream(seed: 31)
    let file = Scratch.folder() + "/a.osm.gz"
    for round in 0..<UInt64(asked ?? 20) {
      try Data(damaged(whole, stream, round)).write(to: URL(fileURLWithPath: file))
      var diagnostics = Diagnostics()
      do {
        _ = try OSMReader.read(path: file, diagnostics: &diagnostics)
      } catch { XCTAssertEqual(error.kind, .refused) }
    }
  }

  /// Files made to hurt: each is small, and what it asks for is not.
  func testBombs() {
    func pbf(_ blocks: [[UInt8]], deflated: Bool = false) -> [UInt8] {
      var writer = TownPBF()
      writer.isDeflated = deflated
      return blocks.reduce(writer.blob("OSMHeader", [])) { $0 + writer.blob("OSMData", $1) }
    }
    func block(_ content: (inout ProtobufText) -> Void) -> [UInt8] {
      var group = ProtobufText()
      content(&group)
      var message = ProtobufText()
      message.data(2, group.bytes)
      return message.bytes
    }
    // A million nodes of the same id and place (a tenth of them where the tests are not asked for
    // more); a way as many nodes long that goes to and fro; a relation with as many members; a table
    // of as many empty texts.
    let many = asked == nil ? 100_000 : 1_000_000
    let zeros = [Int64](repeating: 0, count: many)
    let nodes = block {
      var dense = ProtobufText()
      for field: UInt64 in [1, 8, 9] { dense.packed(field, zeros, zigzag: true) }
      $0.data(2, dense.bytes)
    }
    let way = block {
      var way = ProtobufText()
      way.integer(1, 5)
      way.packed(8, (0..<many).map { $0 % 2 == 0 ? 1 : -1 }, zigzag: true)
      $0.data(3, way.bytes)
    }
    let relation = block {
      var relation = ProtobufText()
      relation.packed(8, zeros)
      relation.packed(9, zeros, zigzag: true)
      relation.packed(10, zeros)
      $0.data(4, relation.bytes)
    }
    var texts = ProtobufText()
    for _ in 0..<many { texts.text(1, "") }
    var table = ProtobufText()
    table.data(1, texts.bytes)
    for bytes in [[nodes], [way], [nodes, way, nodes], [table.bytes]] {
      XCTAssertFalse(isRefused(pbf(bytes), "bomb.osm.pbf"))
    }
    XCTAssertTrue(isRefused(pbf([relation]), "bomb.osm.pbf"), "role 0 of no texts")
    // A long way that a thousand buildings are made of, and a corner that a thousand
    // restrictions over a thousand ways are about.
    var shared = "<osm>"
    for i in 1...4000 { shared += "<node id='\(i)' lat='\(i % 2)' lon='\(Double(i) * 1e-4)'/>" }
    shared += "<way id='1'>"
    for i in Array(1...4000) + [1] { shared += "<nd ref='\(i)'/>" }
    shared += "</way>"
    for i in 2...1000 {
      shared +=
        "<way id='\(i)'><nd ref='1'/><nd ref='\(i)'/><tag k='highway' v='primary'/></way>"
    }
    for i in 1...1000 {
      shared += "<relation id='\(i)'><member type='way' ref='1' role='outer'/>"
      shared += "<tag k='type' v='multipolygon'/><tag k='building' v='yes'/></relation>"
      shared += "<relation id='\(i + 1000)'><member type='way' ref='\(i % 900 + 2)' role='from'/>"
      shared += "<member type='node' ref='1' role='via'/><member type='way' ref='3' role='to'/>"
      shared +=
        "<tag k='type' v='restriction'/><tag k='restriction' v='only_left_turn'/></relation>"
    }
    XCTAssertFalse(isRefused(Array((shared + "</osm>").utf8), "bomb.osm"))
    // Thousands of rings around each other, and as many holes.
    let rings = asked == nil ? 2000 : 10_000
    var xml = "<osm>"
    for i in 0..<(2 * rings) {
      let d = 0.1 + Double(i % rings) * 1e-5
      for (k, (x, y)) in [(-d, -d), (d, -d), (d, d), (-d, d)].enumerated() {
        xml += "<node id='\(i * 4 + k + 1)' lat='\(y)' lon='\(x)'/>"
      }
      let refs = [1, 2, 3, 4, 1].map { "<nd ref='\(i * 4 + $0)'/>" }.joined()
      xml += "<way id='\(i + 1)'>\(refs)</way>"
    }
    xml += "<relation id='1'>"
    for i in 0..<(2 * rings) {
      xml += "<member type='way' ref='\(i + 1)' role='\(i < rings ? "outer" : "")'/>"
    }
    xml += "<tag k='type' v='multipolygon'/><tag k='building' v='yes'/></relation></osm>"
    XCTAssertFalse(isRefused(Array(xml.utf8), "bomb.osm"))
    XCTAssertLessThan(peakMegabytes(), Self.mostMemory)
  }
}
