import Foundation

/// One axis: which values it covers, how they are spaced, and which of them are written beside it.
package struct PlotScale: Sendable {
  /// How values become distances.
  package enum Spacing: Sendable {
    case linear
    case logarithmic
    /// A fraction of zeros by the logarithm of what is left: each halving of the rest is one step.
    case logarithmicRest

    fileprivate func distance(_ value: Double) -> Double {
      switch self {
      case .linear: value
      case .logarithmic: log10(value)
      case .logarithmicRest: -log10(1 - value)
      }
    }
  }

  /// A value that is written.
  package struct Tick: Equatable, Sendable {
    package let value: Double
    package let label: String
  }

  package let spacing: Spacing
  /// What the axis covers; the ends differ.
  package let domain: ClosedRange<Double>
  /// Within the domain, in increasing order.
  package let ticks: [Tick]

  /// Where a value lies, from 0 at the domain's start to 1 at its end.
  package func share(of value: Double) -> Double {
    let (start, end) = (spacing.distance(domain.lowerBound), spacing.distance(domain.upperBound))
    // Ends that differ by a rounding may be at one distance.
    return end > start ? (spacing.distance(value) - start) / (end - start) : 0.5
  }

  /// From 0 to a little more than the largest value.
  ///
  /// - Parameter label: writes a tick's value, which is a multiple of the step.
  package static func linear(
    upTo largest: Double, tickCount: Int = 5, label: (_ value: Double, _ step: Double) -> String = plainLabel
  ) -> PlotScale {
    let end = largest > 0 ? largest * 1.06 : 1
    return PlotScale(spacing: .linear, domain: 0...end, ticks: linearTicks(in: 0...end, count: tickCount, label: label))
  }

  /// A little more than the values on both sides.
  package static func linear(covering values: [Double], tickCount: Int = 6) -> PlotScale {
    let values = values.filter(\.isFinite)
    let (least, greatest) = (values.min() ?? 0, values.max() ?? 1)
    // Values that are all alike, or nearly, stand in the middle.
    let isLevel = greatest - least <= 1e-9 * max(abs(least), abs(greatest))
    let room = isLevel ? max(abs(greatest) * 0.05, 0.5) : (greatest - least) * 0.06
    let domain = (least - room)...(greatest + room)
    return PlotScale(
      spacing: .linear, domain: domain, ticks: linearTicks(in: domain, count: tickCount, label: plainLabel))
  }

  /// Whole numbers from the first to the last, such as epochs.
  package static func counting(from first: Double, through last: Double, tickCount: Int = 10) -> PlotScale {
    let domain = first < last ? first...last : (first - 0.5)...(first + 0.5)
    // Few values have ticks between them, which no whole number is.
    let ticks = linearTicks(in: domain, count: tickCount) { value, _ in plainLabel(value, step: 1) }
      .filter { $0.value == $0.value.rounded() }
    let start = ticks.first?.value == first ? [] : [Tick(value: first, label: plainLabel(first, step: 1))]
    return PlotScale(spacing: .linear, domain: domain, ticks: start + ticks)
  }

  /// A little more than the values on both sides, by their logarithm.
  ///
  /// - Parameters:
  ///   - values: those above 0 are covered.
  ///   - suffix: what follows each tick's number.
  package static func logarithmic(covering values: [Double], tickCount: Int = 6, suffix: String = "") -> PlotScale {
    let values = values.filter { $0 > 0 && $0.isFinite }
    let domain = ((values.min() ?? 1) / 1.25)...((values.max() ?? 1) * 1.25)
    let label = { (value: Double) in String(format: "%.6g", value) + suffix }
    var ticks = logarithmicTicks(in: domain, count: tickCount).map { Tick(value: $0, label: label($0)) }
    if ticks.count < 2 {
      ticks = linearTicks(in: domain, count: tickCount) { plainLabel($0, step: $1) + suffix }
    }
    return PlotScale(spacing: .logarithmic, domain: domain, ticks: ticks)
  }

  /// The sparsities that were measured, from the least to the greatest; written are all of them if they are few, else
  /// the ends and usual ones.
  ///
  /// - Precondition: two values differ.
  package static func sparsity(_ sparsities: [Double]) -> PlotScale {
    let values = Set(sparsities).sorted()
    guard let least = values.first, let greatest = values.last, least < greatest else {
      preconditionFailure("PlotScale: \(values.count) different sparsities, expected at least 2")
    }
    let usual = [0, 0.2, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999].filter { (least...greatest).contains($0) }
    return PlotScale(
      spacing: greatest < 1 ? .logarithmicRest : .linear, domain: least...greatest,
      ticks: (values.count <= 10 ? values : (usual + [least, greatest]).uniqued.sorted()).map {
        Tick(value: $0, label: NumberText.percent($0))
      })
  }

  /// Multiples of 1, 2 or 5 times a power of ten.
  static func linearTicks(
    in domain: ClosedRange<Double>, count: Int, label: (_ value: Double, _ step: Double) -> String
  ) -> [Tick] {
    let rough = (domain.upperBound - domain.lowerBound) / Double(count)
    let power = pow(10, log10(rough).rounded(.down))
    let step = ([1, 2, 5].map { $0 * power }.first { $0 >= rough * 0.999 }) ?? 10 * power
    let first = (domain.lowerBound / step).rounded(.up)
    let last = (domain.upperBound / step).rounded(.down)
    return stride(from: first, through: last, by: 1).map { Tick(value: $0 * step, label: label($0 * step, step)) }
  }

  /// As many numbers of few digits as fit the count: powers of ten, between them 3, or 2 and 5, or more.
  static func logarithmicTicks(in domain: ClosedRange<Double>, count: Int) -> [Double] {
    let exponents = Int(log10(domain.lowerBound).rounded(.down))...Int(log10(domain.upperBound).rounded(.up))
    func ticks(_ digits: [Double]) -> [Double] {
      // Divides where the exponent is negative, since 0.1 is nearer to 1 / 10 than to any other product.
      exponents.flatMap { exponent in
        digits.map { exponent < 0 ? $0 / pow(10, Double(-exponent)) : $0 * pow(10, Double(exponent)) }
      }.filter(domain.contains)
    }
    for digits in [[1, 2, 3, 5, 7], [1, 2, 5], [1, 3]] as [[Double]] {
      let ticks = ticks(digits)
      if ticks.count <= count { return ticks }
    }
    let powers = ticks([1])
    let stride = (powers.count + count - 1) / count
    return stride < 2 ? powers : powers.enumerated().filter { $0.offset.isMultiple(of: stride) }.map(\.element)
  }

  /// With as many decimals as the step has.
  package static func plainLabel(_ value: Double, step: Double) -> String {
    String(format: "%.\(max(0, -Int(log10(step).rounded(.down))))f", value)
  }

  /// In thousands or millions, so that a large count stays short.
  package static func countLabel(_ value: Double, step: Double) -> String {
    let (unit, suffix) = value >= 1e6 ? (1e6, "M") : value >= 1e3 ? (1e3, "k") : (1, "")
    return String(format: "%.6g", value / unit) + suffix
  }
}
