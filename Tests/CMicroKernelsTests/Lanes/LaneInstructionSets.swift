import CMicroKernels

/// The instruction sets that f32_lanes takes.
enum LaneInstructionSets {
  private static let all = [("scalar", SNN_ISA_SCALAR), ("avx2", SNN_ISA_AVX2), ("avx512", SNN_ISA_AVX512)]

  /// The names of those that this processor has.
  static var runnable: [String] { all.filter { $0.1.rawValue <= snn_cpu_isa().rawValue }.map(\.0) }

  /// The names of the others.
  static var unrunnable: [String] { all.map(\.0).filter { !runnable.contains($0) } }

  /// An instruction set by its name.
  static func named(_ name: String) -> snn_isa { all.first { $0.0 == name }?.1 ?? SNN_ISA_SCALAR }
}
