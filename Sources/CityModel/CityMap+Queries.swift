import CityBase
import CityGIS

extension CityMap {
  /// The hospital nearest to a point as the crow flies, and how many metres away; nil where there is
  /// none. `takingEmergencies` leaves out those that say they take none.
  public func nearestHospital(to point: Point2, takingEmergencies: Bool = false)
    -> (id: HospitalID, distance: Double)?
  {
    hospitals.nearest(to: point) {
      !takingEmergencies || hospitals[$0].takesEmergencies != false
    }.first
  }

  /// The buildings whose box meets a box, ascending.
  public func buildings(in box: Box2) -> [BuildingID] { buildings.meeting(box) }

  /// The district a point lies in, or none.
  public func district(at point: Point2) -> DistrictID { districts.first(containing: point) }

  /// The sub-district a point lies in, or none.
  public func subdistrict(at point: Point2) -> SubdistrictID {
    subdistricts.first(containing: point)
  }

  /// A raw attribute of the feature that an entity was read from, by the layer's own name of it;
  /// nil where the feature has none.
  public func rawText(_ source: FeatureSource, _ property: String) -> String? {
    guard layers.indices.contains(Int(source.layer)) else { return nil }
    let features = layers[Int(source.layer)].features
    guard source.feature >= 0, Int(source.feature) < features.count else { return nil }
    return features.text(Int(source.feature), property)
  }
}
