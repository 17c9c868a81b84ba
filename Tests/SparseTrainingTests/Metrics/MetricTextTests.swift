import Testing

@testable import SparseTraining

@Suite struct MetricTextTests {
  @Test(arguments: [
    (0, "0 s"), (0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (80, "1 min 20 s"), (3599.4, "59 min 59 s"),
    (3599.6, "1 h 00 min"), (7500, "2 h 05 min"), (86_369, "23 h 59 min"), (86_399, "1 d 00 h"), (273_600, "3 d 04 h"),
  ])
  func durationsReadAsPeopleSayThem(seconds: Double, text: String) {
    #expect(MetricText.duration(seconds) == text)
  }

  @Test(arguments: [-1, .nan, .infinity, 1e300])
  func aTimeThatIsNoneIsUnknown(seconds: Double) {
    #expect(MetricText.duration(seconds) == nil)
  }

  @Test func lossesKeepTheDigitsThatCount() {
    let texts = [0, 2.302585, 0.00123, 0.00001234, 99.99, 123.456, 1e7, -0.5, .nan].map(MetricText.loss)
    #expect(texts == ["0.0000", "2.3026", "0.0012", "1.23e-05", "99.9900", "123", "1e+07", "-0.5000", "NaN"])
  }

  @Test func onlyAllZerosAreAHundredPercent() {
    let texts = [0, 0.5, 0.98765, 0.9951, 0.99999, 1, .nan].map(MetricText.sparsity)
    #expect(texts == ["0.0 %", "50.0 %", "98.8 %", "99.51 %", "99.99 %", "100.0 %", "-"])
  }

  @Test func ratesOfNoTimeAreDashes() {
    #expect([0, .nan, .infinity, 0.5, 1234.4].map(MetricText.rate) == ["-", "-", "-", "0.500", "1234"])
    #expect([0, 3.14159, 48.21, .infinity].map(MetricText.seconds) == ["0.00 s", "3.14 s", "48.2 s", "-"])
  }
}
