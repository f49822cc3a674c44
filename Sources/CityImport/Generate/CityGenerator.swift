import CityBase
import CityModel
import CityNetwork

/// Draws a river metropolis from a seed: streets, blocks, buildings, people and facilities.
public enum CityGenerator {
  /// Generates a city. Options out of range throw a usage error.
  ///
  /// Coordinates are metres in EPSG:4548 (CGCS2000, 3-degree Gauss-Krüger, 117° E), rounded to
  /// 1 mm, around 117.2° E, 39.12° N. Time and memory grow in proportion to the area.
  public static func generate(_ options: CityGeneratorOptions) throws(CityError) -> CityDraft {
    try options.validate()
    return CityAssembly(CityPlan(options)).draft()
  }
}
