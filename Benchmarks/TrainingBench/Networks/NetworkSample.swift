/// What one training step of a network took, in seconds.
struct NetworkSample: Equatable, Sendable {
  /// With the loss, and with the repacking of weights that the step before has changed.
  var forward = 0.0
  var backward = 0.0
  /// The optimizer's, of all parameters.
  var update = 0.0

  var seconds: Double { forward + backward + update }
}
