import CEmulatedKernels
import CMicroKernels
import Testing

/// The operations that take `enum snn_isa`, for one instruction set: one that the library knows, or an emulated one.
struct InstructionSetVariant: Sendable, CustomTestStringConvertible {
  let name: String
  private let kind: Kind

  private enum Kind {
    case library(snn_isa)
    /// A line of the table.
    case emulated(Int)
  }

  /// What this processor can run; it can run all that is emulated.
  static var runnable: [InstructionSetVariant] {
    sets.filter { $0.isa.rawValue <= snn_cpu_isa().rawValue }.map { .init(name: $0.name, kind: .library($0.isa)) }
      + emulatedSets.kernels.enumerated().map { .init(name: String(cString: $1.name), kind: .emulated($0)) }
  }

  /// Those that have the operations of Winograd's convolution.
  static var runnableForWinograd: [InstructionSetVariant] {
    runnable.filter {
      guard case .emulated(let index) = $0.kind else { return true }
      return emulatedSets.kernels[index].winograd_window != nil
    }
  }

  /// The names of the others.
  static var unrunnable: [String] { sets.filter { $0.isa.rawValue > snn_cpu_isa().rawValue }.map(\.name) }

  #if arch(arm64)
    private static let sets = [(name: "scalar", isa: SNN_ISA_SCALAR), (name: "neon", isa: SNN_ISA_NEON)]
  #else
    private static let sets = [
      (name: "scalar", isa: SNN_ISA_SCALAR), (name: "avx2", isa: SNN_ISA_AVX2), (name: "avx512", isa: SNN_ISA_AVX512),
    ]
  #endif

  private static let emulatedSets = KernelTable(snn_emulated_sets)

  var testDescription: String { name }

  /// `snn_f32_gather_lanes`.
  func gather(
    _ rows: UnsafePointer<snn_lane_row>, count: Int, plane: UnsafePointer<Float>, lanes: UnsafeMutablePointer<Float>
  ) {
    switch kind {
    case .library(let isa): snn_f32_gather_lanes(isa, rows, count, plane, lanes)
    case .emulated(let index): Self.emulatedSets.kernels[index].gather_lanes(rows, count, plane, lanes)
    }
  }

  /// `snn_f32_scatter_lanes`.
  func scatter(
    _ row: UnsafePointer<snn_lane_row>, lanes: UnsafePointer<Float>, epilogue: UnsafePointer<snn_f32_epilogue>,
    plane: UnsafeMutablePointer<Float>
  ) {
    switch kind {
    case .library(let isa): snn_f32_scatter_lanes(isa, row, lanes, epilogue, plane)
    case .emulated(let index): Self.emulatedSets.kernels[index].scatter_lanes(row, lanes, epilogue, plane)
    }
  }

  /// `snn_f32_winograd_window`, for planes whose rows are `width` apart.
  func winogradWindow(
    m: Int, _ groups: UnsafePointer<snn_winograd_group>, count: Int, input: UnsafePointer<Float>, width: Int,
    planeStride: Int, channelCount: Int, layout: UnsafePointer<snn_winograd_planes>,
    planes: UnsafeMutablePointer<Float>
  ) {
    switch kind {
    case .library(let isa):
      snn_f32_winograd_window(
        isa, Int32(m), groups, count, input, width, planeStride, channelCount, layout, planes)
    case .emulated(let index):
      Self.emulatedSets.kernels[index].winograd_window(
        Int32(m), groups, count, input, width, planeStride, channelCount, layout, planes)
    }
  }

  /// `snn_f32_winograd_output`, for planes whose rows are `width` apart.
  func winogradOutput(
    m: Int, _ tiles: UnsafePointer<snn_winograd_tile>, count: Int, planes: UnsafePointer<Float>,
    layout: UnsafePointer<snn_winograd_planes>, channelCount: Int, epilogue: UnsafePointer<snn_f32_epilogue>,
    output: UnsafeMutablePointer<Float>, width: Int, planeStride: Int
  ) {
    switch kind {
    case .library(let isa):
      snn_f32_winograd_output(
        isa, Int32(m), tiles, count, planes, layout, channelCount, epilogue, output, width, planeStride)
    case .emulated(let index):
      Self.emulatedSets.kernels[index].winograd_output(
        Int32(m), tiles, count, planes, layout, channelCount, epilogue, output, width, planeStride)
    }
  }
}
