import CityBase
import CityGIS
import CityModel
import CityNetwork
import CityText

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes a drafted city as a city folder: `city.json`, one GeoJSON layer for each kind there is,
/// `network.cimn` and `README.md`.
///
/// Everything is written into a folder beside the target first and moved when it is complete, with
/// `city.json` last, so that a folder that has one is whole.
public enum CityFolderWriter {
  /// The file that marks a city folder.
  public static let markerFile = "city.json"
  static let networkFile = "network.cimn"
  static let formatName = "citytwin-city"

  /// Writes the folder of a draft and its network, with further files such as a scenario. An earlier
  /// city folder of that name is replaced; any other folder that is not empty is refused.
  public static func write(
    _ draft: CityDraft, network: RoadNetwork, otherFiles: [(name: String, bytes: [UInt8])],
    to directory: String
  ) throws(CityError) {
    try check(directory)
    var folder = try StagedFolder(for: directory)
    defer { folder.discard() }
    do throws(CityError) {
      // One after the other, so that a large city is in memory once and not twice.
      for file in otherFiles { try folder.add(file.name, file.bytes) }
      var layers: [LayerEntry] = []
      for kind in EntityKind.allCases {
        guard let layer = try CityLayerFile(kind, of: draft) else { continue }
        try folder.add(layer.fileName, layer.bytes)
        layers.append((layer.fileName, kind))
      }
      for side in draft.sideLayers {
        try folder.add(side.fileName, try CityLayerFile(side, of: draft).bytes)
      }
      try folder.add(networkFile, NetworkFile.encode(network))
      if !draft.notice.isEmpty { try folder.add("README.md", Array(draft.notice.utf8)) }
      try folder.add(markerFile, description(draft, layers))
    } catch {
      folder.giveUp()
      throw error
    }
    try folder.moveIntoPlace()
  }

  /// Refuses a target that is neither free nor an earlier city folder, before any work is done.
  public static func check(_ directory: String) throws(CityError) {
    guard InputFile.exists(path: directory) else { return }
    // A file in the way is refused by `prepare`, which knows the words for it.
    guard isFolder(directory) else {
      return try OutputFolder.prepare(
        path: directory, markerFile: markerFile, markerText: formatName)
    }
    let entries = try OutputFolder.list(directory)
    if entries.isEmpty { return }
    guard entries.contains(markerFile), isOurs("\(directory)/\(markerFile)") else {
      throw .refused(
        "is not empty and holds no \(markerFile) of a city: name a new folder or an earlier city "
          + "folder", file: directory)
    }
    // What somebody has put there since is not ours to throw away.
    let known =
      EntityKind.allCases.map(CityLayerFile.fileName) + [
        markerFile, networkFile, "README.md", "scenario.json", StreetPoints.fileName,
        CutOff.fileName, GapRepair.fileName, SUMOTables.tripFile, SUMOTables.typeFile,
        SUMOTables.programFile, SUMOCity.planFile,
      ]
    if let other = entries.first(where: { !known.contains($0) }) {
      throw .refused(
        "holds \(other), which this command would delete: name a new folder or move it away",
        file: directory)
    }
  }

  private static func isOurs(_ path: String) -> Bool {
    guard let bytes = try? InputFile.read(path: path) else { return false }
    return String(decoding: bytes, as: UTF8.self).contains(formatName)
  }

  private static func isFolder(_ path: String) -> Bool {
    var s = stat()
    return stat(path, &s) == 0 && s.st_mode & S_IFMT == S_IFDIR
  }

  // MARK: city.json

  private typealias LayerEntry = (fileName: String, kind: EntityKind)

  private static func description(_ draft: CityDraft, _ layers: [LayerEntry]) -> [UInt8] {
    var json = JSONWriter(pretty: true)
    json.beginObject()
    json.member("format", formatName)
    json.member("version", 1)
    json.member("name", draft.name)
    json.member("drive", draft.roads.drivesOnRight ? "right" : "left")
    json.member("time_zone", draft.timeZone)
    json.member("working_crs", draft.workingCRS)
    json.member("network", networkFile)
    json.member("turn_on_red", draft.roads.allowsTurnOnRed)
    json.key("layers")
    json.beginArray()
    for layer in layers {
      json.beginObject()
      json.member("file", layer.fileName)
      json.member("kind", layer.kind.rawValue)
      json.member("crs", draft.layerCRS)
      json.endObject()
    }
    json.endArray()
    json.endObject()
    json.newline()
    return json.takeBytes()
  }
}

/// The files of a city folder, written into a folder beside it first and moved over when all are
/// there; the last one is the marker. What fails leaves the target as it was.
private struct StagedFolder {
  private let target: String
  private let staging: String
  private let isNew: Bool
  private var names: [String] = []

  init(for directory: String) throws(CityError) {
    var target = directory
    while target.count > 1 && target.hasSuffix("/") { target.removeLast() }
    self.target = target
    isNew = !InputFile.exists(path: target)
    try OutputFolder.create(path: target)
    staging = try Self.stagingFolder(beside: target)
  }

  mutating func add(_ name: String, _ bytes: [UInt8]) throws(CityError) {
    names.append(name)
    try OutputFile.write(bytes, to: "\(staging)/\(name)")
  }

  /// Takes the target away again if it is not from before.
  func giveUp() {
    discard()
    if isNew { rmdir(target) }
  }

  func moveIntoPlace() throws(CityError) {
    if !staging.hasPrefix("\(target)/.cim") {
      try OutputFolder.prepare(
        path: target, markerFile: CityFolderWriter.markerFile,
        markerText: CityFolderWriter.formatName)
    }
    for name in names {
      guard rename("\(staging)/\(name)", "\(target)/\(name)") == 0 else {
        throw .failed(
          "cannot be written: \(String(cString: strerror(errno)))", file: "\(target)/\(name)")
      }
    }
  }

  /// A folder in the target's parent, or in the emptied target where the parent is not ours to
  /// write; both lie on the target's file system, so that files can be renamed over.
  private static func stagingFolder(beside target: String) throws(CityError) -> String {
    let name = ".cim-\(getpid()).part"
    if mkdir("\(target)/../\(name)", 0o755) == 0 { return "\(target)/../\(name)" }
    try OutputFolder.prepare(
      path: target, markerFile: CityFolderWriter.markerFile,
      markerText: CityFolderWriter.formatName)
    try OutputFolder.create(path: "\(target)/\(name)")
    return "\(target)/\(name)"
  }

  func discard() {
    for name in names { unlink("\(staging)/\(name)") }
    rmdir(staging)
  }
}
