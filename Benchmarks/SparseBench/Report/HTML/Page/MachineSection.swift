import HTMLReport
import SparseKernels

/// What the numbers depend on: the machine, the build, the run, and the ceilings that were measured before it.
struct MachineSection {
  let environment: BenchEnvironment
  let ceilings: MachineCeilings

  var markup: Markup {
    .section(
      "machine", title: "The machine",
      [
        .paragraph("What one core can do at most was measured before the layers; the best of five samples each."),
        .columns([described, measured]),
      ])
  }

  private var described: Markup {
    let caches = environment.processor.caches.map { "L\($0.level) \($0.kind.lowercased()) \($0.byteCount >> 10) KiB" }
    let libraries = environment.libraries.sorted { $0.key < $1.key }
    let rows: [(String, String)] =
      [
        ("processor", environment.processor.model),
        ("instruction set", environment.processor.instructionSet),
        ("hardware threads", "\(environment.processor.threadCount)"),
        ("caches", caches.isEmpty ? "unknown" : caches.joined(separator: ", ")),
        ("memory", "\(NumberText.threeDigits(Double(environment.memoryBytes) / 0x1p30)) GiB"),
        ("operating system", environment.operatingSystem),
        ("compiler", "\(environment.compiler), \(environment.buildConfiguration) build"),
        ("OpenBLAS's kernels", "for \(environment.openBLASCore)"),
      ] + libraries.map { ($0.key, $0.value) } + [
        ("pass", environment.pass.rawValue),
        ("threads used", "\(environment.threads)"),
        ("seconds per kernel and case", "\(environment.secondsPerCase)"),
        ("seed", "\(environment.seed)"),
        ("load before the run", environment.loadAverage.map { NumberText.threeDigits($0) } ?? "unknown"),
        ("revision", environment.revision ?? "unknown"),
        ("date", environment.date),
        ("command", environment.command),
      ]
    return .facts("Machine, build and run", rows, isText: true)
  }

  private var measured: Markup {
    let rows = [
      ("multiply-add between registers", ceilings.fmaGflops, "GFLOP/s"),
      ("multiply-add, operand from L1", ceilings.l1FmaGflops, "GFLOP/s"),
      ("multiply-add, operand from L2", ceilings.l2FmaGflops, "GFLOP/s"),
      ("reading L1", ceilings.l1ReadGBps, "GB/s"), ("reading L2", ceilings.l2ReadGBps, "GB/s"),
      ("reading L3", ceilings.l3ReadGBps, "GB/s"), ("reading memory", ceilings.memoryReadGBps, "GB/s"),
    ]
    return .facts("Ceilings of one core", rows.map { ($0, "\(NumberText.ceiling($1)) \($2)") }, isText: false)
  }
}
