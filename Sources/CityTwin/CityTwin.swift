// One import for those who use the engine as a library; the catalogue in CityTwin.docc tells
// which floor holds what.
@_exported import CityBase
@_exported import CityDemand
@_exported import CityEmergency
@_exported import CityGIS
@_exported import CityImport
@_exported import CityModel
@_exported import CityNetwork
@_exported import CityParking
@_exported import CityPolicy
@_exported import CityReporting
@_exported import CityScenario
@_exported import CitySimulation
@_exported import CitySpatial
@_exported import CityText
@_exported import CityTraffic
