/// The gates before obstacles, part of phase 2: whose turn it is on the stretches that both
/// directions of a street share. One after the other, so that anything may be read.
extension TrafficWorld {
  /// Sets all gates for this tick.
  func updateGates() {
    if obstacles.stretches.isEmpty { return }
    for p in 0..<obstacles.passages.count { updatePassage(p, isNew: false) }
    for k in 0..<obstacles.stretches.count { updateWall(k) }
  }

  /// Sets the gates of obstacles just put up; `kept` tells which are not new.
  func openNewGates(kept: [Bool]) {
    for p in 0..<obstacles.passages.count where !kept[Int(obstacles.passages[p].first)] {
      updatePassage(p, isNew: true)
    }
    for k in 0..<obstacles.stretches.count where !kept[k] { updateWall(k) }
  }

  // MARK: - Walls

  /// A wall is shut for good as soon as nobody is so near that he could not stop.
  private func updateWall(_ k: Int) {
    let stretch = obstacles.stretches[k]
    guard stretch.kind == .wall, stretch.flags & StretchFlag.isDeserted == 0 else { return }
    var flags = stretch.flags
    if flags & StretchFlag.isShut == 0 {
      let view = look(at: k)
      shut(k, view, mayPass: view.mustPass)
      if !view.canBeShut { return }
      // Who filters goes between the lanes, where there are several.
      let link = Int(topology.laneLink[stretch.lane])
      flags = StretchFlag.isShut
      if topology.lanes(ofLink: link).count > 1 { flags |= StretchFlag.letsSidePass }
    }
    if !isOccupied(stretch) { flags |= StretchFlag.isDeserted }
    obstacles.stretches.elements[k].flags = flags
  }

  // MARK: - Turns

  /// Traffic beside the obstacle goes first, as the rules of the road have it where one side is
  /// blocked (China: Implementation Regulations of the Road Traffic Safety Law, article 48; Germany:
  /// StVO, section 6), but nobody waits for longer than a bound: then the others are stopped, and
  /// once the stretch is empty the waiting side has it.
  private func updatePassage(_ p: Int, isNew: Bool) {
    var passage = obstacles.passages[p]
    let views = (look(at: Int(passage.first)), look(at: Int(passage.second)))
    func view(_ side: Int8) -> GateView { side == 0 ? views.0 : views.1 }
    if passage.turn >= 0 {
      let mine = view(passage.turn)
      let other = view(1 - passage.turn)
      passage.waited = other.wants ? passage.waited + 1 : 0
      let isIdle = !mine.wants && !mine.isOccupied
      let isOver = isIdle || Float(passage.waited) * stepSeconds > Rule.longestTurn
      if other.wants ? isOver : isIdle && passage.turn != passage.favourite {
        passage.goal = 1 - passage.turn
        passage.turn = -1
        passage.waited = 0
      }
    }
    if passage.turn < 0 {
      if passage.goal >= 0 {
        if view(1 - passage.goal).isClear { passage.turn = passage.goal }
      } else if views.0.isClear && views.1.isClear {
        let favourite = passage.favourite
        let isOnlyOther = !view(favourite).wants && view(1 - favourite).wants
        passage.turn = isOnlyOther ? 1 - favourite : favourite
        passage.isSettled = true
      }
    }
    obstacles.passages[p] = passage
    for side: Int8 in [0, 1] {
      let k = passage.stretch(of: side)
      if passage.turn == side {
        open(k, view(side), sharing: view(1 - side).wants)
      } else if passage.turn < 0 && passage.goal != side {
        shut(k, view(side), mayPass: view(side).mustPass)
      } else {
        shut(k, GateView(beyond: view(side).beyond), mayPass: 0)
      }
    }
  }

  /// Opens a gate. While the other side waits, only for as many as can leave the stretch again.
  private func open(_ k: Int, _ view: GateView, sharing: Bool) {
    obstacles.stretches.elements[k].mayPass = Stretch.all
    obstacles.stretches.elements[k].flags = StretchFlag.open
    guard sharing else { return }
    let room = roomBeyond(k, view)
    let lane = Int(obstacles.stretches[k].lane)
    if Int(room) > Int(lanes.count[lane]) - view.beyond { return }
    shut(k, view, mayPass: max(room, view.mustPass))
    obstacles.stretches.elements[k].flags |= StretchFlag.letsSidePass
  }

  /// Shuts a gate for all but the first few before it.
  private func shut(_ k: Int, _ view: GateView, mayPass: Int32) {
    let lane = Int(obstacles.stretches[k].lane)
    obstacles.stretches.elements[k].mayPass = mayPass
    obstacles.stretches.elements[k].flags =
      (view.mustEnter ? StretchFlag.letsEntrantsPass : 0)
      | (view.sideMustPass ? StretchFlag.letsSidePass : 0)
    let blocked = view.beyond + Int(mayPass)
    if Int(lanes.granted[lane]) > blocked { withdraw(lane, from: blocked) }
    if view.overflows { recallEntrants(of: lane) }
  }
}
