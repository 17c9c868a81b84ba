import Foundation
import Pruning
import SparseTraining

extension TrainingSettings {
  /// What files of this training are called: `dense`, `rigl-0.9`.
  var runName: String { method == .dense ? "dense" : "\(method.rawValue)-\(sparsity)" }

  /// What a person calls it.
  var words: String {
    method == .dense ? "dense" : "\((sparsity * 1000).rounded() / 10) % sparse, \(method.rawValue)"
  }

  /// Everything, for a report.
  func list(network: String, imageCount: Int) -> [TrainingRecord.Setting] {
    var list: [TrainingRecord.Setting] = [
      .init("network", network), .init("images", "\(imageCount)"), .init("method", method.rawValue),
      .init("sparsity", "\(sparsity)"), .init("epochs", "\(epochs)"), .init("batch", "\(batchSize)"),
      .init("optimizer", optimizer.kind.rawValue), .init("learning rate", "\(learningRate)"),
      .init("schedule", schedule.rawValue), .init("warm-up steps", "\(warmupSteps)"),
      .init("weight decay", "\(optimizer.weightDecay)"), .init("label smoothing", "\(labelSmoothing)"),
      .init("shift", "\(shift)"), .init("flips", flips ? "yes" : "no"), .init("seed", "\(seed)"),
    ]
    if method != .dense { list.insert(.init("distribution", distribution.rawValue), at: 4) }
    if optimizer.kind == .sgd || optimizer.kind == .rmsprop { list.append(.init("momentum", "\(optimizer.momentum)")) }
    if let gradientClipping { list.append(.init("gradient clipping", "\(gradientClipping)")) }
    if let patience { list.append(.init("patience", "\(patience)")) }
    return list
  }
}
