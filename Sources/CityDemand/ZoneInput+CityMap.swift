import CityBase
import CityModel

extension ZoneInput {
  /// What a city's layers say about where people live and what draws them: districts,
  /// sub-districts, buildings, and hospitals, stations and other places as what draws people.
  public init(_ map: CityMap) {
    self.init()
    subdistricts = map.subdistricts.ids.map { id in
      let area = map.subdistricts[id]
      return Area(
        externalID: area.code.isEmpty ? area.externalID : area.code, name: area.name,
        population: area.population, polygons: map.subdistricts.shapes.polygons(of: id))
    }
    districts = map.districts.ids.map { id in
      let area = map.districts[id]
      return Area(
        externalID: area.code.isEmpty ? area.externalID : area.code, name: area.name,
        population: area.population, polygons: map.districts.shapes.polygons(of: id))
    }
    buildings = map.buildings.entities.values.map {
      Building(
        position: $0.position, use: $0.use, floorArea: $0.floorArea, population: $0.population,
        jobs: $0.jobs)
    }
    // 100 m2 of floor for a bed, counted with all that belongs to it; 200 beds where unknown.
    facilities = map.hospitals.entities.values.map {
      Building(
        position: $0.position, use: .health, floorArea: 100 * Double(max(0, $0.beds ?? 200)))
    }
    let stations =
      map.fireStations.entities.values.map(\.position)
      + map.policeStations.entities.values.map(\.position)
      + map.ambulanceStations.entities.values.map(\.position)
    facilities += map.places.entities.values.map {
      let floor = $0.floorArea ?? 0
      let people = $0.population.map { $0 * 100 / ActivityRates.home(.residential) }
      return Building(
        position: $0.position, use: $0.use, floorArea: max(floor, people ?? 0),
        population: $0.population)
    }
    facilities += stations.map { Building(position: $0, use: .public, floorArea: 1000) }
  }
}
