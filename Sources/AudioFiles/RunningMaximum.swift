/// The maximum of each window of consecutive values: y[i] = max(x[i], ..., x[i + window - 1]), count - window + 1 of
/// them, in O(count) for any window.
///
/// A queue keeps the indices, oldest first, of values that no later value has reached yet; its head is the maximum.
/// Source: D. Lemire, Streaming maximum-minimum filter using no more than three comparisons per element, 2006.
func runningMaximum(_ values: [Float], window: Int) -> [Float] {
  precondition(window > 0 && window <= values.count, "No window of \(window) fits \(values.count) values")
  var maxima = [Float]()
  maxima.reserveCapacity(values.count - window + 1)
  var ring = [Int](repeating: 0, count: window)
  // The queue is ring[head % window] ... ring[(tail - 1) % window], followed without division.
  var head = 0
  var count = 0
  for index in values.indices {
    if count > 0, ring[head] + window <= index {
      head = head + 1 == window ? 0 : head + 1
      count -= 1
    }
    while count > 0 {
      let last = head + count - 1
      guard values[ring[last < window ? last : last - window]] <= values[index] else { break }
      count -= 1
    }
    let end = head + count
    ring[end < window ? end : end - window] = index
    count += 1
    if index + 1 >= window { maxima.append(values[ring[head]]) }
  }
  return maxima
}

/// The median, the mean of the two middle values of an even count, by selection in O(count) on average.
func median(_ values: [Float]) -> Float {
  precondition(!values.isEmpty, "No values have no median")
  var values = values
  let upper = select(values.count / 2, of: &values)
  guard values.count.isMultiple(of: 2) else { return upper }
  // Selection has left the smaller half below the middle.
  let lower = values[..<(values.count / 2)].max() ?? upper
  return lower + (upper - lower) / 2
}

/// The value of a rank (from 0); afterwards values before that rank are no larger and later ones no smaller.
///
/// Hoare's quickselect. Both scans stop at values equal to the pivot, so long runs of one value, as a running maximum
/// has, are split in halves.
private func select(_ rank: Int, of values: inout [Float]) -> Float {
  var low = 0
  var high = values.count - 1
  while low < high {
    let middle = low + (high - low) / 2
    let pivot = max(min(values[low], values[middle]), min(max(values[low], values[middle]), values[high]))
    var left = low
    var right = high
    while left <= right {
      while values[left] < pivot { left += 1 }
      while values[right] > pivot { right -= 1 }
      if left <= right {
        values.swapAt(left, right)
        left += 1
        right -= 1
      }
    }
    if rank <= right {
      high = right
    } else if rank >= left {
      low = left
    } else {
      break
    }
  }
  return values[rank]
}
