import CityBase
import CityText

extension FeatureTable {
  /// The key of a property name, for the faster forms; nil where no feature has it.
  public func key(_ name: String) -> Int? { keyOfName[name] }

  /// Whether a feature has a property, be it null.
  public func has(_ i: Int, _ name: String) -> Bool {
    keyOfName[name].flatMap { entry(i, key: $0) } != nil
  }

  /// A property as text: a string as it is, a number or truth value as written, nested JSON as
  /// written; nil where it is absent or null.
  public func text(_ i: Int, _ name: String) -> String? {
    keyOfName[name].flatMap { text(i, key: $0) }
  }
  /// The same by key.
  public func text(_ i: Int, key: Int) -> String? {
    guard let e = entry(i, key: key) else { return nil }
    return source.withBytes { bytes in
      let raw = UnsafeRawBufferPointer(rebasing: bytes[e.start..<e.start + Int(e.count)])
      switch raw.first {
      case 0x22: return JSONStringText.lenient(Self.inside(raw))
      case 0x6E: return nil
      default: return String(decoding: raw, as: UTF8.self)
      }
    }
  }

  /// A property as a number, also where a string spells one; nil where it is absent or anything
  /// else.
  public func number(_ i: Int, _ name: String) -> Double? {
    keyOfName[name].flatMap { number(i, key: $0) }
  }
  /// The same by key.
  public func number(_ i: Int, key: Int) -> Double? {
    guard let e = entry(i, key: key) else { return nil }
    return source.withBytes { bytes in
      var raw = UnsafeRawBufferPointer(rebasing: bytes[e.start..<e.start + Int(e.count)])
      if raw.first == 0x22 {
        raw = Self.inside(raw)
        while raw.first == 0x20 { raw = UnsafeRawBufferPointer(rebasing: raw.dropFirst()) }
        while raw.last == 0x20 { raw = UnsafeRawBufferPointer(rebasing: raw.dropLast()) }
      }
      guard let v = NumberText.parseDouble(raw), v.isFinite else { return nil }
      return v
    }
  }

  /// A property as it is; nested JSON comes as its text. Nil where it is absent.
  public func value(_ i: Int, _ name: String) -> PropertyValue? {
    keyOfName[name].flatMap { value(i, key: $0) }
  }
  /// The same by key.
  public func value(_ i: Int, key: Int) -> PropertyValue? { entry(i, key: key).map(value) }

  /// All properties of a feature, in file order.
  public func properties(_ i: Int) -> [Property] {
    entries[Int(firstEntry[i])..<Int(firstEntry[i + 1])].map {
      Property(propertyNames[Int($0.key)], value($0))
    }
  }

  func entry(_ i: Int, key: Int) -> Entry? {
    var e = Int(firstEntry[i])
    let end = Int(firstEntry[i + 1])
    while e < end {
      if Int(entries[e].key) == key { return entries[e] }
      e += 1
    }
    return nil
  }

  func value(_ e: Entry) -> PropertyValue {
    source.withBytes { bytes in
      let raw = UnsafeRawBufferPointer(rebasing: bytes[e.start..<e.start + Int(e.count)])
      switch raw.first {
      case 0x22: return .text(JSONStringText.lenient(Self.inside(raw)))
      case 0x74: return .bool(true)
      case 0x66: return .bool(false)
      case 0x7B, 0x5B: return .text(String(decoding: raw, as: UTF8.self))
      case .some(0x2D), .some(0x30...0x39):
        if let i = NumberText.parseInteger(raw) { return .integer(i) }
        guard let v = NumberText.parseDouble(raw), v.isFinite else { return .null }
        return .number(v, decimals: 15)
      default: return .null
      }
    }
  }

  /// A string without its quotes.
  static func inside(_ raw: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: raw[1..<max(1, raw.count - 1)])
  }
}
