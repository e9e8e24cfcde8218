import Foundation
import NumericCore
import Statistics
import Testing

/// Statistics against SciPy, statsmodels and an independent NumPy version: `scripts/statistics-reference.py` prints these values
/// and tells the versions.
@Suite struct StatisticsReferenceTests {
  // MARK: The samples of the script

  private func sample(_ count: Int, _ skew: Double, phase: Double = 0) -> [Double] {
    (1...count).map { index in
      let step = Double(index)
      let base = sin(1.7 * step + phase) + 0.5 * sin(0.37 * step * step + phase)
      return base + skew * exp(base)
    }
  }

  private func table(_ count: Int, _ columns: Int, _ skew: Double) -> Matrix {
    Matrix(rows: (0..<columns).map { sample(count, skew, phase: 0.9 * Double($0)) }).transposed
  }

  private func expect(
    _ found: Double, _ expected: Double, tolerance: Double, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(
      (found - expected).magnitude <= tolerance * max(expected.magnitude, Double.leastNormalMagnitude),
      "\(found) against \(expected)", sourceLocation: sourceLocation)
  }

  // MARK: Normality

  struct Case: Sendable {
    let count: Int
    let columns: Int
    let skew: Double
    let values: [Double]

    init(_ count: Int, _ columns: Int, _ skew: Double, _ values: Double...) {
      (self.count, self.columns, self.skew, self.values) = (count, columns, skew, values)
    }
  }

  /// SciPy takes normal quantiles in single precision, hence the tolerance.
  @Test(
    arguments: [
      Case(3, 1, 0, 0.9924204924027108, 0.8335161815805517), Case(4, 1, 0, 0.9429406730769312, 0.6723366347337665),
      Case(5, 1, 0.5, 0.9592474667363816, 0.8027333846063327),
      Case(11, 1, 0, 0.948954784823672, 0.6306256923363946),
      Case(12, 1, 0, 0.938510158989162, 0.4790160917889804),
      Case(20, 1, 0, 0.9415256677734518, 0.2562015137947509),
      Case(50, 1, 0.3, 0.9529542740028936, 0.04517048389280677),
      Case(365, 1, 0, 0.9673229984816929, 2.709119886170277e-07),
      Case(365, 1, 1, 0.9383448457188713, 3.631506531683582e-11),
      Case(2000, 1, 0, 0.9719036399292839, 2.352387672819571e-19),
    ])
  func shapiroWilk(_ known: Case) throws {
    let test = try ShapiroWilk(sample(known.count, known.skew))
    expect(test.statistic, known.values[0], tolerance: 1e-7)
    expect(test.pValue, known.values[1], tolerance: 1e-5)
  }

  @Test(
    arguments: [
      Case(30, 2, 0, 0.13693935476844463, 0.9532026255622942, 4.972220350537513, 0.03817423244397465),
      Case(30, 2, 0.4, 0.35168995502904393, 0.7800747819559989, 5.2429194647954604, 0.059073758613039096),
      Case(60, 3, 0.1, 4.258849990225649, 5.890084584421266e-06, 14.15504419982623, 0.5501909767137241),
      Case(100, 5, 0.2, 17.12982649317953, 4.739980932489237e-41, 39.7363184590684, 0.004647652248386347),
    ])
  func mardia(_ known: Case) throws {
    let test = try Mardia(table(known.count, known.columns, known.skew))
    expect(test.skewness.statistic, known.values[0], tolerance: 1e-8)
    expect(test.skewness.pValue, known.values[1], tolerance: 1e-6)
    expect(test.kurtosis.statistic, known.values[2], tolerance: 1e-8)
    expect(test.kurtosis.pValue, known.values[3], tolerance: 1e-6)
  }

  @Test(
    arguments: [
      Case(30, 2, 0, 0.9863106660163723, 0.014914160674149194),
      Case(30, 2, 0.4, 1.1398536368858965, 0.005483732097149374),
      Case(60, 3, 0.1, 2.5713970961878205, 1.1617994878942119e-10),
      Case(100, 5, 0.2, 4.802150346969832, 6.067515688906171e-99),
    ])
  func henzeZirkler(_ known: Case) throws {
    let test = try HenzeZirkler(table(known.count, known.columns, known.skew)).test
    expect(test.statistic, known.values[0], tolerance: 1e-8)
    expect(test.pValue, known.values[1], tolerance: 1e-6)
  }

  @Test(
    arguments: [
      Case(30, 2, 0, 11.817586170338618, 0.0027429006197840257),
      Case(30, 2, 0.4, 12.795714229676289, 0.001680349948762582),
      Case(60, 3, 0.1, 15.713747392871047, 0.001311717307318129),
      Case(100, 5, 0.2, 16.31257330629786, 0.0002868352484641243),
    ])
  func royston(_ known: Case) throws {
    let test = try Royston(table(known.count, known.columns, known.skew)).test
    expect(test.statistic, known.values[0], tolerance: 1e-5)
    expect(test.pValue, known.values[1], tolerance: 1e-4)
  }

  // MARK: Two samples

  @Test(
    arguments: [
      Case(8, 11, 0, 0.20454545454545456, 0.9533222195760895), Case(40, 25, 0.3, 0.235, 0.3118006680379124),
      Case(365, 70, 0.1, 0.12446183953033269, 0.29501674590965665),
      Case(365, 70, 0.6, 0.3162426614481409, 1.0299361535139021e-05),
    ])
  func kolmogorovSmirnov(_ known: Case) throws {
    let test = try KolmogorovSmirnov(
      sample(known.count, 0), sample(known.columns, 0, phase: 0.4).map { $0 + known.skew })
    expect(test.statistic, known.values[0], tolerance: 1e-12)
    expect(test.pValue, known.values[1], tolerance: 1e-8)
  }

  @Test(arguments: [(10, 0.9636363636363635), (200, 0.950609212766561)])
  func spearmanWithTies(_ count: Int, _ expected: Double) throws {
    func rounded(_ values: [Double]) -> [Double] { values.map { ($0 * 10).rounded(.toNearestOrEven) / 10 } }
    let found = try SpearmanCorrelation.coefficient(
      rounded(sample(count, 0)), rounded(sample(count, 0.2, phase: 0.3)))
    expect(found, expected, tolerance: 1e-12)
  }

  // MARK: Pairs

  /// Exact up to 25 differences, the normal limit beyond.
  @Test(
    arguments: [
      Case(1, 1, 0, 0.0, 1.0), Case(6, 1, 0, 8.0, 0.6875), Case(12, 1, 0.4, 17.0, 0.09228515625),
      Case(25, 1, 0.3, 107.0, 0.14091521501541138), Case(26, 1, 0.3, 116.0, 0.1340084141726667),
      Case(65, 1, 0.2, 724.0, 0.022956508518815123), Case(365, 1, 0.1, 28413.0, 0.013481033640173421),
    ])
  func wilcoxon(_ known: Case) throws {
    let test = try WilcoxonSignedRank(sample(known.count, 0).map { $0 + known.skew })
    #expect(min(test.positiveRankSum, test.negativeRankSum) == known.values[0])
    #expect(test.isExact == (known.count <= 25))
    // Rounding of a few operations; erfc is good to the last bits.
    expect(test.pValue, known.values[1], tolerance: 1e-12)
  }

  @Test(
    arguments: [
      Case(8, 0, 0, 5.0, 1.0), Case(13, 0, 0.4, 15.0, 0.2734375), Case(60, 1, 0.3, 375.0, 0.0015583755653211177),
    ])
  func wilcoxonWithTies(_ known: Case) throws {
    let scale = pow(10, Double(known.columns))
    let test = try WilcoxonSignedRank(
      sample(known.count, 0).map { (($0 + known.skew) * scale).rounded(.toNearestOrEven) / scale })
    #expect(min(test.positiveRankSum, test.negativeRankSum) == known.values[0])
    expect(test.pValue, known.values[1], tolerance: 1e-12)
  }

  @Test(
    arguments: [
      Case(5, 1, 0.5, 1.1856046218758691, 1.326544541576884),
      Case(9, 1, 0.5, 0.7334029645435601, 0.6617258562766215),
      Case(10, 1, 0.5, 0.4766462094779855, 0.42579830714288436),
      Case(19, 1, 0.5, 0.7863310518419796, 0.7253753059602448),
      Case(65, 1, 0.5, 0.6993607330582565, 0.552740453285668),
    ])
  func trimmedMeans(_ known: Case) throws {
    let values = sample(known.count, known.skew)
    expect(try TrimmedMean.value(values), known.values[0], tolerance: 1e-13)
    expect(try TrimmedMean.value(values, share: 0.25), known.values[1], tolerance: 1e-13)
  }

  @Test func holm() {
    let expected = [0.12, 0.00021, 0.05940000000000001, 1.0, 0.05940000000000001, 1.0, 0.05940000000000001]
    for (found, value) in zip(HolmCorrection.adjusted([0.04, 3e-5, 0.011, 0.5, 0.011, 0.9, 0.0099]), expected) {
      expect(found, value, tolerance: 1e-15)
    }
  }

  // MARK: Tails

  @Test(
    arguments: [
      (0.5, 1.0, 0.4549364231195724), (0.5, 130, 129.33394453892257), (0.025, 130, 163.45314241777),
      (1e-10, 7, 60.89519536467025),
    ])
  func chiSquaredQuantiles(_ tail: Double, _ freedom: Double, _ expected: Double) {
    expect(TailProbability.chiSquaredQuantile(tail: tail, degreesOfFreedom: freedom), expected, tolerance: 1e-11)
  }

  @Test(
    arguments: [
      (0.1, 3.0, 0.9918374237318764), (200, 130, 7.804387520564424e-05), (374_000, 374_660, 0.777007591834409),
      (376_000, 374_660, 0.060940197109736464),
    ])
  func chiSquaredTails(_ value: Double, _ freedom: Double, _ expected: Double) {
    expect(TailProbability.chiSquared(value, degreesOfFreedom: freedom), expected, tolerance: 1e-8)
  }

  @Test(
    arguments: [
      (0.4, 0.9971923267772983), (0.8, 0.5441424115741981), (1.2, 0.11224966667072497),
      (2.5, 7.453306344157342e-06),
    ])
  func kolmogorovTails(_ value: Double, _ expected: Double) {
    expect(TailProbability.kolmogorov(value), expected, tolerance: 1e-12)
  }
}
