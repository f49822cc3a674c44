import CityBase
import CityNetwork
import CitySimulation

extension TrafficWorld {
  /// What stands on lanes and how the gates are; where the stretches are follows from the former.
  func encodeObstacles(into writer: inout StateWriter) {
    writer.section("traffic-obstacles")
    writer.write(obstacles.nextID[0])
    writer.write(Int64(obstacles.blockages.count))
    for blockage in obstacles.blockages.elements {
      writer.write(blockage.id)
      writer.write(blockage.lane)
      writer.write(blockage.from)
      writer.write(blockage.to)
      writer.write(blockage.width)
    }
    writer.writeRaw(obstacles.stretches.elements.map(\.mayPass))
    writer.writeRaw(obstacles.stretches.elements.map(\.flags))
    writer.writeRaw(obstacles.passages.elements.map(\.turn))
    writer.writeRaw(obstacles.passages.elements.map(\.goal))
    writer.writeRaw(obstacles.passages.elements.map(\.waited))
    writer.write(obstacles.passages.elements.map { $0.isSettled ? UInt8(1) : 0 })
  }

  func decodeObstacles(from reader: inout StateReader) throws(CityError) {
    func check(_ isRight: Bool, _ what: String) throws(CityError) {
      if !isRight { throw .refused("\(what) out of range", file: reader.file) }
    }
    try reader.section("traffic-obstacles")
    obstacles.nextID[0] = try reader.read()
    let n: Int64 = try reader.read()
    try check((0...1_000_000).contains(n) && obstacles.nextID[0] >= 0, "a count of blockages")
    obstacles.blockages.removeAll()
    for _ in 0..<n {
      let id: Int32 = try reader.read()
      let lane: LaneID = try reader.readID()
      let blockage = LaneBlockage(
        lane: lane, from: try reader.readFloat(), to: try reader.readFloat(),
        residualWidth: try reader.readFloat())
      guard let standing = standing(blockage, id: id), id >= -1 else {
        throw .refused("a blockage on no road lane", file: reader.file)
      }
      obstacles.blockages.append(standing)
    }
    setStretches(StretchLayout(Array(obstacles.blockages.elements), network))
    let mayPass: [Int32] = try reader.readRaw()
    let flags: [UInt8] = try reader.readRaw()
    let turns: [Int8] = try reader.readRaw()
    let goals: [Int8] = try reader.readRaw()
    let waited: [Int32] = try reader.readRaw()
    let settled = try reader.readBytes()
    let stretches = obstacles.stretches.count
    let passages = obstacles.passages.count
    try check(mayPass.count == stretches && flags.count == stretches, "a count of gates")
    try check(
      turns.count == passages && goals.count == passages && waited.count == passages
        && settled.count == passages, "a count of passages")
    for k in 0..<stretches {
      try check(mayPass[k] >= 0, "a gate")
      obstacles.stretches.elements[k].mayPass = mayPass[k]
      obstacles.stretches.elements[k].flags = flags[k]
    }
    for p in 0..<passages {
      try check((-1...1).contains(turns[p]) && (-1...1).contains(goals[p]), "a turn")
      try check((0..<Int32.max / 2).contains(waited[p]), "a time of waiting")
      obstacles.passages.elements[p].turn = turns[p]
      obstacles.passages.elements[p].goal = goals[p]
      obstacles.passages.elements[p].waited = waited[p]
      obstacles.passages.elements[p].isSettled = settled[p] != 0
    }
  }
}
