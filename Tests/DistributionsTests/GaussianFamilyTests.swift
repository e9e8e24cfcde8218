import Distributions
import NumericCore
import TestSupport
import Testing

@Suite struct GaussianFamilyTests {
  @Test func laws() throws {
    let line = try MultivariateNormal(mean: [0.4], covariance: Matrix(rows: [[1.7]]))
    let space = try MultivariateNormal(
      mean: [1, -1, 3], covariance: Matrix(rows: [[2, 0.9, 0.3], [0.9, 1, -0.2], [0.3, -0.2, 0.04 * 9]]))
    for normal in [line, space] { try checkPrior(normal, covariance: normal.covariance) }
  }

  @Test func archivesAreChecked() throws {
    var archive = DistributionArchive()
    #expect(throws: ArchiveError.missing("mean")) { try MultivariateNormal(from: archive) }
    archive.set([1, 2], for: "mean")
    archive.set(Matrix.identity(3), for: "covariance")
    #expect(throws: ArchiveError.wrongShape("covariance", found: [3, 3], expected: [2, 2])) {
      try MultivariateNormal(from: archive)
    }
    archive.set([1, .nan], for: "mean")
    #expect(throws: ArchiveError.self) { try MultivariateNormal(from: archive) }
    #expect(try DistributionFamilies.standard.decode("oracle", from: archive) == nil)
  }

  @Test func partsOfArchives() throws {
    var part = DistributionArchive()
    part.set(2.5, for: "weight")
    part.texts["kind"] = "tied"
    var archive = DistributionArchive()
    archive.set(part, under: "component/0")
    #expect(archive.part("component/0") == part && archive.part("component/1") == DistributionArchive())
    #expect(try archive.part("component").number("0/weight") == 2.5)
    #expect(try part.text("kind") == "tied")
  }
}
