import CityBase
import CityNetwork

/// What an import found out about the city as a whole: what is cut off, what was repaired, and
/// which places have no road.
struct ImportFindings {
  let cutOff: CutOff
  let attachment: Attachment
  private let edgeIsKnown: Bool

  /// Looks at a draft and its network; adds layers and access points to the draft.
  init(_ draft: inout CityDraft, _ network: RoadNetwork, diagnostics: inout Diagnostics) {
    cutOff = CutOff(network, evidence: draft.evidence, edge: draft.edge)
    edgeIsKnown = !draft.edge.isEmpty
    attachment = Attachment(
      &draft, network, isConnected: cutOff.isConnected, diagnostics: &diagnostics)
    if let layer = cutOff.layer(network) { draft.sideLayers.append(layer) }
    if let layer = GapRepair.layer(draft.repairs) { draft.sideLayers.append(layer) }
    for repair in draft.repairs {
      diagnostics.note(
        "gap-closed", place: "way \(repair.way)",
        "led on from node \(repair.node) by \(Self.metres(repair.metres)) to way"
          + " \(repair.target)")
    }
  }

  private static func metres(_ metres: Double) -> String {
    let tenths = Int((min(metres, 1e9) * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) m"
  }

  private static func kilometres(_ metres: Double) -> String {
    let tenths = Int((min(metres, 1e12) / 100).rounded())
    return "\(ImportReport.grouped(tenths / 10)).\(tenths % 10) km"
  }

  func lines(_ draft: CityDraft) -> [String] {
    cutOffLines + repairLines(draft) + attachmentLines
  }

  private var cutOffLines: [String] {
    var lines: [String] = []
    if edgeIsKnown {
      lines.append(
        "  \(ImportReport.percent(cutOff.connectedShareInside)) of that inside the edge of the"
          + " extract")
    }
    guard !cutOff.parts.isEmpty else { return lines }
    lines.append("cut off (\(CutOff.fileName))")
    for cause in CutOffPart.Cause.allCases {
      let parts = cutOff.parts.filter { $0.cause == cause }
      guard !parts.isEmpty else { continue }
      let length = Self.kilometres(parts.reduce(0) { $0 + $1.metres })
      lines.append(
        "  \(ImportReport.padded(cause.rawValue, 18)) \(ImportReport.rightAligned(parts.count))"
          + "  \(length): \(cause.text)")
    }
    lines.append("  the longest:")
    for part in cutOff.parts.prefix(5) {
      let ways =
        part.canBeReached ? "can be entered, not left" : part.canBeLeft ? "can be left only" : ""
      let why = [part.cause.rawValue, part.detail, ways].filter { !$0.isEmpty }
      lines.append(
        "    \(Self.kilometres(part.metres))  \(part.name): \(why.joined(separator: ", "))")
    }
    return lines
  }

  private func repairLines(_ draft: CityDraft) -> [String] {
    guard !draft.repairs.isEmpty else { return [] }
    return [
      "repaired (\(GapRepair.fileName))", "  \(draft.repairs.count) gaps between roads closed",
    ]
  }

  private var attachmentLines: [String] {
    var lines: [String] = []
    let reach = Int(Attachment.longestAccess)
    if attachment.attached + attachment.lost.count > 0 {
      lines.append(
        "  \(ImportReport.grouped(attachment.attached)) of"
          + " \(ImportReport.grouped(attachment.attached + attachment.lost.count)) car parks,"
          + " hospitals and stations have a connected road within \(reach) m")
    }
    if attachment.farBuildings > 0 {
      lines.append(
        "  \(ImportReport.grouped(attachment.farBuildings)) of"
          + " \(ImportReport.grouped(attachment.buildings)) buildings have none")
    }
    if !attachment.zonesWithoutRoad.isEmpty {
      lines.append("  \(attachment.zonesWithoutRoad.count) districts have no connected road")
    }
    return lines.isEmpty ? [] : ["places and roads"] + lines
  }
}
