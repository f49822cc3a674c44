/// The version of the engine, as `cim --version` prints it and every manifest names it.
public enum EngineVersion {
  public static let text = "0.1.0"
}
