import CMicroKernels
import Foundation

/// An instruction set for which micro-kernels exist.
public enum InstructionSet: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
  /// Plain C: the specification of every micro-kernel, and what runs where there is nothing better.
  case scalar
  /// NEON of aarch64, which always has it.
  case neon
  /// AVX2 and FMA3.
  case avx2
  /// AVX-512 F, CD, BW, DQ and VL.
  case avx512

  /// The environment variable that caps ``current``, for tests: `scalar`, `neon`, `avx2` or `avx512`. A set that this
  /// processor lacks, or another value, caps nothing.
  public static let capVariable = "SPARSENN_ISA"

  /// The widest instruction set of this processor, capped by ``capVariable``. Read once.
  public static let current = capped(ofProcessor, variable: ProcessInfo.processInfo.environment[capVariable])

  /// An instruction set, capped by a value of ``capVariable``, or by nothing.
  package static func capped(_ widest: InstructionSet, variable: String?) -> InstructionSet {
    widest.included.first { $0.rawValue == variable } ?? widest
  }

  /// The widest instruction set of this processor and its operating system.
  public static let ofProcessor: InstructionSet = {
    switch snn_cpu_isa() {
    case SNN_ISA_AVX512: .avx512
    case SNN_ISA_AVX2: .avx2
    case SNN_ISA_NEON: .neon
    default: .scalar
    }
  }()

  /// Whether vectors of sixteen floats go through this processor's core whole, rather than as two halves one after the other.
  package static let hasWholeWideVectors = current == .avx512 && snn_cpu_has_whole_avx512() != 0

  /// What a processor with this set can run, narrowest first: this last.
  package var included: [InstructionSet] {
    switch self {
    case .scalar: [.scalar]
    case .neon: [.scalar, .neon]
    case .avx2: [.scalar, .avx2]
    case .avx512: [.scalar, .avx2, .avx512]
    }
  }

  /// Narrower sets come first; the order of two architectures' sets, which never meet, means nothing.
  public static func < (left: InstructionSet, right: InstructionSet) -> Bool { left.isa.rawValue < right.isa.rawValue }

  /// The name by which micro-kernels know the set.
  package var isa: snn_isa {
    switch self {
    case .scalar: SNN_ISA_SCALAR
    case .neon: SNN_ISA_NEON
    case .avx2: SNN_ISA_AVX2
    case .avx512: SNN_ISA_AVX512
    }
  }
}
