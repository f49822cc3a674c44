import CityBase
import CityText

extension FeatureTable {
  /// The key of a property name, for the faster forms; nil where no feature has it.
  public func key(_ name: String) -> Int? { keyOfName[name] }

  /// A property as text: a string as it is, a number or truth value as written, nested JSON as
  /// written; nil where it is absent or null.
  public func text(_ i: Int, _ name: String) -> String? {
    keyOfName[name].flatMap { text(i, key: $0) }
  }
  public func text(_ i: Int, key: Int) -> String? { nil }

  /// A property as a number, also where a string spells one; nil where it is absent or anything
  /// else.
  public func number(_ i: Int, _ name: String) -> Double? {
    keyOfName[name].flatMap { number(i, key: $0) }
  }
  public func number(_ i: Int, key: Int) -> Double? { nil }

  /// A property as it is; nested JSON comes as its text. Nil where it is absent.
  public func value(_ i: Int, _ name: String) -> PropertyValue? {
    keyOfName[name].flatMap { value(i, key: $0) }
  }
  public func value(_ i: Int, key: Int) -> PropertyValue? { nil }

  /// All properties of a feature, in file order.
  public func properties(_ i: Int) -> [Property] { [] }
}
