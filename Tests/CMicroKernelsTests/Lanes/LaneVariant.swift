import CEmulatedKernels
import CMicroKernels
import Testing

/// A variant of f32_lanes: an instruction set that the library chooses by, or an emulated one.
struct LaneVariant: Sendable, CustomTestStringConvertible {
  let name: String
  private let kind: Kind

  private enum Kind {
    case library(snn_isa)
    /// A line of the table.
    case emulated(Int)
  }

  /// What this processor can run; it can run all that is emulated.
  static var runnable: [LaneVariant] { library.filter { snn_cpu_isa().rawValue >= $0.neededSet } + emulated }

  /// The others.
  static var unrunnable: [LaneVariant] { library.filter { snn_cpu_isa().rawValue < $0.neededSet } }

  #if arch(arm64)
    private static let sets = [("scalar", SNN_ISA_SCALAR), ("neon", SNN_ISA_NEON)]
  #else
    private static let sets = [("scalar", SNN_ISA_SCALAR), ("avx2", SNN_ISA_AVX2), ("avx512", SNN_ISA_AVX512)]
  #endif

  private static var library: [LaneVariant] { sets.map { LaneVariant(name: $0.0, kind: .library($0.1)) } }

  private static let emulatedTable = KernelTable(snn_emulated_lanes_neon)

  private static var emulated: [LaneVariant] {
    emulatedTable.kernels.enumerated().map { index, variant in
      LaneVariant(name: String(cString: variant.name), kind: .emulated(index))
    }
  }

  var testDescription: String { name }

  var isEmulated: Bool {
    if case .emulated = kind { true } else { false }
  }

  private var neededSet: UInt32 {
    switch kind {
    case .library(let isa): isa.rawValue
    case .emulated: SNN_ISA_SCALAR.rawValue
    }
  }

  /// Calls `snn_f32_gather_lanes`, or what emulates it.
  func gather(
    _ rows: UnsafePointer<snn_lane_row>, count: Int, plane: UnsafePointer<Float>, lanes: UnsafeMutablePointer<Float>
  ) {
    switch kind {
    case .library(let isa): snn_f32_gather_lanes(isa, rows, count, plane, lanes)
    case .emulated(let index): Self.emulatedTable.kernels[index].gather(rows, count, plane, lanes)
    }
  }

  /// Calls `snn_f32_scatter_lanes`, or what emulates it.
  func scatter(
    _ row: UnsafePointer<snn_lane_row>, lanes: UnsafePointer<Float>, epilogue: UnsafePointer<snn_f32_epilogue>,
    plane: UnsafeMutablePointer<Float>
  ) {
    switch kind {
    case .library(let isa): snn_f32_scatter_lanes(isa, row, lanes, epilogue, plane)
    case .emulated(let index): Self.emulatedTable.kernels[index].scatter(row, lanes, epilogue, plane)
    }
  }
}
