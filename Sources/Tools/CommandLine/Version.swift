import PresetStore

/// The version of the program, as `priorkit --version` prints it and as output files record it.
package enum Version {
  package static let current = Provenance.currentVersion
}
