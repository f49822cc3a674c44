/// What a change of lanes is worth to a driver, and how badly one is needed.
///
/// The incentive is that of MOBIL (Kesting, Treiber and Helbing 2007, Transportation Research Record
/// 1999, 86-94): a driver changes where
///
///     a' - a + p (a'n - an + a'o - ao) + bias > threshold
///
/// with the accelerations now (a) and after the change (a') of the driver, of the new follower (n)
/// and of the old one (o), the politeness p, and where the new follower need not brake harder than is
/// safe. The threshold is the hysteresis that keeps drivers from changing back and forth. The bias is
/// the paper's asymmetric rule towards the kerb lane (`kerbBias`), and what a change that the way asks
/// for adds (`needBias`).
enum LaneChange {
  /// The share of what others lose that counts (0.2 to 0.5 in the paper).
  static let politeness: Float = 0.2
  /// m/s²; what a change has to win (0.1 in the paper for motorways; more, because a change takes
  /// no time here).
  static let threshold: Float = 0.3
  /// m/s²; towards the kerb lane where the rule of the road is to keep to it and drivers have room
  /// to: on roads as fast as `kerbRuleSpeed`. 0.3 in the paper for Europe; above the
  /// threshold, so that who has passed somebody goes back.
  static let kerbBias: Float = 0.4
  /// m/s; 80 km/h. In towns drivers are free to choose their lane (Germany: StVO, section 7 (3);
  /// China: Implementation Regulations of the Road Traffic Safety Law, article 44, has slow vehicles
  /// keep to the lanes at the kerb).
  static let kerbRuleSpeed: Float = 80 / 3.6
  /// m; how far ahead of the place where his lane does not lead on any more a driver looks, on
  /// streets: 36 s at 50 km/h, and as long on faster roads (`pace`).
  static let horizon: Float = 500
  /// m/s; up to this speed drivers reckon with metres, above with the time they take: 50 km/h.
  static let streetSpeed: Float = 50 / 3.6
  /// m; the way in which a driver changes one lane with ease: four seconds at 50 km/h (assumed).
  static let easyDistance: Float = 50
  /// m/s²; the bias of a change that cannot be put off.
  static let needBias: Float = 3
  /// From this urgency on, 200 m for one lane, a change is not weighed any more: it is made as soon
  /// as there is a gap.
  static let pressing: Float = 0.25
  /// From this urgency on, 150 m for one lane, others are asked for a gap.
  static let asking: Float = 1 / 3
  /// From this urgency on, 55 m for one lane, the driver himself falls back behind a gap's leader.
  static let fallingBack: Float = 0.9

  /// What a metre counts at a speed limit: less where it is over sooner. So signs for an exit stand
  /// a kilometre before it on motorways.
  @inline(__always) static func pace(_ speedLimit: Float) -> Float {
    min(1, streetSpeed / max(speedLimit, 1))
  }

  /// How urgent it is to cross some lanes within a distance in metres, 0 to 1: the share of the
  /// distance that crossing them with ease takes, n · 50 m / d.
  @inline(__always) static func urgency(_ distance: Float, lanes: Int) -> Float {
    min(1, Float(lanes) * easyDistance / max(distance, 1))
  }

  /// Accelerations in m/s² before a change and after it.
  struct Effect {
    var now: Float
    var then: Float

    /// Braking beyond what a car can do is no worse.
    @inline(__always) var gain: Float {
      max(then, -Rule.hardestBraking) - max(now, -Rule.hardestBraking)
    }
  }

  /// What a change wins beyond the threshold, in m/s²; above 0 it is made.
  @inline(__always) static func incentive(
    own: Effect, newFollower: Effect?, oldFollower: Effect?, bias: Float
  ) -> Float {
    own.gain + politeness * ((newFollower?.gain ?? 0) + (oldFollower?.gain ?? 0)) + bias - threshold
  }
}
