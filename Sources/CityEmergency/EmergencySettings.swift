import CityBase
import CityText

/// What a scenario says under `emergency`.
public struct EmergencySettings: Sendable {
  /// Settings with all defaults and no calls.
  public init() {}

  /// Reads `emergency` of a scenario strictly; `rules` are the dispatch rules it may name.
  public init(from reader: inout JSONObjectReader, rules: [any DispatchRule.Type])
    throws(CityError)
  {
    self.init()
  }

  /// Files it reads, as the scenario names them.
  public var inputFiles: [String] { [] }

  /// Writes the settings with all defaults filled in, as a scenario has them.
  public func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.endObject()
  }

  /// The calls of a run, in order of time. Refuses a log that cannot be read; rows and draws that
  /// cannot be used are left out with a diagnostic.
  public func makeCalls(for site: CallSite, diagnostics: inout Diagnostics) throws(CityError)
    -> [Call]
  {
    []
  }
}
