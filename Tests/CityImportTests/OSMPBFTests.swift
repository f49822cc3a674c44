import CityBase
import CityNetwork
import CityTestSupport
import XCTest

@testable import CityImport

final class OSMPBFTests: XCTestCase {
  private func read(_ bytes: [UInt8], _ file: String = "town.osm.pbf") throws -> OSMData {
    var diagnostics = Diagnostics()
    return try OSMReader.parse(bytes, file: file, diagnostics: &diagnostics)
  }

  /// A town with something of everything, ids in no order.
  static var town: TownText {
    var town = TownText()
    town.bounds = [-500, -500, 500, 500]
    town.node(7, 0, 0, ["highway": "traffic_signals"])
    town.node(2, -200, 0.5)
    town.node(-3, 200, 0, ["highway": "stop", "direction": "forward"])
    town.node(4_000_000_000, 0, -150)
    town.node(5, 1, 150)
    town.way(30, [2, 7, -3], ["highway": "primary", "lanes": "4", "name": "Straße der 中"])
    town.way(10, [4_000_000_000, 7], ["highway": "residential"])
    town.way(20, [7, 5], ["highway": "residential", "oneway": "yes"])
    town.rectangle(40, 50, 50, 20, 30, ["building": "yes"])
    town.relation(
      9, [("way", 30, "from"), ("node", 7, "via"), ("way", 20, "to")],
      ["type": "restriction", "restriction": "no_left_turn"])
    return town
  }

  private func hash(_ data: OSMData) throws -> UInt64 {
    var diagnostics = Diagnostics()
    let draft = try OSMImport.draft(data, name: "town", diagnostics: &diagnostics)
    return NetworkBuilder.build(draft.roads, diagnostics: &diagnostics).networkHash
  }

  func testXMLAndPBFOfOneTownAreTheSame() throws {
    var diagnostics = Diagnostics()
    let xml = try Self.town.data(&diagnostics)
    let expected = try hash(xml)
    var ways = [TownPBF(), TownPBF(), TownPBF(), TownPBF()]
    ways[1].isDeflated = true
    ways[2].isDense = false
    ways[3].granularity = 50
    ways[3].latOffset = -12_345_600
    ways[3].lonOffset = 3_000_000_000
    for way in ways {
      let pbf = try read(way.bytes(Self.town))
      XCTAssertEqual(pbf.nodeID, xml.nodeID)
      XCTAssertEqual(pbf.nodePosition, xml.nodePosition)
      XCTAssertEqual(pbf.wayID, [10, 20, 30, 40])
      XCTAssertEqual(pbf.refs.count, 12)
      XCTAssertEqual(pbf.tags(ofWay: 2)[.name], "Straße der 中")
      XCTAssertEqual(pbf.tags(ofWay: 2).properties, xml.tags(ofWay: 2).properties)
      XCTAssertEqual(pbf.tags(ofNode: 0).properties, xml.tags(ofNode: 0).properties)
      XCTAssertEqual(pbf.memberID, [30, 7, 20])
      XCTAssertEqual(pbf.memberKind, [.way, .node, .way])
      XCTAssertEqual(pbf.memberRole.map { pbf.texts[Int($0)] }, ["from", "via", "to"])
      XCTAssertEqual(pbf.bounds.width, 1000 / TownText.metresPerDegree.x, accuracy: 1e-8)
      XCTAssertEqual(try hash(pbf), expected)
    }
  }

  private func refusal(_ bytes: [UInt8]) -> String {
    do {
      _ = try read(bytes)
      return "read"
    } catch let error as CityError {
      XCTAssertEqual(error.kind, .refused)
      XCTAssertEqual(error.file, "town.osm.pbf")
      return error.description
    } catch { return "\(error)" }
  }

  func testWhatIsNotPBFIsRefusedWithItsPlace() {
    let pbf = TownPBF()
    let good = pbf.bytes(Self.town)
    let header = pbf.blob("OSMHeader", [])
    func withFeature(_ name: String) -> [UInt8] {
      var other = TownPBF()
      other.requiredFeatures.append(name)
      return other.bytes(Self.town)
    }
    func data(_ content: (inout ProtobufText) -> Void) -> [UInt8] {
      var message = ProtobufText()
      content(&message)
      return header + pbf.blob("OSMData", message.bytes)
    }
    /// A blob whose content is written by hand.
    func rawBlob(_ content: (inout ProtobufText) -> Void) -> [UInt8] {
      var blob = ProtobufText()
      content(&blob)
      var head = ProtobufText()
      head.text(1, "OSMData")
      head.integer(3, Int64(blob.bytes.count))
      return header + [0, 0, 0, UInt8(head.bytes.count)] + head.bytes + blob.bytes
    }
    func group(_ content: (inout ProtobufText) -> Void) -> [UInt8] {
      data {
        var group = ProtobufText()
        content(&group)
        $0.data(2, group.bytes)
      }
    }
    func dense(_ content: (inout ProtobufText) -> Void) -> [UInt8] {
      group {
        var dense = ProtobufText()
        content(&dense)
        $0.data(2, dense.bytes)
      }
    }
    let cases: [([UInt8], String)] = [
      ([], "expected an OSMHeader"),
      ([0, 0, 0], "byte 0"),
      ([0, 2, 0, 0] + good, "at most 65536"),
      (Array(good.dropLast()), "a blob is cut off"),
      (pbf.blob("OSMData", []), "before the data"),
      (withFeature("HistoricalInformation"), "history"),
      (withFeature("Teleportation"), "Teleportation"),
      (rawBlob { $0.data(4, [1, 2, 3]) }, "LZMA"),
      (rawBlob { $0.data(7, [1, 2, 3]) }, "zstd"),
      (rawBlob { $0.integer(2, 5) }, "expected data in a blob"),
      (rawBlob { $0.data(3, TownPBF.stored([1])) }, "expanded size"),
      (
        rawBlob {
          $0.integer(2, 33 << 20)
          $0.data(3, TownPBF.stored([1]))
        }, "at most 32 MiB"
      ),
      (
        rawBlob {
          $0.integer(2, 31 << 20)
          $0.data(3, TownPBF.stored([1]))
        }, "grows to more than"
      ),
      (
        rawBlob {
          $0.integer(2, 2)
          $0.data(3, TownPBF.stored([1]))
        }, "were announced"
      ),
      (
        rawBlob {
          $0.integer(2, 1)
          $0.data(3, TownPBF.stored([1, 2]))
        }, "more than the 1 bytes"
      ),
      (
        rawBlob {
          $0.integer(2, 1)
          $0.data(3, Array(TownPBF.stored([1]).dropLast(3)))
        }, "cut off"
      ),
      (data { $0.integer(17, 0) }, "granularity"),
      (data { $0.bytes += [0x12, 0xFF, 0x01] }, "says it has 255 bytes, and 0 are left"),
      (data { $0.bytes += [0x07] }, "expected a field"),
      (data { $0.integer(2, 3) }, "expected bytes"),
      (
        dense {
          $0.packed(1, [1, 1], zigzag: true)
          $0.packed(8, [0], zigzag: true)
          $0.packed(9, [0, 0], zigzag: true)
        }, "2 nodes with 1 and 2 coordinates"
      ),
      (
        dense {
          for field: UInt64 in [1, 8, 9] { $0.packed(field, [1], zigzag: true) }
          $0.packed(10, [5, 6, 0])
        }, "text 5 of 0"
      ),
      (
        dense {
          for field: UInt64 in [1, 8, 9] { $0.packed(field, [1, 1], zigzag: true) }
          $0.packed(10, [0])
        }, "fewer nodes"
      ),
      (
        group {
          var way = ProtobufText()
          way.integer(1, 5)
          way.packed(2, [1])
          $0.data(3, way.bytes)
        }, "1 keys and 0 values"
      ),
      (
        group {
          var relation = ProtobufText()
          relation.packed(9, [1], zigzag: true)
          $0.data(4, relation.bytes)
        }, "1 members with 0 roles"
      ),
    ]
    for (bytes, words) in cases {
      let text = refusal(bytes)
      XCTAssertTrue(text.contains(words), "\(words): \(text)")
    }
    XCTAssertEqual(refusal(good), "read")
    // Blobs of other types are none of ours.
    XCTAssertEqual(refusal(good + pbf.blob("Weather", [1, 2, 3])), "read")
  }

  func testNodesThatAreNowhereOrDeletedAreLeftOut() throws {
    let pbf = TownPBF()
    var table = ProtobufText()
    for text in ["", "a", "b"] { table.text(1, text) }
    var info = ProtobufText()
    info.packed(6, [1, 0, 1])
    var dense = ProtobufText()
    dense.differences(1, [1, 2, 3])
    dense.differences(8, [10_000_000, 20_000_000, 910_000_000])
    dense.differences(9, [30_000_000, 30_000_000, 30_000_000])
    dense.data(5, info.bytes)
    dense.packed(10, [1, 2, 0, 1, 2, 0, 0])
    var group = ProtobufText()
    group.data(2, dense.bytes)
    var block = ProtobufText()
    block.data(1, table.bytes)
    block.data(2, group.bytes)
    var diagnostics = Diagnostics()
    let data = try OSMReader.parse(
      pbf.blob("OSMHeader", []) + pbf.blob("OSMData", block.bytes), file: "a",
      diagnostics: &diagnostics)
    XCTAssertEqual(data.nodeID, [1])
    XCTAssertEqual(data.nodePosition, [Point2(3, 1)])
    XCTAssertEqual(data.tags(ofNode: 0).properties, [Property("a", .text("b"))])
    XCTAssertEqual(diagnostics.count(of: "osm-position"), 1)
  }
}
