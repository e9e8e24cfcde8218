import Foundation
import NumericCore
import TestSupport
import Testing

/// Values of SciPy 1.17.1 (scripts/references/distributions.py).
@Suite struct ScalarDistributionTests {
  static let normalQuantiles: [(probability: Double, z: Double)] = [
    (1e-300, -37.0470962993612),
    (1e-100, -21.273453560965322),
    (1e-20, -9.262340089798409),
    (1e-08, -5.612001244174789),
    (0.001, -3.090232306167813),
    (0.02, -2.053748910631823),
    (0.07, -1.4757910281791706),
    (0.3, -0.5244005127080409),
    (0.5, 0.0),
    (0.93, 1.475791028179171),
    (0.999, 3.090232306167813),
  ]

  static let tails: [(degreesOfFreedom: Double, y: Double, tail: Double)] = [
    (0.5, -0.001, 0.49973032383424376),
    (0.5, -0.7, 0.3427003312603833),
    (0.5, -2.5, 0.2004852645266466),
    (0.5, -9.0, 0.10680163921038667),
    (0.5, -30.0, 0.058546841490053445),
    (1.0, -0.001, 0.49968169021990794),
    (1.0, -0.7, 0.30559988778578523),
    (1.0, -2.5, 0.12111894159084341),
    (1.0, -9.0, 0.03522328747727728),
    (1.0, -30.0, 0.010606402405535426),
    (3.0, -0.001, 0.49963244748473046),
    (3.0, -0.7, 0.2671634991523818),
    (3.0, -2.5, 0.04385332350403278),
    (3.0, -9.0, 0.0014479060809320734),
    (3.0, -30.0, 4.067640213581979e-05),
    (12.0, -0.001, 0.4996092737653247),
    (12.0, -0.7, 0.24863707689535378),
    (12.0, -2.5, 0.01395769978566262),
    (12.0, -9.0, 5.520450702935895e-07),
    (12.0, -30.0, 5.886590953509468e-13),
    (30.0, -0.001, 0.49960436788324253),
    (30.0, -0.7, 0.24466022174983582),
    (30.0, -2.5, 0.009057824534033344),
    (30.0, -9.0, 2.5074159580739443e-10),
    (30.0, -30.0, 3.125895815304445e-24),
    (1000.0, -0.001, 0.4996011575092264),
    (1000.0, -0.7, 0.24204505699630122),
    (1000.0, -2.5, 0.0062892839005454036),
    (1000.0, -9.0, 5.564538585935727e-19),
    (1000.0, -30.0, 7.687343722021547e-142),
  ]

  @Test(arguments: normalQuantiles) func normalQuantile(_ value: (probability: Double, z: Double)) {
    #expect((StandardNormal.quantile(value.probability) - value.z).magnitude <= 4e-15 * value.z.magnitude)
    guard value.z < 0 else { return }
    let tail = StandardNormal.lowerTail(value.z)
    #expect((tail / value.probability - 1).magnitude < 1e-15 * (10 + value.z * value.z))
  }

  @Test func bordersOfTheQuantile() {
    #expect(StandardNormal.quantile(0) == -.infinity && StandardNormal.quantile(1) == .infinity)
    let distribution = StandardStudentT(degreesOfFreedom: 4)
    #expect(distribution.quantile(0) == -.infinity && distribution.quantile(1) == .infinity)
    #expect(distribution.quantile(0.5) == 0)
    #expect(distribution.value(ofNormalDeviate: 60) == .infinity)
  }

  @Test(arguments: tails) func studentT(_ value: (degreesOfFreedom: Double, y: Double, tail: Double)) {
    let distribution = StandardStudentT(degreesOfFreedom: value.degreesOfFreedom)
    #expect((distribution.lowerTail(value.y) / value.tail - 1).magnitude < 1e-12)
    #expect((distribution.lowerTail(-value.y) - (1 - value.tail)).magnitude < 1e-13)
    // Near the centre the tail tells the value to an absolute precision only.
    #expect((distribution.quantile(value.tail) - value.y).magnitude < 1e-12 * max(1, value.y.magnitude))
    let z = distribution.normalDeviate(ofValue: value.y)
    #expect((StandardNormal.lowerTail(z) / value.tail - 1).magnitude < 1e-12)
    #expect((distribution.value(ofNormalDeviate: z) - value.y).magnitude < 1e-12 * max(1, value.y.magnitude))
  }

  /// t(y) is the derivative of the tail, and its score that of log t.
  @Test(arguments: [0.5, 3, 40, .infinity]) func derivatives(degreesOfFreedom: Double) {
    let distribution = StandardStudentT(degreesOfFreedom: degreesOfFreedom)
    for y in [-5.0, -1, 0.3, 2] {
      let density = centralDifference(of: { distribution.lowerTail($0[0]) }, at: [y], coordinate: 0, step: 1e-3)
      #expect((density - exp(distribution.logDensity(y))).magnitude < 1e-9)
      let score = centralDifference(of: { distribution.logDensity($0[0]) }, at: [y], coordinate: 0, step: 1e-3)
      #expect((score - distribution.score(y)).magnitude < 1e-8)
    }
  }

  @Test func infiniteDegreesOfFreedomAreNormal() {
    let far = StandardStudentT(degreesOfFreedom: 1e9)
    let normal = StandardStudentT(degreesOfFreedom: .infinity)
    for y in [-4.0, -0.2, 3] {
      #expect((far.logDensity(y) - normal.logDensity(y)).magnitude < 1e-6)
      #expect(normal.lowerTail(y) == StandardNormal.lowerTail(y))
      #expect((far.lowerTail(y) / normal.lowerTail(y) - 1).magnitude < 1e-6)
    }
  }
}
