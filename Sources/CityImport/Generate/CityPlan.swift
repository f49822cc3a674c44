import CityBase
import CityNetwork

/// The streets of a generated city and the blocks between them.
struct CityPlan {
  let options: CityGeneratorOptions
  let random: RandomStream
  /// Half the diameter in metres.
  let radius: Double
  let terrain: CityTerrain
  let lattice: CityLattice
  let lines: StreetLines
  let map: PlanarMap
  let bridges: [MainStreets.Bridge]
  /// What each face of the map is, and in which cell of the main streets it lies.
  let faces: [Face]
  let cellCount: Int

  struct Face {
    enum Kind { case outside, river, land }
    var kind: Kind
    /// The cell of main streets it was cut from, counted from 0.
    var cell: Int
  }

  /// Directed links for each square kilometre at a block spacing of 212 m, as counted in cities
  /// of 7 to 160 km; used to find the size for a wanted number of links.
  static let linksPerSquareKilometer = 51.5

  init(_ options: CityGeneratorOptions) {
    self.options = options
    random = RandomStream(seed: options.seed)
    let spacing = options.blockSpacingMeters
    radius = options.radius
    terrain = CityTerrain(options: options, radius: radius)
    lattice = CityLattice(
      radius: radius, halfChannel: terrain.halfChannel, collectorSpacing: 2 * spacing)
    let main = MainStreets(
      lattice: lattice, terrain: terrain, random: random, bendSpacing: spacing)
    lines = main.lines
    bridges = main.bridges
    let kinds = Self.classify(main)
    cellCount = kinds.count
    var cutter = BlockSubdivision(
      map: main.map, cell: kinds.indices.map { Int32($0) }, random: random, radius: radius,
      spacing: spacing, firstLine: lines.count)
    cutter.cutAll(isLand: kinds.map { $0 == .land })
    map = cutter.map
    faces = cutter.cell.map { Face(kind: kinds[Int($0)], cell: Int($0)) }
  }

  private static func classify(_ main: MainStreets) -> [Face.Kind] {
    let map = main.map
    var kinds = Array(repeating: Face.Kind.land, count: map.faceStart.count)
    for h in main.waterside { kinds[Int(map.face[Int(h)])] = .river }
    for f in kinds.indices {
      let ring = map.loop(f).map { map.position[Int(map.origin[Int($0)])] }
      if Ring.signedArea(ring) <= 0 { kinds[f] = .outside }
    }
    return kinds
  }
}
