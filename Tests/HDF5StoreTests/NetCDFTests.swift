import HDF5Store
import TestSupport
import Testing

@Suite struct NetCDFTests {
  @Test func variablesStandOverScalesOfTheirGroup() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.nc")
    try HDF5Writer.create(path, overwrite: false) { file in
      let netCDF = try NetCDFWriter(file, software: "test=1")
      for name in ["first", "second"] {
        let group = try netCDF.group(name)
        try group.dimension("draw", count: 3)
        try group.dimension("line", labels: ["a", "ü"])
        try group.write([1, 2, 3, 4, 5, 6.0], dimensions: ["draw", "line"], to: "x")
        try group.write([true, false, true], dimensions: ["draw"], to: "flag")
        try group.write([7, 8, 9], dimensions: ["draw"], to: "count")
        try group.set("dB", attribute: "units", of: "x")
      }
    }
    let file = try HDF5Reader(path: path)
    #expect(try file.doubles("/first/x").shape == [3, 2])
    #expect(try file.integers("/second/draw").values == [0, 1, 2])
    #expect(try file.strings("/second/line") == ["a", "ü"])
    #expect(try file.integers("/first/flag").values == [1, 0, 1])
    #expect(try file.text(attribute: "dtype", of: "/first/flag") == "bool")
    #expect(try file.text(attribute: "CLASS", of: "/first/draw") == "DIMENSION_SCALE")
    #expect(try file.text(attribute: "NAME", of: "/first/draw") == "draw")
    #expect(file.contains(attribute: "DIMENSION_LIST", of: "/first/x"))
    #expect(file.contains(attribute: "REFERENCE_LIST", of: "/first/line"))
    // Dimensions are numbered across the file.
    #expect(try file.integers(attribute: "_Netcdf4Coordinates", of: "/first/x") == [0, 1])
    #expect(try file.integers(attribute: "_Netcdf4Coordinates", of: "/second/x") == [2, 3])
    #expect(try file.text(attribute: "_NCProperties").hasPrefix("version=2,test=1,hdf5=1."))
    #expect(try file.children(of: "/first") == ["draw", "line", "x", "flag", "count"])
  }

  @Test func nothingStaysOpen() throws {
    let scratch = try Scratch()
    try HDF5Writer.create(scratch.file("a.nc"), overwrite: false) { file in
      let group = try NetCDFWriter(file, software: "test=1").group("g")
      try group.dimension("draw", count: 2)
      try group.write([1, 2.0], dimensions: ["draw"], to: "x")
    }
    #expect(HDF5Diagnostics.openObjectCount(below: scratch.path) == 0)
  }
}
