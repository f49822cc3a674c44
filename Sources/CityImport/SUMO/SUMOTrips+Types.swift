extension SUMOTrips {
  /// The types that trips have, by id, no more than `most`: of those beyond, the rarest ones, trips get
  /// the most alike of the same class instead, which is noted.
  mutating func settleTypes(
    _ known: [String: SUMODemand.VehicleType], most: Int, _ untaken: inout Untaken
  ) -> [SUMODemand.VehicleType] {
    var uses: [String: Int] = [:]
    for row in rows where !row.type.isEmpty { uses[row.type, default: 0] += 1 }
    let used = uses.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .compactMap { known[$0.key] }
    guard used.count > most else { return used.sorted { $0.id < $1.id } }
    // One of every class first, so that nobody has to change it.
    var kept: [SUMODemand.VehicleType] = []
    var classes: Set<String> = []
    for type in used where classes.insert(type.vehicleClass).inserted { kept.append(type) }
    let first = Set(kept.map(\.id))
    kept += used.filter { !first.contains($0.id) }.prefix(max(0, most - kept.count))
    let stays = Set(kept.map(\.id))
    var instead: [String: String] = [:]
    for type in used where !stays.contains(type.id) {
      let alike = kept.filter { $0.vehicleClass == type.vehicleClass }
        .min { ($0.difference(to: type), $0.id) < ($1.difference(to: type), $1.id) }
      instead[type.id] = alike?.id ?? ""
      untaken.add(
        "vTypes beyond the \(most) that a run may have",
        "their vehicles drive as the most alike of the same class", example: type.id)
    }
    for i in rows.indices { rows[i].type = instead[rows[i].type] ?? rows[i].type }
    return kept.sorted { $0.id < $1.id }
  }
}
