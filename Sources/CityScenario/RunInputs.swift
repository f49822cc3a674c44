import CityBase
import CityModel
import CityReporting
import CityText

/// The files a run is made from, with their hashes.
enum RunInputs {
  /// Records of the scenario and what it extends, `city.json`, the layers, the network file, and
  /// the files of demand, traffic and emergency, in this order. Names are relative as the scenario and the
  /// city give them.
  static func records(of scenario: ScenarioFile, map: CityMap) throws(CityError) -> [InputRecord] {
    var inputs = scenario.files.map { (name: $0.name, path: $0.path) }
    let city = shownPath(scenario.city)
    let ofCity =
      [CityDescription.fileName] + map.description.layers.map(\.file)
      + (map.description.network.map { [$0] } ?? [])
    for file in ofCity {
      let path = CityDescription.path(of: file, in: map.folder)
      inputs.append((CityDescription.path(of: shownPath(file), in: city), path))
    }
    let ofRun =
      scenario.demand.flatMap { part in part.settings.inputFiles.map { ($0, part.file) } }
      + scenario.traffic.inputFiles.map { ($0, scenario.file(of: "traffic")) }
      + (scenario.signals?.plans.map { [($0, scenario.file(of: "signals"))] } ?? [])
      + (scenario.emergency?.inputFiles ?? []).map { ($0, scenario.file(of: "emergency")) }
    for (file, origin) in ofRun {
      inputs.append((shownPath(file), ScenarioPath.resolve(file, beside: origin)))
    }
    return try records(of: inputs)
  }

  private static func records(of inputs: [(name: String, path: String)]) throws(CityError)
    -> [InputRecord]
  {
    var records: [InputRecord] = []
    var paths: [String] = []
    for input in inputs where !paths.contains(input.path) {
      // A missing layer has its diagnostic already.
      guard InputFile.exists(path: input.path) else { continue }
      let file = try MappedFile(path: input.path)
      // Files of different folders may have one name.
      let alike = records.count { $0.name == input.name || $0.name.hasPrefix(input.name + " #") }
      records.append(
        InputRecord(
          name: alike == 0 ? input.name : "\(input.name) #\(alike + 1)",
          byteCount: file.count, sha256: file.withBytes { SHA256.hex($0) }))
      paths.append(input.path)
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
