import NeuralLayers

/// Where the time of a step goes, by kind of operation and phase.
final class StepProfile: TapeProfiler {
  /// A kind of operation and a phase.
  struct Key: Hashable {
    let kind: String
    let phase: String
  }

  private var totals: [Key: Double] = [:]
  private var kinds: [String] = []
  private var stepCount = 0
  private var stepSeconds = 0.0

  /// Names the kind of what the optimizer does, and of what no operation accounts for.
  private static let (optimizer, rest) = ("optimizer", "repacking and the rest")

  func record(operation: String, phase: TapePhase, seconds: Double) {
    // A label is the layer's kind, and of a convolution the problem behind it.
    let kind = operation.split(separator: " ").first.map(String.init) ?? operation
    add(kind, phase.rawValue, seconds)
  }

  /// Takes note of a whole step, after its operations.
  func add(_ sample: NetworkSample) {
    stepCount += 1
    stepSeconds += sample.seconds
    add(Self.optimizer, "update", sample.update)
  }

  private func add(_ kind: String, _ phase: String, _ seconds: Double) {
    if !kinds.contains(kind) { kinds.append(kind) }
    totals[Key(kind: kind, phase: phase), default: 0] += seconds
  }

  /// The seconds of a step, by kind in the order of their first operation; what is within backward is taken out of it.
  var entries: [ProfileEntry] {
    let count = Double(max(stepCount, 1))
    var entries = kinds.map { kind in
      func seconds(_ phase: String) -> Double { (totals[Key(kind: kind, phase: phase)] ?? 0) / count }
      let (input, weight) = (seconds(TapePhase.inputGradient.rawValue), seconds(TapePhase.weightGradient.rawValue))
      return ProfileEntry(
        kind: kind, forward: seconds(TapePhase.forward.rawValue), inputGradient: input, weightGradient: weight,
        otherBackward: max(0, seconds(TapePhase.backward.rawValue) - input - weight), update: seconds("update"))
    }
    let known = entries.reduce(0) { $0 + $1.seconds }
    entries.append(ProfileEntry(kind: Self.rest, other: max(0, stepSeconds / count - known)))
    return entries
  }
}

/// What a kind of operation takes of a step, in seconds.
struct ProfileEntry: Equatable, Sendable, Encodable {
  let kind: String
  var forward = 0.0
  var inputGradient = 0.0
  var weightGradient = 0.0
  /// Backward less both gradients of convolutions.
  var otherBackward = 0.0
  var update = 0.0
  var other = 0.0

  var seconds: Double { forward + inputGradient + weightGradient + otherBackward + update + other }
}
