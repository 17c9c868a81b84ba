/// Layers one after the other, written as a list:
///
///     let model = Sequential {
///       try Conv2d(ConvGeometry(1, 32, kernelSize: 3, padding: 1), using: &generator)
///       BatchNorm2d(32)
///       ReLU()
///     }
///
/// They are named by their place: `0.weight`, `1.bias`. A ``BatchNorm2d`` that a ``ReLU`` follows is computed with it in one pass.
public final class Sequential: Layer {
  /// The layers in order.
  public let layers: [any Layer]

  /// Creates the sequence from a list.
  public convenience init(@LayerBuilder _ layers: () throws -> [any Layer]) rethrows {
    self.init(try layers())
  }

  /// Creates the sequence from an array.
  public init(_ layers: [any Layer]) {
    self.layers = layers
  }

  /// The layers, named by their place.
  public var parts: [(name: String, part: ModulePart)] {
    layers.enumerated().map { ("\($0.offset)", .module($0.element)) }
  }

  /// Calls the layers in order.
  public func callAsFunction(_ input: Variable) throws -> Variable {
    var variable = input
    var index = 0
    while index < layers.count {
      if let norm = layers[index] as? BatchNorm2d, index + 1 < layers.count, layers[index + 1] is ReLU {
        variable = norm(variable, activation: .relu)
        index += 2
      } else {
        variable = try layers[index](variable)
        index += 1
      }
    }
    return variable
  }
}

/// Collects layers from a list of them, with `if` and `for`.
@resultBuilder
public enum LayerBuilder {
  /// One layer.
  public static func buildExpression(_ layer: some Layer) -> [any Layer] { [layer] }
  /// A layer of a type that is known when it runs.
  public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }
  /// Several layers.
  public static func buildExpression(_ layers: [any Layer]) -> [any Layer] { layers }
  /// A list.
  public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { Array(parts.joined()) }
  /// The layers of a loop.
  public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { Array(parts.joined()) }
  /// The layers of an `if` without `else`.
  public static func buildOptional(_ part: [any Layer]?) -> [any Layer] { part ?? [] }
  /// The layers of an `if`.
  public static func buildEither(first part: [any Layer]) -> [any Layer] { part }
  /// The layers of an `else`.
  public static func buildEither(second part: [any Layer]) -> [any Layer] { part }
}
