import CityBase
import CityModel

/// Which bay of which facility belongs to whom. A bay is free, or held by a driver on his way in, or
/// a car stands in it.
///
/// The bays of all facilities are one array: those of facility f are `firstBay` [f] ..<
/// `firstBay` [f + 1]. The lowest free bay goes first.
struct BayBook {
  /// Nobody.
  static let free: Int32 = -1
  /// A car that was there at the start, which belongs to no trip.
  static let stranger: Int32 = -2

  let firstBay: [Int32]
  /// The facility of each bay.
  let facilityOfBay: [Int32]
  /// The trip that a bay belongs to, or `free`, or `stranger`.
  private(set) var occupant: [Int32]
  /// Bays that are not free, by facility.
  private(set) var taken: [Int32]
  /// Bays with a car in them, by facility.
  private(set) var occupied: [Int32]
  private(set) var allOccupied = 0
  /// No bay of a facility below this one is free.
  private var lowest: [Int32]

  init(_ supply: [ParkingSupply]) {
    var first: [Int32] = [0]
    var facilities: [Int32] = []
    for (i, facility) in supply.enumerated() {
      // A caller may hand over what no city has; the whole must be countable all the same.
      let room = ParkingSupply.mostBaysInAll - facilities.count
      let bays = min(facility.usableCapacity, room)
      facilities.append(contentsOf: repeatElement(Int32(i), count: bays))
      first.append(Int32(facilities.count))
    }
    firstBay = first
    facilityOfBay = facilities
    occupant = Array(repeating: Self.free, count: facilities.count)
    taken = Array(repeating: 0, count: supply.count)
    occupied = Array(repeating: 0, count: supply.count)
    lowest = Array(first.dropLast())
  }

  var facilityCount: Int { taken.count }
  var bayCount: Int { occupant.count }

  func bays(of facility: Int) -> Range<Int> {
    Int(firstBay[facility])..<Int(firstBay[facility + 1])
  }
  func capacity(of facility: Int) -> Int { bays(of: facility).count }
  func freeBays(of facility: Int) -> Int { capacity(of: facility) - Int(taken[facility]) }

  /// Gives the lowest free bay to someone; nil where there is none.
  mutating func take(_ facility: Int, for someone: Int32) -> Int? {
    guard freeBays(of: facility) > 0 else { return nil }
    var bay = Int(lowest[facility])
    let end = Int(firstBay[facility + 1])
    while bay < end, occupant[bay] != Self.free { bay += 1 }
    guard bay < end else { return nil }
    occupant[bay] = someone
    taken[facility] += 1
    lowest[facility] = Int32(bay + 1)
    return bay
  }

  /// The car of the bay's owner stands in it from now on.
  mutating func occupy(_ bay: Int) {
    occupied[Int(facilityOfBay[bay])] += 1
    allOccupied += 1
  }

  /// The car drives off, and the bay is free.
  mutating func vacate(_ bay: Int) {
    let facility = Int(facilityOfBay[bay])
    occupant[bay] = Self.free
    taken[facility] -= 1
    occupied[facility] -= 1
    allOccupied -= 1
    lowest[facility] = min(lowest[facility], Int32(bay))
  }

  /// Takes over the owners of a checkpoint and counts anew; `isStanding` tells of an owner whether
  /// his car is there.
  mutating func restore(_ owners: [Int32], isStanding: (Int32) -> Bool) {
    occupant = owners
    allOccupied = 0
    for facility in taken.indices {
      let owned = bays(of: facility).lazy.map { owners[$0] }.filter { $0 != Self.free }
      taken[facility] = Int32(owned.count)
      occupied[facility] = Int32(owned.count { isStanding($0) })
      allOccupied += Int(occupied[facility])
      lowest[facility] = firstBay[facility]
    }
  }
}
