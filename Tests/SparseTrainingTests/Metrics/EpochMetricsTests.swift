import Foundation
import SparseTraining
import Testing

@Suite struct EpochMetricsTests {
  @Test func aRecordOutlivesJSON() throws {
    let metrics = EpochMetrics(
      epoch: 3, step: 1407, learningRate: 0.01, trainLoss: 0.3, trainAccuracy: 0.89, testLoss: 0.29, testAccuracy: 0.9,
      sparsity: 0.95, imagesPerSecond: 1000, seconds: 60)
    let decoded = try JSONDecoder().decode(EpochMetrics.self, from: JSONEncoder().encode(metrics))
    #expect(decoded == metrics)
  }
}
