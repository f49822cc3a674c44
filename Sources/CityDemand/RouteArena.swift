import CityBase
import CityNetwork

/// A route in a `RouteArena`.
public struct RouteID: EntityID {
  public let rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// All routes of a run, one after the other in one array of link ids; equal routes are stored once.
public struct RouteArena: Sendable, Equatable {
  /// One more than there are routes: the links of r are `links` [r] ..< [r + 1].
  public private(set) var first: [Int32] = [0]
  public private(set) var links: [LinkID] = []
  /// The last route whose links have a hash, and by route the one before it with the same; exact
  /// comparison decides among them.
  private var lastOfHash: [UInt64: RouteID] = [:]
  private var before: [RouteID] = []

  public init() {}

  public var count: Int { first.count - 1 }

  @inlinable public subscript(route: RouteID) -> ArraySlice<LinkID> {
    links[Int(first[route.index])..<Int(first[route.index + 1])]
  }

  /// The id of a route, stored now if it is new; ids count in the order of first appearance.
  /// Refuses more than 2^31 links in all.
  public mutating func insert(_ route: some Collection<LinkID>) throws(CityError) -> RouteID {
    var hash = UInt64(truncatingIfNeeded: route.count)
    for link in route {
      hash = StableHash.mix(hash ^ UInt64(UInt32(bitPattern: link.rawValue)))
    }
    let last = lastOfHash[hash] ?? RouteID.none
    var alike = last
    while alike.isSome {
      if self[alike].elementsEqual(route) { return alike }
      alike = before[alike.index]
    }
    guard links.count + route.count <= Int(Int32.max) else {
      throw .failed("the routes of all trips have more than \(Int32.max) links")
    }
    let id = RouteID(count)
    links.append(contentsOf: route)
    first.append(Int32(links.count))
    before.append(last)
    lastOfHash[hash] = id
    return id
  }

  public static func == (a: RouteArena, b: RouteArena) -> Bool {
    a.first == b.first && a.links == b.links
  }
}

extension RouteArena {
  /// Writes the routes for a checkpoint.
  public func encode(into writer: inout StateWriter) {
    writer.section("routes")
    writer.writeRaw(first)
    writer.writeRaw(links)
  }

  /// Reads what `encode` wrote; refuses offsets that do not fit and links the network lacks.
  public static func decode(from reader: inout StateReader, linkCount: Int) throws(CityError)
    -> RouteArena
  {
    try reader.section("routes")
    let first: [Int32] = try reader.readRaw()
    let links: [LinkID] = try reader.readRaw()
    guard first.first == 0, first.last.map(Int.init) == links.count,
      zip(first, first.dropFirst()).allSatisfy({ $0 <= $1 }),
      links.allSatisfy({ $0.rawValue >= 0 && $0.index < linkCount })
    else { throw .refused("the routes do not fit the network", file: reader.file) }
    var arena = RouteArena()
    for (a, b) in zip(first, first.dropFirst()) {
      let before = arena.count
      let id = try arena.insert(links[Int(a)..<Int(b)])
      guard id.index == before else {
        throw .refused("a route is stored twice", file: reader.file)
      }
    }
    return arena
  }
}
