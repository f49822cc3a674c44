import CityBase
import CitySimulation
import CityText

extension EmergencySettings {
  /// Reads `emergency` of a scenario strictly; `rules` are the dispatch rules it may name.
  public init(from reader: inout JSONObjectReader, rules: [any DispatchRule.Type])
    throws(CityError)
  {
    self.init()
    log = try reader.optionalString("log")
    if var inner = try reader.optionalObject("draw") {
      draw = try CallDraw(from: &inner)
      try inner.finish()
    }
    guard (log != nil) != (draw != nil) else {
      throw .refused(
        "expected either \"log\", a table of calls, or \"draw\"", file: reader.file,
        place: reader.path)
    }
    if log?.isEmpty == true { throw reader.error("log", "expected the path of a CSV file") }
    try readRule(from: &reader, rules: rules)
    try readPrivileges(from: &reader)
    try readTimes(from: &reader)
    if var inner = try reader.optionalObject("accident") {
      twoLanesShare = try inner.optionalNumber("two_lanes_share", in: 0...1) ?? twoLanesShare
      accidentResidualWidth =
        try inner.optionalNumber("residual_width_m", in: 0...20) ?? accidentResidualWidth
      try inner.finish()
    }
    try reader.finish()
  }

  private mutating func readRule(
    from reader: inout JSONObjectReader, rules: [any DispatchRule.Type]
  ) throws(CityError) {
    ruleSource = reader.optionalValue("dispatch")
    guard var inner = try reader.optionalObject("dispatch") else { return }
    let type = try inner.string("type")
    guard let known = rules.first(where: { $0.typeName == type }) else {
      let words = rules.map { "\"\($0.typeName)\"" }.joined(separator: ", ")
      throw inner.error("type", "expected one of \(words), found \"\(type)\"")
    }
    rule = try known.init(from: &inner)
    try inner.finish()
  }

  private mutating func readPrivileges(from reader: inout JSONObjectReader) throws(CityError) {
    guard var inner = try reader.optionalObject("privileges") else { return }
    for (privilege, word) in Privileges.words
    where try inner.optionalBool(word) == false { privileges.remove(privilege) }
    try inner.finish()
  }

  private mutating func readTimes(from reader: inout JSONObjectReader) throws(CityError) {
    if var inner = try reader.optionalObject("turnout") {
      for kind in UnitKind.allCases {
        try turnout[Int(kind.rawValue)].read(kind.word, from: &inner)
      }
      try inner.finish()
    }
    if var inner = try reader.optionalObject("on_scene") {
      for kind in IncidentKind.allCases {
        try onScene[Int(kind.rawValue)].read(kind.word, from: &inner)
      }
      try inner.finish()
    }
    if var inner = try reader.optionalObject("transport") {
      transportShare = try inner.optionalNumber("share", in: 0...1) ?? transportShare
      try handover.read("handover", from: &inner)
      try inner.finish()
    }
  }

  /// Writes the settings with all defaults filled in, as a scenario has them: what was read and
  /// what is written say the same.
  public func write(to writer: inout JSONWriter) {
    writer.beginObject()
    if let log { writer.member("log", log) }
    if let draw {
      writer.key("draw")
      draw.write(to: &writer)
    }
    writer.key("dispatch")
    if let ruleSource {
      writer.append(ruleSource)
    } else {
      writer.beginObject()
      writer.member("type", type(of: rule).typeName)
      writer.endObject()
    }
    writer.key("privileges")
    writer.beginObject()
    for (privilege, word) in Privileges.words {
      writer.member(word, privileges.contains(privilege))
    }
    writer.endObject()
    writeTimes(to: &writer)
    writer.key("accident")
    writer.beginObject()
    writer.member("two_lanes_share", twoLanesShare)
    writer.member("residual_width_m", accidentResidualWidth)
    writer.endObject()
    writer.endObject()
  }

  private func writeTimes(to writer: inout JSONWriter) {
    writer.key("turnout")
    writer.beginObject()
    for kind in UnitKind.allCases {
      writer.key(kind.word)
      turnout[Int(kind.rawValue)].write(to: &writer)
    }
    writer.endObject()
    writer.key("on_scene")
    writer.beginObject()
    for kind in IncidentKind.allCases {
      writer.key(kind.word)
      onScene[Int(kind.rawValue)].write(to: &writer)
    }
    writer.endObject()
    writer.key("transport")
    writer.beginObject()
    writer.member("share", transportShare)
    writer.key("handover")
    handover.write(to: &writer)
    writer.endObject()
  }
}

extension Privileges {
  /// Each privilege with its word in scenarios and snapshots.
  static let words: [(Privileges, String)] = [
    (.passRed, "pass_red"), (.filterQueue, "filter_queue"),
  ]

  /// The words of those it has, with commas between; empty for none.
  var text: String {
    Self.words.filter { contains($0.0) }.map(\.1).joined(separator: ",")
  }
}
