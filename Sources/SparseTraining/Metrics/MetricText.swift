import Foundation
import HTMLReport

/// The numbers of training as a person reads them, the same on the terminal and on the page. What is not finite is written so that
/// it is seen, or as a dash where it says nothing.
enum MetricText {
  /// A loss: four decimals, or three digits where those would hide it.
  static func loss(_ loss: Double) -> String {
    if let text = notFinite(loss) { return text }
    let magnitude = abs(loss)
    if magnitude == 0 || (1e-3..<100).contains(magnitude) { return String(format: "%.4f", loss) }
    return String(format: "%.3g", loss)
  }

  /// A fraction in percent, with two decimals: one image of a test set of 10 000.
  static func accuracy(_ fraction: Double) -> String {
    fraction.isFinite ? String(format: "%.2f %%", fraction * 100) : "-"
  }

  /// A fraction of zeros in percent. Near 1 a second decimal says how much is left, and 100 % only that nothing is.
  static func sparsity(_ fraction: Double) -> String {
    guard fraction.isFinite else { return "-" }
    if fraction < 0.99 || fraction == 1 { return String(format: "%.1f %%", fraction * 100) }
    return String(format: "%.2f %%", min(fraction * 100, 99.99))
  }

  /// Images per second, or a dash where no time has passed.
  static func rate(_ rate: Double) -> String { rate.isFinite && rate > 0 ? NumberText.threeDigits(rate) : "-" }

  /// A learning rate.
  static func learningRate(_ rate: Double) -> String { notFinite(rate) ?? String(format: "%.4g", rate) }

  /// Seconds that were measured.
  static func seconds(_ seconds: Double) -> String {
    seconds.isFinite ? String(format: seconds < 10 ? "%.2f s" : "%.1f s", seconds) : "-"
  }

  /// A time to come, as people say it: `48 s`, `1 min 20 s`, `2 h 05 min`, `3 d 04 h`; nil where it is not known.
  static func duration(_ seconds: Double) -> String? {
    guard seconds >= 0, seconds < 1e9 else { return nil }
    let whole = Int(seconds.rounded())
    func pair(_ unit: String, _ smaller: String, of count: Int, _ size: Int) -> String {
      String(format: "%d \(unit) %02d \(smaller)", count / size, count % size)
    }
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return pair("min", "s", of: whole, 60) }
    let minutes = Int((seconds / 60).rounded())
    if minutes < 24 * 60 { return pair("h", "min", of: minutes, 60) }
    return pair("d", "h", of: Int((seconds / 3600).rounded()), 24)
  }

  /// Bytes in MiB.
  static func mebibytes(_ byteCount: Int) -> String { String(format: "%.0f MiB", Double(byteCount) / 0x1p20) }

  /// The name of a number that is none; nil for a number.
  static func notFinite(_ value: Double) -> String? {
    if value.isNaN { return "NaN" }
    return value.isInfinite ? (value < 0 ? "-infinite" : "infinite") : nil
  }
}
