import CityBase
import CityNetwork

/// What policies have changed about the network, as columns over it.
public struct NetworkOverrides: Sendable, Equatable {
  /// How many closures lie on each link; 0 is open.
  public private(set) var closures: Column<LinkID, UInt8>
  /// Grows with every change, so that a reader can tell whether it has to look again.
  public private(set) var version: UInt32 = 0

  public init(linkCount: Int) { closures = Column(repeating: 0, count: linkCount) }

  public func isClosed(_ link: LinkID) -> Bool { closures[link] > 0 }

  /// Carries out a command.
  public mutating func apply(_ command: Command) {
    switch command {
    case .closeLink(let link): closures[link] = closures[link] &+ (closures[link] < 255 ? 1 : 0)
    case .reopenLink(let link): closures[link] = closures[link] &- (closures[link] > 0 ? 1 : 0)
    }
    version &+= 1
  }
}

extension NetworkOverrides: Checkpointable {
  public func encodeState(into writer: inout StateWriter) {
    writer.section("overrides")
    writer.write(version)
    writer.writeRaw(closures.values)
  }

  public mutating func decodeState(from reader: inout StateReader) throws(CityError) {
    try reader.section("overrides")
    version = try reader.read()
    let values: [UInt8] = try reader.readRaw()
    guard values.count == closures.count else {
      throw .refused("the checkpoint is of another network", file: reader.file)
    }
    closures = Column(values)
  }
}
