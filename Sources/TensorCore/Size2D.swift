/// A height and a width, in elements: the extent of an image or a kernel, a stride or a dilation.
public struct Size2D: Hashable, Sendable, CustomStringConvertible {
  /// Along rows, top to bottom.
  public var height: Int
  /// Along columns, left to right.
  public var width: Int

  /// Creates a rectangular size.
  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  /// Creates a square size.
  public init(_ side: Int) {
    self.init(height: side, width: side)
  }

  /// Height by width, such as `3x3`.
  public var description: String { "\(height)x\(width)" }
}

/// The rows and columns of zeros around an image, in elements; start and end may differ.
public struct Padding2D: Hashable, Sendable, CustomStringConvertible {
  /// Rows above the image.
  public var top: Int
  /// Rows below the image.
  public var bottom: Int
  /// Columns before the image.
  public var left: Int
  /// Columns after the image.
  public var right: Int

  /// Creates a padding from its four sides.
  public init(top: Int, bottom: Int, left: Int, right: Int) {
    self.top = top
    self.bottom = bottom
    self.left = left
    self.right = right
  }

  /// Creates the same padding on all four sides.
  public init(_ side: Int) {
    self.init(top: side, bottom: side, left: side, right: side)
  }

  /// No padding.
  public static let none = Padding2D(0)

  /// The four sides, such as `top 0, bottom 1, left 0, right 1`.
  public var description: String { "top \(top), bottom \(bottom), left \(left), right \(right)" }
}
