import ArgumentParser

@main
struct Priorkit: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "priorkit", version: "0.1.0")
}
