import CityBase
import CityText

extension ScenarioFile {
  /// Writes the scenario with all defaults filled in, as a scenario file has it: what was read and
  /// what is written say the same.
  public func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("format", .text(Self.format))
    writer.member("version", .integer(Int64(Self.version)))
    writer.member("name", .text(name))
    writer.member("description", .text(description))
    writer.member("city", .text(city))
    writer.key("clock")
    clock.write(to: &writer)
    writer.member("seed", .integer(Int64(seed)))
    writer.key("demand")
    writer.beginArray()
    for entry in demand { writer.echo(entry.source) }
    writer.endArray()
    writer.key("route_choice")
    routeChoice.write(to: &writer)
    writer.key("traffic")
    traffic.write(to: &writer)
    if let signals {
      writer.key("signals")
      signals.write(to: &writer)
    }
    if let parking {
      writer.key("parking")
      parking.write(to: &writer)
    }
    if let emergency {
      writer.key("emergency")
      emergency.write(to: &writer)
    }
    writer.key("policies")
    writer.beginArray()
    for entry in policies { writer.echo(entry.source) }
    writer.endArray()
    writer.key("outputs")
    outputs.write(to: &writer)
    writer.endObject()
  }
}
