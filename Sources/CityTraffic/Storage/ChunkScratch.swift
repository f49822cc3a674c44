import CityBase

/// A vehicle on its way from one lane to another in this tick, or out of the network.
struct Leaver: BitwiseCopyable {
  var vehicle: Int32
  var from: Int32
  /// The connector passed through whole within the tick, as a lane, or -1.
  var through: Int32
  /// The lane it is on now, or -1 where it has arrived.
  var to: Int32
  var position: Float
  var speed: Float
  var length: Float
  /// Metres moved in this tick.
  var moved: Float
  /// The next leaver into the same lane, or -1.
  var nextForLane: Int32 = -1
  /// `SlotPrivilege.ontoSide` and `fromSide`, where it comes or goes that way.
  var beside: UInt8 = 0
  var driver: UInt8
}

/// What one worker keeps for itself while it works on a chunk.
struct ChunkScratch: BitwiseCopyable {
  let active: ActiveLanes
  /// The lanes active at the start of the phase, in order.
  let lanes = RawList<Int32>()
  let leavers = RawList<Leaver>()
  /// Lanes of this chunk with an inbox this tick, in the order of first arrival.
  let receiving = RawList<Int32>()
  /// Links of this chunk where vehicles wait to depart, ascending.
  let queueLinks = RawList<Int32>()
  let candidates = RawList<Candidate>()
  let departures = RawList<Int32>()
  /// Links of this chunk with vehicles on their side lists, ascending.
  let sideLinks = RawList<Int32>()
  /// Lanes of this chunk that are held from a side list.
  let heldLanes = RawList<Int32>()
  /// Who comes onto the chunk's side lists in this tick.
  let sideArrivals = RawList<Leaver>()
  /// Lanes and connectors (as lanes) that privileged vehicles claim at the junction at hand.
  let claims = RawList<Int32>()
  /// Watched vehicles that have come upon the link of their destination in this tick.
  let approaching = RawList<Int32>()
  /// Connectors of the chunk with grants at the start of phase 4, and those of grants given in it.
  let granted = RawList<Int32>()
  /// Road lanes picked out of those that are active, while a loop over them is at work: those where
  /// somebody may change in phase 3, those of lone drivers with a free road in 5; and all others.
  let picked = RawList<Int32>()
  let others = RawList<Int32>()
  let counters = RawColumn(repeating: ChunkCounters(), count: 1)

  init(active: ActiveLanes) { self.active = active }

  /// Lists the lanes that are active now.
  func listLanes() { counters[0].activeRoadLanes = active.list(into: lanes) }

  /// How many of the lanes listed are road lanes, which come first.
  @inline(__always) var activeRoadLanes: Int { counters[0].activeRoadLanes }

  func free() {
    active.free()
    for list in [lanes, receiving, queueLinks, departures, approaching] { list.free() }
    for list in [sideLinks, heldLanes, claims, granted, picked, others] { list.free() }
    leavers.free()
    sideArrivals.free()
    candidates.free()
    counters.free()
  }
}

/// What a chunk counts: over the run, and for the lanes of a tick.
struct ChunkCounters: BitwiseCopyable {
  var activeRoadLanes = 0
  /// Whether a lane has got its first vehicle since the lanes were listed.
  var hasNewLanes = false
  /// In milliseconds of signals: before it no lane asleep sees another light, if all plans run by the
  /// clock.
  var lightsStayUntil = Int64.min
  /// In milliseconds of signals: before it no junction of the chunk shows another light, if all plans
  /// run by the clock and stay those of `plansSeen`.
  var sameLightsUntil = Int64.min
  var plansSeen: Int32 = -1
  /// Whether somebody before the junction at hand has been refused for a conflict or for want of room.
  var hasRefusals = false
  var hardBrakings = 0
  var laneChanges = 0
}
