import Foundation
import ModelFormats
import TensorCore
import Testing

/// Every 16-bit float, read from a file, against the definition of its format in `Double`, which holds all of them.
@Suite struct HalfPrecisionTests {
  @Test(arguments: [(SafetensorsDType.f16, 10), (.bf16, 7)])
  func everyValueIsWidenedExactly(dtype: SafetensorsDType, fractionBits: Int) throws {
    let header = #"{"all":{"dtype":"\#(dtype.rawValue)","shape":[65536],"data_offsets":[0,131072]}}"#
    let bytes = safetensorsBytes(header: header, data: littleEndianBytes(UInt16.min...UInt16.max))
    let got = try SafetensorsFile(data: bytes, name: "f", allowingNonfinite: true).tensor(named: "all").values
    try #require(got.count == 65_536)
    let exponentBits = 15 - fractionBits
    let bias = 1 << (exponentBits - 1) - 1
    var (nanCount, wrong) = (0, [Int]())
    for (bits, value) in got.enumerated() {
      let sign: Double = bits >> 15 == 1 ? -1 : 1
      let exponent = bits >> fractionBits & (1 << exponentBits - 1)
      let fraction = bits & (1 << fractionBits - 1)
      if exponent == 1 << exponentBits - 1, fraction > 0 {
        nanCount += 1
        // A widened NaN keeps sign and payload, which is what a conversion by the processor would do to a quiet one.
        let kept = UInt32(bits >> 15) << 31 | 0xFF << 23 | UInt32(fraction) << (23 - fractionBits)
        if !value.isNaN || value.bitPattern != kept { wrong.append(bits) }
        continue
      }
      let want: Double =
        if exponent == 1 << exponentBits - 1 {
          sign * .infinity
        } else if exponent == 0 {
          sign * scalbn(Double(fraction), 1 - bias - fractionBits)
        } else {
          sign * scalbn(Double(fraction + 1 << fractionBits), exponent - bias - fractionBits)
        }
      if Double(value) != want || value.sign != want.sign { wrong.append(bits) }
    }
    #expect(wrong.isEmpty, "\(wrong.count) wrong, first \(wrong.prefix(4).map { String($0, radix: 16) })")
    #expect(nanCount == 2 * (1 << fractionBits - 1))
  }
}
