import CityBase
import CityText

/// A place as scenarios write it: `[longitude, latitude]` in degrees on WGS 84.
struct PlaceText: Sendable, Hashable {
  let degrees: Point2

  /// Refuses anything but two numbers within their ranges.
  init(_ value: JSONValue, file: String, path: String) throws(CityError) {
    guard let numbers = value.array?.map(\.number), numbers.count == 2, let x = numbers[0],
      let y = numbers[1]
    else {
      let found = value.array.map { "an array of \($0.count)" } ?? value.kindInWords
      throw .refused(
        "expected [longitude, latitude] in degrees, found \(found)", file: file, place: path)
    }
    guard abs(x) <= 180, abs(y) <= 90 else {
      let isSwapped = abs(y) <= 180 && abs(x) <= 90
      throw .refused(
        "expected [longitude, latitude] in degrees, found [\(x), \(y)]"
          + (isSwapped ? "; did you mean [\(y), \(x)]?" : ""), file: file, place: path)
    }
    degrees = Point2(x, y)
  }

  /// As in a scenario.
  var text: String { "[\(degrees.x), \(degrees.y)]" }
}

extension Spelling {
  /// `; did you mean "…"?`, or nothing where no candidate is near enough.
  public static func hint(for word: String, among candidates: some Sequence<String>) -> String {
    // Sorted, because the first of equally near ones is taken, and candidates come from sets too.
    let sorted = Set(candidates).subtracting([""]).sorted()
    return nearest(to: word, among: sorted).map { "; did you mean \"\($0)\"?" } ?? ""
  }
}
