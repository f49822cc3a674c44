import CityBase
import CitySimulation
import CityText

/// The figures of one run as `metrics.json` shows them, each under "group.name".
public struct RunFigures: Sendable, Equatable {
  /// In the order of `metrics.json`.
  public let names: [String]
  /// By figure; nil where the run has no value for it.
  public let values: [Double?]

  /// Takes every figure that is a number or missing, rounded as it is published, so that whoever
  /// has the files can compute the same.
  public init(_ groups: [MetricGroup]) {
    var names: [String] = []
    var values: [Double?] = []
    for group in groups {
      for figure in group.figures {
        guard let value = Self.published(figure.value) else { continue }
        names.append("\(group.name).\(figure.name)")
        values.append(value)
      }
    }
    self.names = names
    self.values = values
  }

  /// The value under a name; nil where there is none.
  public subscript(name: String) -> Double? {
    names.firstIndex(of: name).flatMap { values[$0] }
  }

  /// A value as it stands in the file; nil for what is no figure, nil in it for a missing one.
  private static func published(_ value: PropertyValue) -> Double?? {
    switch value {
    case .integer(let whole): return Double(whole)
    case .number(let number, let decimals):
      guard number.isFinite else { return .some(nil) }
      var bytes: [UInt8] = []
      NumberText.append(number, maxDecimals: decimals, to: &bytes)
      return .some(NumberText.parseDouble(String(decoding: bytes, as: UTF8.self)))
    case .null: return .some(nil)
    case .bool, .text: return nil
    }
  }
}
