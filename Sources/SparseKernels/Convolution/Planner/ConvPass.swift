/// What of a convolution is computed: its output, or one of the two gradients that training needs besides.
public enum ConvPass: String, CaseIterable, Hashable, Sendable, Codable {
  /// ``PreparedConv/forward(_:into:epilogue:context:)``.
  case forward
  /// ``ConvGradients/inputGradient(_:into:context:)``.
  case inputGradient = "input-gradient"
  /// ``ConvGradients/weightGradient(_:_:into:context:)``.
  case weightGradient = "weight-gradient"
}
