/// Eight floats that are computed together. Sums over a tensor keep one sum per lane, so that their order is part of the code.
typealias Lanes = SIMD8<Float>

extension Lanes {
  static let count = 8

  @inline(__always)
  static func load(_ source: UnsafePointer<Float>) -> Lanes {
    UnsafeRawPointer(source).loadUnaligned(as: Lanes.self)
  }

  @inline(__always)
  func store(_ destination: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(destination).storeBytes(of: self, as: Lanes.self)
  }

  /// The sum of the lanes in `Double`, in a fixed order.
  @inline(__always)
  var total: Double {
    let halves = SIMD4<Double>(lowHalf) + SIMD4<Double>(highHalf)
    return (halves.x + halves.y) + (halves.z + halves.w)
  }
}
