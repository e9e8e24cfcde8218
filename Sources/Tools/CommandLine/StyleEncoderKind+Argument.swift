public import ArgumentParser
public import StyleFeatures

extension StyleEncoderKind: ExpressibleByArgument {}
