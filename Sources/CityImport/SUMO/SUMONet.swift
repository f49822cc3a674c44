import CityBase
import CityNetwork

/// A SUMO network as its file has it, before anything is left out.
struct SUMONet {
  struct Location {
    /// What was added to projected coordinates, in metres.
    var offset = Point2(0, 0)
    /// A PROJ string, `!` for no projection.
    var projection = "!"
  }

  struct Lane {
    var id: String
    var index: Int
    var speed: Double
    var length: Double
    var width: Double
    var shape: [Point2]
    var permissions: SUMOPermissions
  }

  struct Edge {
    var id: String
    /// Empty for what one drives on between junctions; `internal`, `crossing`, `walkingarea`...
    var function: String
    var from: String
    var to: String
    var name: String
    /// The type the edge was made from: `highway.primary`.
    var type: String
    var lanes: [Lane] = []
  }

  struct Request {
    /// Bit strings as the file has them: the last character is the link with index 0.
    var response: [UInt8]
    var foes: [UInt8]
  }

  struct Junction {
    var id: String
    var type: String
    var position: Point2
    var incomingLanes: [String]
    /// By index.
    var requests: [Int: Request] = [:]
  }

  struct Connection {
    var from: String
    var to: String
    var fromLane: Int
    var toLane: Int
    /// The internal lane it leads over first, or empty.
    var via: String
    var direction: String
    var state: String
    /// The signal that rules it, or empty.
    var signal: String
    var linkIndex: Int
    /// Classes that this one way is closed or opened for.
    var permissions: SUMOPermissions?
  }

  struct Phase {
    /// Milliseconds.
    var duration: Int64
    var minimum: Int64?
    var maximum: Int64?
    var state: [UInt8]
    /// Whether it names the phases that may follow.
    var namesNext = false
  }

  struct Program {
    var id: String
    var type: String
    var program: String
    /// Milliseconds.
    var offset: Int64
    var phases: [Phase] = []
    /// Those of `<param key value>`.
    var parameters: [String: String] = [:]
  }

  var location = Location()
  var isLeftHanded = false
  var edges: [Edge] = []
  var junctions: [Junction] = []
  var connections: [Connection] = []
  var programs: [Program] = []
  /// Ids of the edges of roundabouts, and of their junctions.
  var roundaboutEdges: Set<String> = []
  var roundaboutJunctions: Set<String> = []
}

/// Which vehicle classes may use something.
struct SUMOPermissions: Hashable {
  var access: Access = .all
  /// Whether cars, trucks or buses may use it. What is there for two-wheelers alone is left out.
  var isForRoadVehicles: Bool { !access.isDisjoint(with: [.car, .truck, .bus]) }

  /// As `allow` and `disallow` have it: what is allowed alone, or all but what is disallowed.
  init(allow: String?, disallow: String?) {
    if let allow, allow != "all" {
      self.init(words: Self.words(allow), isAllowed: true)
    } else if let disallow, !disallow.isEmpty {
      self.init(words: Self.words(disallow), isAllowed: false)
    } else {
      self.init()
    }
  }

  private init() {}

  private init(words: Set<String>, isAllowed: Bool) {
    func may(_ word: String) -> Bool {
      words.contains(word) == isAllowed && !(words.contains("all") && !isAllowed)
    }
    access = []
    if may("passenger") { access.insert(.car) }
    if may("truck") { access.insert(.truck) }
    if may("bus") || may("coach") { access.insert(.bus) }
    if may("motorcycle") { access.insert(.motorcycle) }
    if may("bicycle") { access.insert(.bicycle) }
    if may("emergency") { access.insert(.emergency) }
  }

  private static func words(_ text: String) -> Set<String> {
    Set(text.split(separator: " ").map(String.init))
  }
}

extension SUMONet {
  /// Rights of way that this engine does not have, by SUMO's letter for them.
  static let approximated: [String: (what: String, instead: String)] = [
    "s": ("with a stop sign", "they give way, and nobody has to stop"),
    "w": ("of all-way stops", "who comes from the kerb side goes first, and nobody has to stop"),
    "Z": ("that merge like a zipper", "they yield to one another by who is there first"),
  ]
}
