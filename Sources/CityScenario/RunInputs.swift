import CityBase
import CityModel
import CityReporting
import CityText

/// The files a run is made from, with their hashes.
enum RunInputs {
  /// Records of the scenario, `city.json`, the layers, the network file and the demand files, in
  /// this order. Names are relative as the scenario and the city give them.
  static func records(of scenario: ScenarioFile, map: CityMap) throws(CityError) -> [InputRecord] {
    var inputs: [(name: String, path: String)] = [
      (ScenarioPath.lastComponent(scenario.path), scenario.path)
    ]
    let city = shownPath(scenario.city)
    let ofCity =
      [CityDescription.fileName] + map.description.layers.map(\.file)
      + (map.description.network.map { [$0] } ?? [])
    for file in ofCity {
      let path = CityDescription.path(of: file, in: map.folder)
      inputs.append((CityDescription.path(of: shownPath(file), in: city), path))
    }
    for file in scenario.demand.flatMap(\.settings.inputFiles) {
      inputs.append((shownPath(file), ScenarioPath.resolve(file, beside: scenario.path)))
    }
    var records: [InputRecord] = []
    for input in inputs where !records.contains(where: { $0.name == input.name }) {
      // A missing layer has its diagnostic already.
      guard InputFile.exists(path: input.path) else { continue }
      let bytes = try InputFile.read(path: input.path)
      records.append(
        InputRecord(name: input.name, byteCount: bytes.count, sha256: SHA256.hex(bytes)))
    }
    return records
  }

  /// Absolute paths would make the manifests of two machines differ.
  private static func shownPath(_ path: String) -> String {
    let relative = path.hasPrefix("/") ? ScenarioPath.lastComponent(path) : path
    return relative == "." || relative == "./" ? "" : relative
  }

  /// Refuses inputs that are no longer those of a checkpoint, naming the first that differs.
  static func check(_ now: [InputRecord], against then: [InputRecord], runFolder: String)
    throws(CityError)
  {
    for record in then {
      guard let current = now.first(where: { $0.name == record.name }) else {
        throw .refused("an input of this run is gone: \(record.name)", file: runFolder)
      }
      guard current == record else {
        throw .refused(
          "an input has changed since this run began: \(record.name); start it anew with cim run",
          file: runFolder)
      }
    }
    if let new = now.first(where: { record in !then.contains { $0.name == record.name } }) {
      throw .refused("an input was added since this run began: \(new.name)", file: runFolder)
    }
  }
}
