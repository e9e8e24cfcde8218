import Foundation
import HDF5Store
import Testing

/// Posterior files that another program has changed.
@Suite("Edited posteriors")
struct EditedPosteriorTests {
  /// Draws of a posterior in a file, changed by `change` as another program might.
  private func edited(_ change: (inout HDF5Content) throws -> Void) throws -> Workspace {
    let workspace = try Workspace()
    try workspace.storeSmallPresets()
    try workspace.succeed(["fit", "small.h5", "-o", "prior.h5", "-q"])
    try workspace.succeed([
      "posterior", "--prior", "prior.h5", "--from-prior", "--sampler", "ess", "--chains", "2", "--draws", "20",
      "--warmup", "2", "-o",
      "p.nc", "-q",
    ])
    var content = try HDF5Content(workspace.path("p.nc"))
    try change(&content)
    try content.write(to: workspace.path("edited.nc"))
    return workspace
  }

  private func dropping(_ draws: Int, from value: HDF5Content.Value, chains: Int = 2) -> HDF5Content.Value {
    guard case .numbers(let shape, let numbers) = value, shape.count >= 2, shape[0] == chains else {
      if case .numbers(let shape, let numbers) = value, shape.count == 1, shape[0] == 20 {
        return .numbers(shape: [20 - draws], Array(numbers.dropFirst(draws)))
      }
      return value
    }
    let row = numbers.count / shape[0]
    let width = row / shape[1]
    let kept = (0..<shape[0]).flatMap { Array(numbers[$0 * row + draws * width..<($0 + 1) * row]) }
    return .numbers(shape: [shape[0], shape[1] - draws] + shape.dropFirst(2), kept)
  }

  @Test func groupsOfOnePosteriorHoldTheSameDraws() throws {
    let groups = ["/posterior/", "/unconstrained_posterior/", "/sample_stats/", "/log_prior/", "/log_likelihood/"]
    let whole = try edited { _ in }
    #expect([0, 3].contains(try whole.run(["diagnose", "edited.nc"]).exitCode))
    // Burn-in dropped from every group is well; from one of them it is not.
    let alike = try edited { content in
      for index in content.datasets.indices where groups.contains(where: content.datasets[index].path.hasPrefix) {
        content.datasets[index].value = dropping(5, from: content.datasets[index].value)
      }
    }
    let diagnosed = try alike.run(["diagnose", "edited.nc"])
    #expect([0, 3].contains(diagnosed.exitCode), "\(diagnosed.standardError)")
    for group in groups {
      let one = try edited { content in
        for index in content.datasets.indices where content.datasets[index].path.hasPrefix(group) {
          content.datasets[index].value = dropping(5, from: content.datasets[index].value)
        }
      }
      try one.expectFailure(["diagnose", "edited.nc"], "edited.nc")
    }
    // As many draws, but others.
    let shifted = try edited { content in
      for index in content.datasets.indices {
        let (path, value) = content.datasets[index]
        guard path.hasPrefix("/posterior/bell"), case .numbers(let shape, let numbers) = value else { continue }
        content.datasets[index].value = .numbers(shape: shape, Array(numbers.dropFirst(3) + numbers.prefix(3)))
      }
    }
    try shifted.expectFailure(["diagnose", "edited.nc"], "/unconstrained_posterior and /posterior", "edited.nc")
  }

  @Test func hugeDrawsAreJudgedAndReported() throws {
    let workspace = try edited { content in
      for index in content.datasets.indices where content.datasets[index].path.contains("posterior/bell.gain") {
        guard case .numbers(let shape, let numbers) = content.datasets[index].value else { continue }
        content.datasets[index].value = .numbers(shape: shape, numbers.map { $0 * 1e100 })
      }
    }
    let result = try workspace.run(["diagnose", "edited.nc", "--logits", "--json"])
    #expect([0, 3].contains(result.exitCode), "\(result.standardError)")
    #expect(!result.standardOutput.lowercased().contains("nan") && result.standardOutput.contains("e+"))
    let plain = try workspace.run(["diagnose", "p.nc", "--logits", "--json"])
    #expect(plain.standardOutput.split(separator: "\n").count == result.standardOutput.split(separator: "\n").count)
    try workspace.succeed(["report", "edited.nc", "-o", "page.html"])
  }
}
