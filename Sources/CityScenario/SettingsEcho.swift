import CityText

extension JSONWriter {
  /// Writes a value as it was read, numbers as short as they can be: 39.12 stays 39.12.
  mutating func echo(_ value: JSONValue) {
    switch value.content {
    case .number(let number):
      // Swift's description is the shortest decimal that reads back as the same number.
      raw("\(number)".utf8)
    case .array(let elements):
      beginArray()
      for element in elements { echo(element) }
      endArray()
    case .object(let members):
      beginObject()
      for member in members {
        key(member.key)
        echo(member.value)
      }
      endObject()
    default:
      append(value)
    }
  }
}
