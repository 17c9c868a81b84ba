/// One training and what it came to.
public struct TrainingRecord: Hashable, Sendable, Codable {
  /// A choice that was made before training, as text.
  public struct Setting: Hashable, Sendable, Codable {
    /// What was chosen: `batch size`.
    public var name: String
    /// The choice: `128`.
    public var value: String

    /// Creates a setting.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// What plots and tables call it: `90 % sparse, RigL`.
  public var name: String
  /// The choices, in the order in which a person wants to read them.
  public var settings: [Setting]
  /// Where and when it was trained.
  public var environment: TrainingEnvironment
  /// The epochs, in their order.
  public var epochs: [EpochMetrics]
  /// Where the time went, if that was profiled.
  public var profile: [ProfileRow]?
  /// Bytes of memory that the process has had at most, see ``PeakMemory``; nil where it is not known. Of two trainings in one process
  /// the later one is charged with the earlier one's.
  public var peakMemoryByteCount: Int?

  /// Creates a record.
  public init(
    name: String, settings: [Setting] = [], environment: TrainingEnvironment, epochs: [EpochMetrics] = [],
    profile: [ProfileRow]? = nil, peakMemoryByteCount: Int? = nil
  ) {
    self.name = name
    self.settings = settings
    self.environment = environment
    self.epochs = epochs
    self.profile = profile
    self.peakMemoryByteCount = peakMemoryByteCount
  }
}

extension TrainingRecord {
  /// The epoch with the highest test accuracy, the first of equals; nil where no accuracy is known.
  public var best: EpochMetrics? {
    epochs.filter { $0.testAccuracy.isFinite }.reduce(nil) { best, epoch in
      epoch.testAccuracy > best?.testAccuracy ?? -.infinity ? epoch : best
    }
  }

  /// The seconds of training in all epochs.
  public var seconds: Double { epochs.reduce(0) { $0 + $1.seconds } }

  /// Training images per second over all epochs; nil where no time has passed.
  public var imagesPerSecond: Double? {
    // Epochs of no time have no rate.
    let timed = epochs.filter { $0.imagesPerSecond.isFinite && $0.seconds > 0 && $0.seconds.isFinite }
    let seconds = timed.reduce(0) { $0 + $1.seconds }
    let images = timed.reduce(0) { $0 + $1.imagesPerSecond * $1.seconds }
    return seconds > 0 && images > 0 ? images / seconds : nil
  }
}
