import CityBase
import CityScenario
import CityText

/// The frame of the scenario that lies beside an imported or generated city, so that it can be run
/// at once: no policies, no snapshots, figures every five minutes.
struct ReadyScenario {
  var name: String
  var start: Instant
  /// Milliseconds.
  var warmUp: Int64
  var measured: Int64
  var coolDown: Int64
  /// Over which the induction loops of the city count; nil where they do not.
  var loopInterval: Int64?
  /// The table of types that trips name, beside it; nil for none.
  var typeFile: String?
  /// The file of signal plans in the folder, or nil.
  var signalPlans: String?

  /// The bytes of `scenario.json`, for the folder that holds `city.json`; `demand` writes the
  /// members of the demand.
  func bytes(demand: (inout JSONWriter) -> Void) -> [UInt8] {
    var json = JSONWriter(pretty: true)
    json.beginObject()
    json.member("format", ScenarioFile.format)
    json.member("version", ScenarioFile.version)
    json.member("name", name)
    json.member("city", ".")
    json.key("clock")
    json.beginObject()
    json.member("start", start.iso8601)
    json.member("step", "0.5s")
    json.member("warm_up", DurationText.text(milliseconds: warmUp))
    json.member("measured", DurationText.text(milliseconds: measured))
    json.member("cool_down", DurationText.text(milliseconds: coolDown))
    json.endObject()
    json.member("seed", 1)
    json.key("demand")
    json.beginObject()
    demand(&json)
    json.endObject()
    if let typeFile {
      json.key("traffic")
      json.beginObject()
      json.member("vehicle_types", typeFile)
      json.endObject()
    }
    if let signalPlans {
      json.key("signals")
      json.beginObject()
      json.member("plans", signalPlans)
      json.endObject()
    }
    json.key("policies")
    json.beginArray()
    json.endArray()
    json.key("outputs")
    json.beginObject()
    json.member("interval", "5min")
    json.member("snapshots", PropertyValue.null)
    if let loopInterval {
      json.key("detectors")
      json.beginObject()
      json.member("interval", DurationText.text(milliseconds: loopInterval))
      json.endObject()
    }
    json.endObject()
    json.endObject()
    json.newline()
    return json.takeBytes()
  }
}
