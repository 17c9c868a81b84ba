import Foundation

/// Numbers as a person reads them: the same on the terminal and on the page.
package enum NumberText {
  package static func percent(_ fraction: Double) -> String {
    let percent = fraction * 100
    return percent == percent.rounded() ? String(format: "%.0f %%", percent) : String(format: "%.1f %%", percent)
  }

  package static func milliseconds(_ seconds: Double) -> String { String(format: "%.3f", seconds * 1e3) }

  package static func rate(_ gflops: Double) -> String { String(format: "%.1f", gflops) }

  /// A ceiling of the machine, in 10^9 a second.
  package static func ceiling(_ rate: Double) -> String { String(format: "%.0f", rate) }

  /// A speed-up; `~` where it is within the spread of the samples, so that nobody reads a difference into it.
  package static func ratio(_ ratio: Double, isLevel: Bool = false) -> String {
    (isLevel ? "~" : "") + String(format: "%.2fx", ratio)
  }

  /// A speed-up within a sentence.
  package static func times(_ ratio: Double) -> String { String(format: "%.2f times", ratio) }

  package static func kibibytes(_ byteCount: Int) -> String {
    String(format: "%.0f", (Double(byteCount) / 1024).rounded(.up))
  }

  /// Three digits that count, without an exponent where a person would not write one.
  package static func threeDigits(_ value: Double) -> String {
    let magnitude = abs(value)
    if magnitude == 0 { return "0" }
    if magnitude < 1e-4 || magnitude >= 1e6 { return String(format: "%.2e", value) }
    return String(format: "%.\(max(0, 2 - Int(log10(magnitude).rounded(.down))))f", value)
  }

  /// `1 layer`, `4 layers`.
  package static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
