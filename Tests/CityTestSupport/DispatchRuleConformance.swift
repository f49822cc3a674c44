import CityBase
import CityEmergency
import CityNetwork

/// What every dispatch rule must keep to, whatever it prefers. A new rule has one test that calls
/// this.
public enum DispatchRuleConformance {
  /// The rules that a dispatch rule breaks over some hundred made-up choices, in words; empty if
  /// none.
  ///
  /// It must answer the same when asked twice (a resumed run asks again), name one of the
  /// candidates or none, and judge them by what they are: where one is better than another in
  /// everything and at the same place in the list, it must not lose its place by getting better.
  public static func violations(of rule: any DispatchRule, rounds: Int = 300) -> [String] {
    var found: [String] = []
    if type(of: rule).typeName.isEmpty { found.append("it has no name") }
    for round in 0..<rounds {
      let (call, candidates) = choice(round)
      let answer = rule.choose(for: call, among: candidates)
      if answer != rule.choose(for: call, among: candidates) {
        found.append("choice \(round): it answers differently when asked again")
      }
      guard let answer else { continue }
      guard candidates.indices.contains(answer) else {
        found.append("choice \(round): there is no candidate \(answer)")
        continue
      }
      var better = candidates
      better[answer].travelSeconds /= 2
      better[answer].meters /= 2
      if let other = rule.choose(for: call, among: better), other != answer {
        found.append("choice \(round): the chosen unit loses by being nearer")
      }
    }
    return found
  }

  /// One to eight candidates; now and then two of them are equally far away.
  private static func choice(_ round: Int) -> (Call, [DispatchCandidate]) {
    let random = RandomStream(seed: 20_261_122)
    func draw(_ bound: Int, _ n: Int) -> Int {
      random.below(bound, .sampling, UInt64(round), UInt64(n))
    }
    let call = Call(
      name: "call-\(round)", milliseconds: Int64(draw(86_400_000, 0)),
      access: AccessPoint(link: LinkID(draw(20, 1)), offset: 10), position: Point2(0, 0),
      kind: IncidentKind.allCases[draw(IncidentKind.allCases.count, 2)],
      priority: UInt8(1 + draw(5, 3)))
    let candidates = (0...draw(8, 4)).map { i in
      DispatchCandidate(
        name: "unit-\(i)", isReturning: draw(2, 10 + 3 * i) == 0,
        travelSeconds: Double(draw(20, 11 + 3 * i)) * 60, meters: Double(draw(20, 12 + 3 * i)) * 500
      )
    }
    return (call, candidates)
  }
}
