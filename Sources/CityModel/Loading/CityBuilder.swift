import CityBase
import CityGIS
import CityText
import Foundation

/// Puts a city together, layer after layer.
struct CityBuilder {
  let description: CityDescription
  let folder: String
  private var layers: [CityLayer] = []
  /// Transforms by the CRS they come from: preparing one costs a tenth of a second.
  private var transforms: [String: CoordinateTransform] = [:]

  private var districts = CatalogueBuilder<District>()
  private var subdistricts = CatalogueBuilder<Subdistrict>()
  private var buildings = CatalogueBuilder<Building>()
  private var roads = CatalogueBuilder<RoadFeature>()
  private var signals = CatalogueBuilder<SignalFeature>()
  private var parkingFacilities = CatalogueBuilder<ParkingFacility>()
  private var hospitals = CatalogueBuilder<Hospital>()
  private var fireStations = CatalogueBuilder<FireStation>()
  private var policeStations = CatalogueBuilder<PoliceStation>()
  private var ambulanceStations = CatalogueBuilder<AmbulanceStation>()
  private var sensors = CatalogueBuilder<Sensor>()
  private var footways = CatalogueBuilder<Footway>()
  private var gates = CatalogueBuilder<Gate>()
  private var places = CatalogueBuilder<Place>()

  /// Refuses a working CRS that PROJ does not know or that is not in metres.
  init(_ description: CityDescription, folder: String) throws(CityError) {
    self.description = description
    self.folder = folder
    let file = CityDescription.path(of: CityDescription.fileName, in: folder)
    let isMetric: Bool
    do {
      isMetric = try CRS.isMetric(description.workingCRS)
    } catch {
      throw .refused(error.message, file: file, place: "$.working_crs")
    }
    if !isMetric {
      throw .refused(
        "expected a CRS in metres, such as \"EPSG:4548\"; \"\(description.workingCRS)\" is none",
        file: file, place: "$.working_crs")
    }
  }

  /// Adds a layer from its features, which are still in the layer's CRS.
  mutating func add(
    _ features: FeatureTable, layer: CityDescription.Layer, diagnostics: inout Diagnostics
  ) throws(CityError) {
    let number = layers.count
    var features = features
    check(features, layer, &diagnostics)
    let hadGeometry = (0..<features.count).map { features.kind($0) != .none }
    if layer.crs != description.workingCRS {
      try features.transform(transform(from: layer.crs, layer: number), diagnostics: &diagnostics)
    }
    // What lost its geometry on the way has been diagnosed.
    let unplaced = (0..<features.count).map { hadGeometry[$0] && features.kind($0) == .none }
    try route(features, layer, number, unplaced, &diagnostics)
    layers.append(CityLayer(description: layer, path: features.file, features: features))
  }

  private func check(
    _ features: FeatureTable, _ layer: CityDescription.Layer, _ diagnostics: inout Diagnostics
  ) {
    if features.count == 0 {
      diagnostics.note("layer-empty", file: features.file, "the layer has no features")
    }
    // GeoJSON's own WGS 84 goes by several names.
    let wgs84 = ["EPSG:4326", "OGC:CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84"]
    if let declared = features.declaredCRS, declared != layer.crs,
      !(wgs84.contains(declared) && wgs84.contains(layer.crs))
    {
      diagnostics.warn(
        "crs-differs", file: features.file,
        "the file says \(declared), \(CityDescription.fileName) says \(layer.crs), which is used")
    }
  }

  private mutating func transform(
    from crs: String, layer: Int
  ) throws(CityError) -> CoordinateTransform {
    if let known = transforms[crs] { return known }
    do {
      let new = try CoordinateTransform(from: crs, to: description.workingCRS)
      transforms[crs] = new
      return new
    } catch {
      throw .refused(
        error.message, file: CityDescription.path(of: CityDescription.fileName, in: folder),
        place: "$.layers[\(layer)].crs")
    }
  }

  /// Hands a layer to the builder of its kind.
  private mutating func route(
    _ features: FeatureTable, _ layer: CityDescription.Layer, _ number: Int, _ unplaced: [Bool],
    _ diagnostics: inout Diagnostics
  ) throws(CityError) {
    func add<Entity>(_ builder: inout CatalogueBuilder<Entity>) throws(CityError) {
      try builder.add(
        features, layer: layer, number: number, unplaced: unplaced, diagnostics: &diagnostics)
    }
    switch layer.kind {
    case .district: try add(&districts)
    case .subdistrict: try add(&subdistricts)
    case .building: try add(&buildings)
    case .road: try add(&roads)
    case .signal: try add(&signals)
    case .parking: try add(&parkingFacilities)
    case .hospital: try add(&hospitals)
    case .fireStation: try add(&fireStations)
    case .policeStation: try add(&policeStations)
    case .ambulanceStation: try add(&ambulanceStations)
    case .sensor: try add(&sensors)
    case .footway: try add(&footways)
    case .gate: try add(&gates)
    case .place: try add(&places)
    }
  }

  /// The city, once all layers are in.
  mutating func finish(_ diagnostics: inout Diagnostics) throws(CityError) -> CityMap {
    guard let timeZone = TimeZone(identifier: description.timeZone) else {
      throw .refused(
        "unknown time zone \"\(description.timeZone)\"",
        file: CityDescription.path(of: CityDescription.fileName, in: folder), place: "$.time_zone")
    }
    let districts = districts.finish()
    assignDistricts(districts, &diagnostics)
    var bounds = Box2()
    func close<Entity>(_ builder: CatalogueBuilder<Entity>) -> Catalogue<Entity> {
      let catalogue = builder.finish()
      bounds.add(catalogue.bounds)
      return catalogue
    }
    bounds.add(districts.bounds)
    let subdistricts = close(subdistricts)
    let buildings = close(buildings)
    let roads = close(roads)
    let signals = close(signals)
    let parkingFacilities = close(parkingFacilities)
    let hospitals = close(hospitals)
    let fireStations = close(fireStations)
    let policeStations = close(policeStations)
    let ambulanceStations = close(ambulanceStations)
    let sensors = close(sensors)
    let footways = close(footways)
    let gates = close(gates)
    let places = close(places)
    return CityMap(
      description: description, folder: folder, layers: layers, districts: districts,
      subdistricts: subdistricts, buildings: buildings, roads: roads, signals: signals,
      parkingFacilities: parkingFacilities, hospitals: hospitals, fireStations: fireStations,
      policeStations: policeStations, ambulanceStations: ambulanceStations, sensors: sensors,
      footways: footways, gates: gates, places: places, bounds: bounds, timeZone: timeZone)
  }

  /// Gives each sub-district its district: by the code it names, else by where it lies.
  private mutating func assignDistricts(
    _ districts: Catalogue<District>, _ diagnostics: inout Diagnostics
  ) {
    let layers = self.layers
    let sources = subdistricts.sources
    var districtOfCode: [String: DistrictID] = [:]
    for id in districts.ids.reversed() where !districts[id].code.isEmpty {
      districtOfCode[districts[id].code] = id
    }
    subdistricts.update { id, subdistrict in
      let source = sources[id]
      let layer = layers[Int(source.layer)]
      let code =
        layer.features.text(Int(source.feature), layer.description.property(for: "district")) ?? ""
      if let known = districtOfCode[code] {
        subdistrict.district = known
        return
      }
      subdistrict.district = districts.first(containing: subdistrict.position)
      guard !code.isEmpty else { return }
      diagnostics.warn(
        "district-unknown", file: layer.path, place: "feature \"\(subdistrict.externalID)\"",
        "no district has the code \"\(code)\"; "
          + (subdistrict.district.isSome ? "the one around it is used" : "left without one"))
    }
  }
}
