import BenchmarkReport

/// Which networks are trained, and how.
struct NetworkPlan: Sendable {
  let networks: [NetworkKind]
  let optimizer: OptimizerKind
  /// Whether steps are profiled after those that count.
  let profiles: Bool
  let settings: RunSettings

  static let standard = SharedOptions.Standard(
    batch: 128, threadCount: 2, sparsities: [0.8, 0.9, 0.95], secondsPerCase: 2)

  init(networks names: [String], optimizer: String?, profiles: Bool, options: SharedOptions) throws(BenchError) {
    var networks: [NetworkKind] = []
    for name in OptionText.items(names) {
      let network: NetworkKind = try Self.named(name, option: "--networks", what: "network")
      if !networks.contains(network) { networks.append(network) }
    }
    self.networks = networks.isEmpty ? [.vggSmall, .resNet20] : networks
    self.optimizer =
      try optimizer.map { name throws(BenchError) in
        try Self.named(name, option: "--optimizer", what: "optimizer")
      } ?? .adam
    self.profiles = profiles
    settings = try options.settings(Self.standard)
  }

  private static func named<Kind: RawRepresentable<String> & CaseIterable>(
    _ name: String, option: String, what: String
  ) throws(BenchError) -> Kind {
    if let kind = Kind(rawValue: name) { return kind }
    let expected = Kind.allCases.map(\.rawValue).joined(separator: ", ")
    throw .usage("\(option): there is no \(what) '\(name)', expected one of \(expected)")
  }
}
