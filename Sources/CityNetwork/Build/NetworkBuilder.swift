import CityBase

/// Makes a road network of a road source, one step after another, each in its own file.
public enum NetworkBuilder {
  /// Builds the network. Nothing in the source can make this fail: what cannot be used is left
  /// out and listed in `diagnostics`.
  ///
  /// Only roads that cars may use become links. The result depends on the source alone: the same
  /// source gives the same bits on every machine.
  public static func build(_ source: RoadSource, diagnostics: inout Diagnostics) -> RoadNetwork {
    let roads = CleanRoads(source, &diagnostics)
    var graph = RoadGraph(roads)
    graph.simplify(droppingStubsBelow: JunctionClusters.shortestLink, &diagnostics)
    let controls = NodeControls(&graph, &diagnostics)
    Gyratories.mark(&graph, controls, &diagnostics)
    var (clusters, arms) = junctions(of: graph, controls)
    if graph.leaveOut(arms.stubs(in: graph), &diagnostics) {
      (clusters, arms) = junctions(of: graph, controls)
    }
    let plan = LinkPlan(roads, graph, clusters, arms)
    let turns = TurnFinder(graph: graph, bans: TurnBans(source))
    TurnBans.reportUnkept(source, graph, clusters, &diagnostics)

    var assembler = NetworkAssembler(source, graph, plan)
    for j in plan.clusterOfJunction.indices {
      var draft = JunctionDraft(junction: j, plan, graph, arms, controls)
      turns.findMovements(&draft, inside: arms.inside(Int(plan.clusterOfJunction[j])), &diagnostics)
      LaneAssignment.assign(&draft)
      ConnectorGeometry.make(&draft, graph)
      ConflictFinder.find(&draft)
      RightOfWay.settle(&draft, graph)
      draft.planSignals(graph)
      assembler.add(draft, junction: j)
    }
    let network = assembler.finish()
    network.reportComponents(to: &diagnostics)
    return network
  }

  /// Which nodes are one junction, and how far the roads reach into it.
  private static func junctions(of graph: RoadGraph, _ controls: NodeControls)
    -> (JunctionClusters, JunctionArms)
  {
    var clusters = JunctionClusters(graph, controls, RingFinder(graph, controls))
    var arms = JunctionArms(graph, clusters)
    // What is absorbed takes its arms along, and these may leave too little of other links.
    for _ in 0..<JunctionClusters.mostRounds {
      guard clusters.absorb(arms, graph) else { break }
      arms = JunctionArms(graph, clusters)
    }
    return (clusters, arms)
  }
}
