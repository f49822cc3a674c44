import CityBase
import CityParking
import CityText

/// Drives to whatever is reached first by car, but walks no farther than `most_walk_m`.
struct ShortestDrive: ParkingChoice {
  static let typeName = "shortest_drive"
  let mostWalkMeters: Double

  init(from reader: inout JSONObjectReader) throws(CityError) {
    mostWalkMeters = try reader.optionalNumber("most_walk_m", in: 0...10_000) ?? 500
  }

  func choose(_ options: [ParkingOption], for driver: ParkingDriver) -> Int? {
    let possible = options.indices.filter {
      options[$0].availability.isPromising && options[$0].walkMeters <= mostWalkMeters
    }
    return possible.min {
      let (a, b) = (options[$0], options[$1])
      return (a.driveSeconds, a.walkMeters, a.facility)
        < (b.driveSeconds, b.walkMeters, b.facility)
    }
  }
}
