import Foundation
public func knob(_ name: String, _ d: Double) -> Double {
  ProcessInfo.processInfo.environment[name].flatMap { Double($0) } ?? d
}
