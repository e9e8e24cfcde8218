import NumericCore

/// The way back: cotangents of the responses to those of the single effects' parameters.
extension SendSection {
  /// Pulls the cotangents in ``spectra`` back to those of the single effects' responses, for a task's bins.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func pull(task number: Int, _ values: UnsafePointer<Double>) {
    let task = tasks[number]
    task.gains.clear()
    for index in networks.indices { networks[index].beginPullback(task: number) }
    for index in chunks(of: number) {
      for send in models.indices where usesGrid(send) {
        gatherInputs(send, task, values)
        if places[send].feedsOthers { respond(send, index, task.chunks[send]) }
        takeCotangents(send, index, task)
      }
      for send in models.indices.reversed() where usesGrid(send) {
        let model = models[send]
        sendPullback(
          inputCount: model.inputCount, matrix: model.matrix, task.chunks[send], index: index,
          binCount: grid.binCount)
        pullLinks(send, task, values)
      }
    }
    guard isTimeAliased else { return }
    for index in networks.indices { networks[index].pull(task: number) }
  }

  /// What the outputs hear of a send at the bins; what later sends hear of it comes on top.
  private func takeCotangents(_ send: Int, _ index: Int, _ task: SendTask<Scalar>) {
    for channel in 0..<2 {
      let cotangent = task.chunks[send].outputCotangents[channel]
      if isDirect[send] {
        clear(cotangent, count: 2 * chunkBins)
      } else {
        split(spectra[channel].pointer, chunk: index, binCount: grid.binCount, into: cotangent)
      }
    }
    for input in 0..<models[send].inputCount {
      clear(task.chunks[send].inputCotangents[input], count: 2 * chunkBins)
    }
  }

  private func pullLinks(_ send: Int, _ task: SendTask<Scalar>, _ values: UnsafePointer<Double>) {
    for link in places[send].links {
      let (source, cotangent) = (task.chunks[link.source], task.chunks[send].inputCotangents[link.input])
      task.gains[link.parameter] +=
        link.weight * innerProduct(cotangent, source.outputs[link.channel], count: 2 * chunkBins)
      accumulate(
        cotangent, weight: link.weight * values[link.parameter], into: source.outputCotangents[link.channel],
        count: 2 * chunkBins)
    }
  }

  /// Tasks that follow those of ``pull(task:_:)``.
  var delayCount: Int { delays.count }

  /// - Parameters:
  ///   - heard: cotangents of the responses in time that ``addDirect(channel:weight:into:)`` has added to.
  ///   - weight: as there.
  func pullDelay(_ index: Int, heard: [SignalBuffer<Scalar>], weight: Double) {
    delays[index].pull(
      on: delayUsesGrid[index] ? grid : nil, heard: delayIsDirect[index] ? heard : [], weight: weight)
  }

  /// Adds the cotangents of the values, after all tasks.
  func finishPullback(into gradient: UnsafeMutablePointer<Double>, _ team: ThreadTeam) {
    if !isTimeAliased { for index in networks.indices { networks[index].pullCut(on: grid, team) } }
    for number in 0..<taskCount {
      let gains = tasks[number].gains
      for index in 0..<gains.count { gradient[index] += gains[index] }
    }
    for send in models.indices { models[send].finishPullback(into: gradient + places[send].offset) }
  }
}
