import CityBase
import CityText

extension GeoJSONScanner {
  mutating func beginFeature() {
    featureStart = at
    mark = Mark(table)
    serial += 1
  }

  /// Reads one element of `features`; one that is no feature is left out.
  mutating func readFeature() throws(CityError) {
    _ = peek()
    beginFeature()
    guard peek() == 0x7B else {
      try skipValue()
      return leaveOut("expected an object as a feature")
    }
    at += 1
    var isFeature = false
    var kind: GeometryKind?
    var id = FeatureTable.Slice()
    var goesOn = peek() != 0x7D
    if !goesOn { at += 1 }
    while goesOn {
      let key = try readKey()
      if token(key, is: "type") {
        if peek() == 0x22 {
          isFeature = token(try readString(), is: "Feature")
        } else {
          isFeature = false
          try skipValue()
        }
      } else if token(key, is: "geometry") {
        if kind != nil {
          note("duplicate-key", "the key \"geometry\" comes twice; the last one counts")
          mark.restoreGeometry(&table)
        }
        kind = try readGeometry()
      } else if token(key, is: "properties") {
        try readProperties()
      } else if token(key, is: "id") {
        id = try readID()
      } else {
        try skipValue()
      }
      goesOn = try continues(0x7D)
    }
    guard isFeature else { return leaveOut("expected \"type\": \"Feature\"") }
    if kind == nil { note("geometry-missing", "a feature without a \"geometry\" member") }
    try commit(kind ?? .none, id: id)
  }

  mutating func leaveOut(_ why: String) {
    warn("feature-malformed", "\(why); it was left out")
    mark.restore(&table)
    ordinal += 1
  }

  /// Ends the row of a feature.
  mutating func commit(_ kind: GeometryKind, id: FeatureTable.Slice) throws(CityError) {
    guard table.coordinates.count < Int(UInt32.max), table.entries.count < Int(UInt32.max),
      ordinal < Int(UInt32.max)
    else { throw bad("more than 4,294,967,295 points or properties in one file", at: featureStart) }
    table.kinds.append(kind)
    table.offsets.append(featureStart)
    table.ordinals.append(UInt32(ordinal))
    table.identifiers.append(id)
    table.firstPart.append(UInt32(table.firstRing.count - 1))
    table.firstEntry.append(UInt32(table.entries.count))
    ordinal += 1
    if table.kinds.count == 512 { reserve() }
  }

  /// Makes room for the whole file, judged by what its beginning held; growing by doubling would
  /// copy everything several times.
  private mutating func reserve() {
    let factor = 1.05 * Double(count) / Double(max(1, at))
    func room(_ now: Int) -> Int { Int(Double(now) * factor) }
    table.kinds.reserveCapacity(room(512))
    table.offsets.reserveCapacity(room(512))
    table.ordinals.reserveCapacity(room(512))
    table.identifiers.reserveCapacity(room(512))
    table.firstPart.reserveCapacity(room(512))
    table.firstEntry.reserveCapacity(room(512))
    table.firstRing.reserveCapacity(room(table.firstRing.count))
    table.firstPoint.reserveCapacity(room(table.firstPoint.count))
    table.coordinates.reserveCapacity(room(table.coordinates.count))
    table.entries.reserveCapacity(room(table.entries.count))
  }

  mutating func readID() throws(CityError) -> FeatureTable.Slice {
    let b = peek()
    let start = at
    try skipValue()
    guard b == 0x22 || b == 0x2D || b &- 0x30 <= 9 else {
      if b != 0x6E { warn("id-malformed", "expected a text or a number as \"id\"; it was ignored") }
      return FeatureTable.Slice()
    }
    return FeatureTable.Slice(start: start, count: try length(from: start))
  }

  func length(from start: Int) throws(CityError) -> Int32 {
    guard let n = Int32(exactly: at - start) else {
      throw bad("a value of more than 2 GB", at: start)
    }
    return n
  }

  /// Remembers where the value of each property stands.
  mutating func readProperties() throws(CityError) {
    if table.entries.count > mark.entries {
      note("duplicate-key", "the key \"properties\" comes twice; the last one counts")
      mark.restoreProperties(&table)
      serial += 1
    }
    let b = peek()
    guard b == 0x7B else {
      try skipValue()
      if b != 0x6E {
        warn("properties-malformed", "expected an object as \"properties\"; it was ignored")
      }
      return
    }
    at += 1
    if peek() == 0x7D {
      at += 1
      return
    }
    // What the feature before had in this place is the best guess.
    var guess = Int(table.firstEntry[table.firstEntry.count > 1 ? table.firstEntry.count - 2 : 0])
    repeat {
      let token = try readKey()
      let key = key(of: token, guess: guess)
      guess += 1
      _ = peek()
      let start = at
      try skipValue()
      let entry = FeatureTable.Entry(
        start: start, count: try length(from: start), key: Int32(truncatingIfNeeded: key))
      if keys.lastFeature[key] == serial {
        replace(entry)
      } else {
        keys.lastFeature[key] = serial
        table.entries.append(entry)
      }
    } while try continues(0x7D)
  }

  @inline(__always)
  mutating func key(of token: Token, guess: Int) -> Int {
    if !token.hasEscapes {
      if guess < mark.entries {
        let key = Int(table.entries[guess].key)
        if keys.matches(key, inside(token)) { return key }
      }
      return intern(inside(token))
    }
    return Array(JSONStringText.lenient(inside(token)).utf8).withUnsafeBytes { intern($0) }
  }

  mutating func intern(_ name: UnsafeRawBufferPointer) -> Int {
    let (key, isNew) = keys.intern(name)
    if isNew { table.propertyNames.append(String(decoding: name, as: UTF8.self)) }
    return key
  }

  mutating func replace(_ entry: FeatureTable.Entry) {
    let name = table.propertyNames[Int(entry.key)].prefix(40)
    note("duplicate-key", "the property \"\(name)\" comes twice; the last one counts")
    for i in mark.entries..<table.entries.count where table.entries[i].key == entry.key {
      table.entries[i] = entry
    }
  }
}
