/// One task of the pullback through sends and series. Tasks begin in the order of their numbers, so that one waits
/// only for those before it.
package enum PullbackTask: Hashable {
  /// The cotangent of one channel's response, from all segments, transformed.
  case channel(Int)
  /// A block of the bins of the sends; needs both channels.
  case block(Int)
  /// The time of one delay; needs all blocks.
  case delay(Int)
  /// The series effects of one segment; needs nothing.
  case segment(Int)

  /// The first segment goes first, because it takes the longest of all when it is the only one; the others fill the
  /// threads at the end.
  package init(_ number: Int, blocks: Int, delays: Int) {
    let firstBlock = 1 + Self.channelCount
    let firstDelay = firstBlock + blocks
    let secondSegment = firstDelay + delays
    self =
      switch number {
      case 0: .segment(0)
      case ..<firstBlock: .channel(number - 1)
      case ..<firstDelay: .block(number - firstBlock)
      case ..<secondSegment: .delay(number - firstDelay)
      default: .segment(number - secondSegment + 1)
      }
  }

  package static func count(blocks: Int, delays: Int, segments: Int) -> Int {
    channelCount + blocks + delays + segments
  }

  private static let channelCount = 2
}
