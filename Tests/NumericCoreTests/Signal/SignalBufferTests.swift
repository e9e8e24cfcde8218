import NumericCore
import Testing

struct SignalBufferTests {
  @Test(arguments: [0, 1, 7, 1000]) func startsAtZeroOnACacheLine(_ count: Int) {
    let buffer = SignalBuffer<Float>(count: count)
    #expect(buffer.count == count && buffer.array.count == count)
    #expect(buffer.array.allSatisfy { $0 == 0 })
    #expect(UInt(bitPattern: buffer.pointer) % 64 == 0)
  }

  @Test func clearsWhatItIsTold() {
    let buffer = SignalBuffer([1, 2, 3, 4] as [Double])
    buffer.clear(1..<3)
    #expect(buffer.array == [1, 0, 0, 4])
    buffer.clear(4..<4)
    #expect(buffer.array == [1, 0, 0, 4])
    buffer.clear()
    #expect(buffer.array == [0, 0, 0, 0])
  }

  @Test func indicesOutsideTrap() async {
    await #expect(processExitsWith: .failure) { _ = SignalBuffer<Double>(count: 3)[3] }
    await #expect(processExitsWith: .failure) { SignalBuffer<Double>(count: 3).clear(2..<4) }
  }
}
