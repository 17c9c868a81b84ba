import BenchmarkReport
import HTMLReport
import NeuralLayers
import SparseKernels
import TensorCore

/// Checks and times the steps of one network in all its variants.
struct NetworkRunner {
  let plan: NetworkPlan
  let interrupt: Interrupt

  /// The steps of a profile.
  static let profiledStepCount = 3

  /// The results of a network, the dense sides first; what Ctrl-C left without a sample is left out.
  ///
  /// - Parameter progress: told what is being done.
  func results(of network: NetworkKind, progress: (String) -> Void) throws -> [NetworkResult] {
    let settings = plan.settings
    let context = ComputeContext(threadCount: settings.threadCount)
    // One tape for all: values and gradients have the same shapes in every variant, and so the same memory.
    let tape = Tape(context: context)
    let batch = RandomBatch(network, count: settings.batch, seed: settings.seed &+ 1)
    var outcomes: [NetworkOutcome] = []
    for variant in try NetworkVariant.all(of: network, sparsities: settings.sparsities) where !interrupt.isRequested {
      progress("checking \(variant.form.rawValue) at \(NumberText.percent(variant.sparsity))")
      let trainer = try NetworkTrainer(
        variant, of: network, optimizer: plan.optimizer, batch: batch, tape: tape, seed: settings.seed)
      let fault = try NetworkCheck.fault(
        of: variant, model: trainer.model, network: network, context: context, seed: settings.seed &+ 2)
      outcomes.append(NetworkOutcome(trainer: trainer, fault: fault))
    }
    try sample(outcomes.filter { $0.fault == nil }.map(\.trainer), progress: progress)
    if plan.profiles {
      for index in outcomes.indices where outcomes[index].fault == nil && !interrupt.isRequested {
        progress("profiling")
        outcomes[index].profile =
          try outcomes[index].trainer.profile(stepCount: Self.profiledStepCount).entries
      }
    }
    return NetworkResult.results(of: outcomes, network: network, plan: plan)
  }

  /// Rounds over the trainers, each with a burst of steps, until each has had its time.
  private func sample(_ trainers: [NetworkTrainer], progress: (String) -> Void) throws {
    var waiting = trainers
    while !waiting.isEmpty {
      for trainer in waiting {
        if interrupt.isRequested { return }
        progress("timing \(trainer.variant.form.rawValue) at \(NumberText.percent(trainer.variant.sparsity))")
        try trainer.takeSamples(plan.settings.burst)
      }
      waiting.removeAll {
        plan.settings.isDone(sampleCount: $0.samples.count, secondsSpent: $0.secondsSpent)
      }
    }
  }
}

/// A network in training, what is wrong with it, and where its time goes.
struct NetworkOutcome {
  let trainer: NetworkTrainer
  let fault: String?
  var profile: [ProfileEntry] = []
}
