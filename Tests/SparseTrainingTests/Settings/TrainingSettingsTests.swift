import Foundation
import Optimizers
import Pruning
import Testing

@testable import SparseTraining

@Suite struct TrainingSettingsTests {
  @Test func settingsOutliveJSON() throws {
    for method in SparsityMethod.allCases {
      let settings = TrainingSettings.small(method)
      let again = try JSONDecoder().decode(TrainingSettings.self, from: JSONEncoder().encode(settings))
      #expect(again == settings)
    }
  }

  @Test func numbersThatMakeNoSenseAreNamed() {
    func refused(_ name: String, _ change: (inout TrainingSettings) -> Void) {
      var settings = TrainingSettings.small(.rigL)
      change(&settings)
      let error = #expect(throws: TrainingError.self) { try settings.check() }
      guard case .setting(name, _, _) = error else {
        Issue.record("\(name): \(String(describing: error))")
        return
      }
    }
    refused("epochs") { $0.epochs = 0 }
    refused("epochs") { $0.epochs = .max }
    refused("gradient clipping") { $0.gradientClipping = .infinity }
    refused("weight decay") { $0.optimizer.weightDecay = .infinity }
    refused("batch size") { $0.batchSize = 0 }
    refused("learning rate") { $0.learningRate = 0 }
    refused("learning rate") { $0.learningRate = .nan }
    refused("learning rate") { $0.learningRate = .infinity }
    refused("warm-up steps") { $0.warmupSteps = -1 }
    refused("label smoothing") { $0.labelSmoothing = 1.5 }
    refused("gradient clipping") { $0.gradientClipping = 0 }
    refused("shift") { $0.shift = -1 }
    refused("momentum") { $0.optimizer.momentum = 1 }
    refused("weight decay") { $0.optimizer.weightDecay = -1 }
    refused("sparsity") { $0.sparsity = 1 }
    refused("sparsity") { $0.sparsity = .nan }
    refused("patience") { $0.patience = 0 }
    refused("distribution") { $0.distribution = .global }
  }

  @Test func schedulesReachTheirRate() {
    #expect(ScheduleSettings.constant.schedule(rate: 0.1, warmup: 0, steps: 10).rate(step: 9) == 0.1)
    #expect(ScheduleSettings.cosine.schedule(rate: 0.1, warmup: 0, steps: 10).rate(step: 10) == 0)
    let step = ScheduleSettings.step.schedule(rate: 1, warmup: 0, steps: 100)
    #expect(
      step.rate(step: 49) == 1 && abs(step.rate(step: 50) - 0.1) < 1e-12 && abs(step.rate(step: 99) - 0.01) < 1e-12)
    let warm = ScheduleSettings.constant.schedule(rate: 1, warmup: 4, steps: 10)
    #expect(warm.rate(step: 0) == 0.25 && warm.rate(step: 4) == 1)
  }

  @Test func onlyWeightsOfMoreThanOneExtentDecay() throws {
    for kind in OptimizerSettings.Kind.allCases {
      let optimizer = OptimizerSettings(kind).make(undecayed: ["fc.bias", "bn.weight"])
      #expect(optimizer.decayFilter.includes("conv.weight") && !optimizer.decayFilter.includes("fc.bias"))
      #expect(!optimizer.decayFilter.includes("bn.weight"))
    }
  }

  @Test func methodsHaveTheirParts() {
    for method in SparsityMethod.allCases {
      let pruning = method.pruning(sparsity: 0.9, distribution: .uniform, steps: 1000)
      let dynamics = method.dynamics(steps: 1000, seed: 1)
      #expect(pruning == nil || dynamics == nil)
      #expect((pruning == nil && !method.beginsSparse) == (method == .dense))
      if let pruning { #expect(pruning.schedule.sparsity(step: 999) == 0.9) }
      // Trainings of one step have a method too.
      #expect(method.pruning(sparsity: 0.9, distribution: .uniform, steps: 1)?.schedule.sparsity(step: 0) ?? 0.9 == 0.9)
      _ = method.dynamics(steps: 1, seed: 1)?.changesPattern(at: 0)
    }
  }
}
