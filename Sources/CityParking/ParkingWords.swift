/// Parking on the common clock.
public enum ParkingWords {}
