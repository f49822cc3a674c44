import CityBase

/// Pulls elements and attributes out of XML in memory, without an allocation for either.
///
///     try file.withBytes { bytes throws(CityError) in
///       var xml = XMLScanner(bytes, file: path)
///       while try xml.next() {
///         if xml.isStart, xml.name == "node", let id = xml.attribute("id")?.integer { ... }
///       }
///     }
///
/// Well-formedness is checked as far as elements and attributes go: quotes, references, matching
/// end tags, one root. Text, comments, CDATA, processing instructions and the document type are
/// skipped; entities that a document type declares are not known, so none can explode.
public struct XMLScanner {
  static let depthLimit = 512

  let bytes: UnsafeRawBufferPointer
  let file: String
  var at = 0
  /// Where the names of the open elements are.
  var open: [Range<Int>] = []
  var attributes: [Attribute] = []
  var nameRange = 0..<0
  var selfCloses = false
  var hasRoot = false

  struct Attribute {
    var name: Range<Int>
    var value: Range<Int>
    var hasEntities: Bool
  }

  /// Whether the scanner stands on the start of an element; an end otherwise.
  public private(set) var isStart = false
  /// The byte where the present tag starts.
  public private(set) var offset = 0

  /// A scanner over bytes that must stay valid while it is used.
  public init(_ bytes: UnsafeRawBufferPointer, file: String) {
    self.bytes = bytes
    self.file = file
    if bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF { at = 3 }
  }

  /// The name of the present element.
  public var name: ByteText { text(nameRange, false) }
  /// How many elements are open, the present one included at its start and at its end.
  public private(set) var depth = 0
  /// How many attributes the present start has; 0 on an end.
  public var attributeCount: Int { attributes.count }
  /// The name of an attribute, by position.
  public func attributeName(_ index: Int) -> ByteText { text(attributes[index].name, false) }
  /// The value of an attribute, by position.
  public func attributeValue(_ index: Int) -> ByteText {
    text(attributes[index].value, attributes[index].hasEntities)
  }
  /// The value of an attribute; nil where the present element has none of that name.
  public func attribute(_ name: StaticString) -> ByteText? {
    for a in attributes where text(a.name, false) == name { return text(a.value, a.hasEntities) }
    return nil
  }

  /// An error at the present tag.
  public func error(_ message: String) -> CityError { bad(message, at: offset) }

  func text(_ range: Range<Int>, _ hasEntities: Bool) -> ByteText {
    ByteText(raw: UnsafeRawBufferPointer(rebasing: bytes[range]), hasEntities: hasEntities)
  }

  func bad(_ what: String, at place: Int) -> CityError {
    .refused(what, file: file, place: TextPlace.describe(place, in: bytes))
  }

  mutating func begin() {
    isStart = true
    depth += 1
  }

  mutating func end() { isStart = false }

  /// Moves to the next start or end of an element; false at the end of the document. An element
  /// that closes itself gives both. Refused, with the byte, where the document is malformed, ends
  /// too early or nests more than 512 levels.
  public mutating func next() throws(CityError) -> Bool {
    attributes.removeAll(keepingCapacity: true)
    if selfCloses {
      selfCloses = false
      isStart = false
      return true
    }
    if !isStart && depth > 0 { depth -= 1 }
    while true {
      try skipText()
      guard at < bytes.count else {
        if let last = open.last {
          throw bad("expected the end of the element \"\(text(last, false).string)\"", at: at)
        }
        guard hasRoot else { throw bad("expected an element", at: at) }
        isStart = false
        return false
      }
      offset = at
      switch at + 1 < bytes.count ? bytes[at + 1] : 0 {
      case 0x21: try skipDeclaration()
      case 0x3F: try skipInstruction()
      case 0x2F:
        try readEnd()
        return true
      default:
        try readStart()
        return true
      }
    }
  }
}
