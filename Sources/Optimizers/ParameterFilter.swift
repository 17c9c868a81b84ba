/// Which parameters something applies to, chosen by name: all but those that one of some texts picks out.
///
/// A text picks out a name that starts with it, or that has it just after a dot: `bias` picks out `conv1.bias`,
/// `bn` both `bn1.weight` and `block.bn2.bias`, and neither picks out `subnet.weight`.
public struct ParameterFilter: Hashable, Sendable, Codable {
  /// The texts that pick out what is excluded.
  public var excluded: [String]

  /// Creates a filter that includes all names but those that one of the texts picks out.
  public init(excluding excluded: [String] = []) {
    self.excluded = excluded
  }

  /// All parameters.
  public static let all = ParameterFilter()

  /// All but biases and what normalization layers hold, by the names that are usual for them. A layer whose name
  /// does not tell, such as `layers.1`, has to be excluded by its name.
  public static let exceptBiasAndNorm = ParameterFilter(excluding: ["bias", "bn", "norm", "batchNorm", "batchnorm"])

  /// Whether a parameter is included.
  public func includes(_ name: String) -> Bool {
    !excluded.contains { Self.picks(name, $0) }
  }

  /// Compares bytes, since this is asked at every update and must not allocate.
  private static func picks(_ name: String, _ text: String) -> Bool {
    var rest = name.utf8[...]
    while true {
      if rest.starts(with: text.utf8) { return true }
      guard let dot = rest.firstIndex(of: UInt8(ascii: ".")) else { return false }
      rest = rest[rest.index(after: dot)...]
    }
  }
}
