import Foundation
import SparseTraining

/// Records of trainings that never were.
enum SyntheticTraining {
  /// Losses that fall and accuracies that rise with the epochs.
  ///
  /// - Parameter rate: images per second.
  static func epochs(_ count: Int, sparsity: Double = 0, rate: Double = 120) -> [EpochMetrics] {
    (0..<count).map { index in
      let progress = 1 - exp(-Double(index + 1) / 4)
      return EpochMetrics(
        epoch: index + 1, step: (index + 1) * 469, learningRate: 0.1 * pow(0.5, Double(index) / 4),
        trainLoss: 2.3 - 2.2 * progress, trainAccuracy: 0.1 + 0.88 * progress, testLoss: 2.35 - 2.1 * progress,
        testAccuracy: 0.1 + 0.85 * progress - (index.isMultiple(of: 3) ? 0.01 : 0), sparsity: sparsity * progress,
        imagesPerSecond: rate + Double(index % 5), seconds: 60_000 / rate)
    }
  }

  static func environment() -> TrainingEnvironment {
    var environment = TrainingEnvironment(threads: 2, revision: "0123456789ab")
    environment.date = "2026-01-02T03:04:05Z"
    return environment
  }

  static func record(
    _ name: String, epochCount: Int = 10, sparsity: Double = 0, rate: Double = 120
  ) -> TrainingRecord {
    TrainingRecord(
      name: name,
      settings: [.init("optimizer", "SGD, momentum 0.9"), .init("batch size", "128"), .init("a last one", "")],
      environment: environment(), epochs: epochs(epochCount, sparsity: sparsity, rate: rate),
      profile: [
        ProfileRow(operation: "Conv2d mb128ic3", phase: .forward, callCount: 4690, seconds: 30),
        ProfileRow(operation: "parameters", phase: .optimizer, callCount: 4690, seconds: 10),
      ], peakMemoryByteCount: 300 << 20)
  }

  static var comparison: TrainingReport {
    TrainingReport(
      title: "ResNet-20 on CIFAR-10",
      records: [record("dense"), record("90 % sparse, RigL", sparsity: 0.9, rate: 250)])
  }
}
