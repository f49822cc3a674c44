import CityBase
import CityModel
import CityParking

/// What every parking choice must keep to, whatever it prefers. A new choice has one test that calls
/// this.
public enum ParkingChoiceConformance {
  /// The rules that a choice breaks over some thousand random situations, in words; empty if none.
  ///
  /// It must answer the same when asked twice, with the index of an option or nil; never choose one
  /// that is known to be full or closed; take one where there is one to take; and not go by the
  /// order in which options are listed.
  public static func violations(of choice: any ParkingChoice, rounds: Int = 2000) -> [String] {
    var found: [String] = []
    if type(of: choice).typeName.isEmpty { found.append("it has no name") }
    var taken = 0
    for round in 0..<rounds {
      let stream = RandomStream(seed: 4).draws(.sampling, UInt64(round))
      let options = options(stream)
      let driver = ParkingDriver(
        valueOfTimeCNYPerHour: 100 * stream.unit(1), walkingWeight: 4 * stream.unit(2))
      let answer = choice.choose(options, for: driver)
      if answer != choice.choose(options, for: driver) {
        found.append("round \(round): it answers differently when asked again")
      }
      guard let answer else { continue }
      taken += 1
      guard options.indices.contains(answer) else {
        found.append("round \(round): there is no option \(answer)")
        continue
      }
      if !options[answer].availability.isPromising {
        found.append("round \(round): it takes one that is \(options[answer].availability)")
      }
      let other = shuffled(options, stream)
      let again = choice.choose(other, for: driver)
      if again.map({ other[$0].facility }) != options[answer].facility {
        found.append("round \(round): it goes by the order of the options")
      }
    }
    if taken == 0 { found.append("it never takes any") }
    return found
  }

  /// One to sixteen facilities, every figure of which is another's in some rounds.
  private static func options(_ stream: RandomDraws) -> [ParkingOption] {
    let count = 1 + Int(stream.bits(0) % 16)
    let isCoarse = stream.bits(3) % 2 == 0
    return (0..<count).map { i in
      func draw(_ n: Int, upTo most: Double) -> Double {
        let value = most * stream.unit(UInt64(100 + i * 16 + n))
        return isCoarse ? (value / most * 3).rounded() * most / 3 : value
      }
      let walk = draw(0, upTo: 1000)
      let availability: ParkingAvailability =
        switch stream.bits(UInt64(100 + i * 16 + 9)) % 4 {
        case 0: .unknown
        case 1: .free(1 + i)
        case 2: .full
        default: .closed
        }
      return ParkingOption(
        facility: ParkingFacilityID(i), type: ParkingType.allCases[i % 3],
        availability: availability, driveSeconds: draw(1, upTo: 900), walkMeters: walk,
        walkSeconds: walk / 1.34, feeCNY: draw(2, upTo: 60), tasteCNY: draw(3, upTo: 5))
    }
  }

  /// The same options in another order.
  private static func shuffled(_ options: [ParkingOption], _ stream: RandomDraws)
    -> [ParkingOption]
  {
    options.indices.sorted { stream.bits(UInt64(900 + $0)) < stream.bits(UInt64(900 + $1)) }
      .map { options[$0] }
  }
}
