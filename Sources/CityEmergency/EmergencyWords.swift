/// Emergency services on the common clock.
public enum EmergencyWords {}
