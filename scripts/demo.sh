#!/usr/bin/env bash
# From presets to a fitted prior and sampled presets, on the files in data/. Outputs go to demo-output/.
set -euo pipefail
cd "$(dirname "$0")/.."

out=demo-output
mkdir -p "$out"
say() {
  echo
  echo "\$ $*"
  "$@"
}
PATH=$PWD/.build/release:$PATH

say priorkit fit data/presets.h5 -o "$out/prior.h5" --force
say priorkit score "$out/prior.h5" data/presets.h5 -o "$out/scores.csv" --force
say priorkit sample "$out/prior.h5" --count 4 --seed 1 -o "$out/samples.h5" --force \
  --audition data/dry-vocal.flac --directory "$out/samples"
say priorkit export "$out/samples.h5" -o "$out/samples.csv" --force

echo
echo "The results are in $out/."
