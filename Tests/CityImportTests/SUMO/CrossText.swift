/// A SUMO network written by hand: a main road from west to east and a side road from the south,
/// one lane each way, all 100 m from the middle. Vehicles drive 1.6 m to the right of the axes and
/// stop 8 m before the middle.
///
///     W ---- C ---- E
///            |
///            S
///
/// The road from the west has a sidewalk as its lane 0; a railway runs elsewhere. The left turn from
/// the east is cut in two by an internal junction.
struct CrossText {
  var type = "priority"
  var programs = ""
  var location =
    #"<location netOffset="0.00,0.00" convBoundary="-100,-100,100,0" projParameter="!"/>"#
  var isSignalled = false
  var extra = ""

  /// By index of the request: from, to, way across, state.
  static let ways: [(from: String, to: String, dir: String, via: String)] = [
    ("EC", "CW", "s", ":C_0_0"), ("EC", "CS", "l", ":C_1_0"), ("SC", "CE", "r", ":C_2_0"),
    ("SC", "CW", "l", ":C_3_0"), ("WC", "CS", "r", ":C_4_0"), ("WC", "CE", "s", ":C_5_0"),
  ]

  /// Who yields to whom, by index: the left turn to those who come against it and to the right turn
  /// into the same lane, the side road to everybody it meets.
  static let yields: [(Int, [Int])] = [
    (0, []), (1, [4, 5]), (2, [5]), (3, [0, 1, 5]), (4, []), (5, []),
  ]

  /// Pairs that are in each other's way.
  static let meetings: [(Int, Int)] = [(0, 3), (1, 4), (1, 5), (1, 3), (2, 5), (3, 5)]

  /// A bit string of seven, the last character being index 0.
  private static func bits(_ ones: [Int]) -> String {
    (0..<7).reversed().map { ones.contains($0) ? "1" : "0" }.joined()
  }

  private static func requests() -> String {
    yields.map { index, to in
      let foes = meetings.compactMap { $0.0 == index ? $0.1 : $0.1 == index ? $0.0 : nil }
      return #"<request index="\#(index)" response="\#(bits(to))" foes="\#(bits(foes))" cont="0"/>"#
    }.joined(separator: "\n    ")
      + "\n    " + #"<request index="6" response="0000000" foes="0000000" cont="0"/>"#
  }

  private func connections() -> String {
    var out = ""
    for (i, way) in Self.ways.enumerated() {
      let lane = way.from == "WC" ? 1 : 0
      let state = way.from == "SC" || i == 1 ? "m" : "M"
      let signal = isSignalled ? #" tl="T" linkIndex="\#(i)""# : ""
      out +=
        #"<connection from="\#(way.from)" to="\#(way.to)" fromLane="\#(lane)" toLane="0""#
        + #" via="\#(way.via)"\#(signal) dir="\#(way.dir)" state="\#(state)"/>\n  "#
    }
    return out
      + #"<connection from=":C_1" to="CS" fromLane="0" toLane="0" via=":C_6_0" dir="l" state="m"/>"#
      + "\n  " + #"<connection from=":C_6" to="CS" fromLane="0" toLane="0" dir="l" state="M"/>"#
      + "\n  " + #"<connection from=":C_w0" to=":C_c0" fromLane="0" toLane="0" dir="s" state="M"/>"#
  }

  var text: String {
    """
    <?xml version="1.0" encoding="UTF-8"?>
    <net version="1.20" junctionCornerDetail="5">
      \(location)
      <edge id=":C_0" function="internal">
        <lane id=":C_0_0" index="0" speed="13.89" length="16.00" shape="8.00,1.60 -8.00,1.60"/>
      </edge>
      <edge id=":C_1" function="internal">
        <lane id=":C_1_0" index="0" speed="8.00" length="8.00" shape="8.00,1.60 2.00,1.00 0.00,0.00"/>
      </edge>
      <edge id=":C_6" function="internal">
        <lane id=":C_6_0" index="0" speed="7.00" length="9.00" shape="0.00,0.00 -1.00,-2.00 -1.60,-8.00"/>
      </edge>
      <edge id=":C_2" function="internal">
        <lane id=":C_2_0" index="0" speed="6.50" length="10.00" shape="1.60,-8.00 3.50,-3.50 8.00,-1.60"/>
      </edge>
      <edge id=":C_3" function="internal">
        <lane id=":C_3_0" index="0" speed="8.00" length="16.50" shape="1.60,-8.00 1.20,-4.00 0.00,-1.00 -3.00,1.00 -8.00,1.60"/>
      </edge>
      <edge id=":C_4" function="internal">
        <lane id=":C_4_0" index="0" speed="6.50" length="10.00" shape="-8.00,-1.60 -3.50,-3.50 -1.60,-8.00"/>
      </edge>
      <edge id=":C_5" function="internal">
        <lane id=":C_5_0" index="0" speed="13.89" length="16.00" shape="-8.00,-1.60 8.00,-1.60"/>
      </edge>
      <edge id=":C_c0" function="crossing" crossingEdges="SC CS">
        <lane id=":C_c0_0" index="0" allow="pedestrian" speed="2.78" length="6.40" shape="-3.2,-9 3.2,-9"/>
      </edge>
      <edge id="EC" from="E" to="C" priority="3" name="Main &amp; Street" type="highway.primary">
        <lane id="EC_0" index="0" speed="13.89" length="92.00" shape="100.00,1.60 8.00,1.60"/>
      </edge>
      <edge id="CE" from="C" to="E" priority="3" type="highway.primary">
        <lane id="CE_0" index="0" speed="13.89" length="92.00" shape="8.00,-1.60 100.00,-1.60"/>
      </edge>
      <edge id="WC" from="W" to="C" priority="3" type="highway.primary">
        <lane id="WC_0" index="0" allow="pedestrian" speed="2.78" length="92.00" width="2.00" shape="-100.00,-4.20 -8.00,-4.20"/>
        <lane id="WC_1" index="1" disallow="pedestrian bicycle" speed="13.89" length="92.00" shape="-100.00,-1.60 -8.00,-1.60"/>
      </edge>
      <edge id="CW" from="C" to="W" priority="3" type="highway.primary">
        <lane id="CW_0" index="0" speed="13.89" length="92.00" shape="-8.00,1.60 -100.00,1.60"/>
      </edge>
      <edge id="SC" from="S" to="C" priority="1">
        <lane id="SC_0" index="0" speed="8.33" length="92.00" shape="1.60,-100.00 1.60,-8.00"/>
      </edge>
      <edge id="CS" from="C" to="S" priority="1">
        <lane id="CS_0" index="0" speed="8.33" length="92.00" shape="-1.60,-8.00 -1.60,-100.00"/>
      </edge>
      <edge id="rail" from="W" to="S" priority="1">
        <lane id="rail_0" index="0" allow="rail tram" speed="30" length="140.00" shape="-100,0 0,-100"/>
      </edge>
      \(programs)
      <junction id="C" type="\(type)" x="0.00" y="0.00" incLanes="EC_0 SC_0 WC_1 :C_w0_0" intLanes="" shape="">
        \(Self.requests())
      </junction>
      <junction id="E" type="dead_end" x="100.00" y="0.00" incLanes="CE_0" intLanes="" shape=""/>
      <junction id="W" type="dead_end" x="-100.00" y="0.00" incLanes="CW_0" intLanes="" shape=""/>
      <junction id="S" type="dead_end" x="0.00" y="-100.00" incLanes="CS_0" intLanes="" shape=""/>
      <junction id=":C_6_0" type="internal" x="0.00" y="0.00" incLanes=":C_1_0 WC_1" intLanes=":C_5_0"/>
      \(connections())
      \(extra)
    </net>
    """
  }

  /// The same junction with signals: 30 s for the main road (its left turn yielding), 3 s of
  /// yellow, 20 s for the side road, 3 s of yellow, 2 s of red and yellow for the main road.
  static var signalled: CrossText {
    var cross = CrossText()
    cross.type = "traffic_light"
    cross.isSignalled = true
    cross.programs = """
      <tlLogic id="T" type="static" programID="0" offset="7">
        <phase duration="30" state="GgrrGG"/>
        <phase duration="3" state="yyrryy"/>
        <phase duration="20" state="rrGGrr"/>
        <phase duration="3" state="rryyrr"/>
        <phase duration="2" state="uurruu"/>
      </tlLogic>
      """
    return cross
  }
}
