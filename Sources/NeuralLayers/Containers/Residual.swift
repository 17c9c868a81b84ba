/// The sum of what two branches make of one input, `body(x) + shortcut(x)`, where a missing shortcut is `x` itself.
///
/// He et al., "Deep residual learning for image recognition", CVPR 2016, <https://arxiv.org/abs/1512.03385>.
public final class Residual: Layer {
  /// The longer branch.
  public let body: Sequential
  /// The shorter branch, or nil for the input as it is.
  public let shortcut: Sequential?

  /// Creates the layer.
  public init(@LayerBuilder _ body: () throws -> [any Layer]) rethrows {
    self.body = Sequential(try body())
    shortcut = nil
  }

  /// Creates the layer with a second branch.
  public init(
    @LayerBuilder _ body: () throws -> [any Layer], @LayerBuilder shortcut: () throws -> [any Layer]
  ) rethrows {
    self.body = Sequential(try body())
    self.shortcut = Sequential(try shortcut())
  }

  /// Computes both branches and their sum.
  ///
  /// - Precondition: both give the same shape.
  public func callAsFunction(_ input: Variable) throws -> Variable {
    try body(input) + (shortcut.map { try $0(input) } ?? input)
  }
}
