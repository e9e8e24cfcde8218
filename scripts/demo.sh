#!/usr/bin/env bash
# From presets to a fitted prior, sampled presets and a transferred vocal, on the files in data/; outputs go to
# demo-output/. STEPS=20 scripts/demo.sh is a shorter one.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PWD/.build/release:$PATH
steps=${STEPS:-150}

# The hidden preset, by its name and its row in data/presets.h5: the prior is fitted to the other 359, so that what is
# recovered was not put in.
hidden=dub-05
row=274

out=demo-output
rm -rf "$out"
mkdir "$out"

title() { printf '\n== %s\n' "$1"; }
run() {
  printf '$ %s\n' "$*"
  "$@"
}

title "Presets: 360 vocal chains in 12 styles, and all of them but $hidden"
run priorkit show data/presets.h5 > "$out/presets.txt"
head -n 8 "$out/presets.txt"
grep -v "^$hidden," data/presets.csv > "$out/others.csv"
run priorkit import csv "$out/others.csv" --chain data/chain.yaml -o "$out/others.h5"

title "A prior, fitted to them, and what it finds most unusual among them"
run priorkit fit "$out/others.h5" -o "$out/prior.h5"
run priorkit show "$out/prior.h5" > "$out/prior.txt"
head -n 8 "$out/prior.txt"
run priorkit score "$out/prior.h5" "$out/others.h5" -o "$out/scores.csv"
sort -t, -k2g "$out/scores.csv" | sed -n '2,5p'

title "Presets that the prior makes up, and the dry vocal through them"
run priorkit sample "$out/prior.h5" --count 4 --seed 1 -o "$out/samples.h5" \
  --audition data/dry-vocal.flac --directory "$out/samples"
run priorkit export "$out/samples.h5" -o "$out/samples.csv"

title "A reference: the vocal through the hidden preset, and for comparison through the mean of the prior"
run priorkit render data/presets.h5 --row "$row" data/dry-vocal.flac -o "$out/reference.wav" --quiet
run priorkit sample "$out/prior.h5" --mean -o "$out/mean.h5" --audition data/dry-vocal.flac --directory "$out" --quiet

title "The reference's style, moved back onto the dry vocal"
# The levels match by construction, so they are left as they are.
style=(--prior "$out/prior.h5" --encoder mfcc --alpha 0.1 --segment-seconds 8 --no-loudness
  --reference "$out/reference.wav" --dry data/dry-vocal.flac)
run priorkit transfer "${style[@]}" --steps "$steps" -o "$out/transfer"

title "What was recovered"
loss() { # PRESETS ROW
  priorkit objective "${style[@]}" --presets "$1" --row "$2" -o "$out/objective.h5" --force 2>&1 |
    sed -nE 's/.*: loss ([^,]*),.*/\1/p'
}
transfer=$out/transfer
run priorkit distance data/presets.h5 --row "$row" "$out/mean.h5" "$transfer/preset.h5" > "$out/preset-distance.txt"
run priorkit distance "$out/reference.wav" "$out/mean.wav" "$transfer/wet.wav" "$out/reference.wav" \
  > "$out/recording-distance.txt"
pmse() { awk -v file="$1" '$1 == file { print $3 }' "$out/preset-distance.txt"; }
# The metrics of a recording: MSS on left/right and mid/side, MLDR on the same.
metric() { awk -v file="$1" -v column="$2" '$1 == file { print $column }' "$out/recording-distance.txt"; }

{
  printf '%-32s %12s %12s %14s\n' '' 'prior mean' 'transferred' 'hidden preset'
  printf '%-32s %12s %12s %14s\n' 'loss' \
    "$(loss "$out/mean.h5" 0)" "$(loss "$transfer/preset.h5" 0)" "$(loss data/presets.h5 "$row")"
  printf '%-32s %12s %12s %14s\n' 'PMSE to the hidden preset' "$(pmse "$out/mean.h5")" "$(pmse "$transfer/preset.h5")" 0
  column=2
  for name in 'MSS left/right' 'MSS mid/side' 'MLDR left/right' 'MLDR mid/side'; do
    printf '%-32s %12s %12s %14s\n' "$name to the reference" "$(metric "$out/mean.wav" $column)" \
      "$(metric "$transfer/wet.wav" $column)" "$(metric "$out/reference.wav" $column)"
    column=$((column + 1))
  done
} > "$out/recovered.txt"
rm -f "$out/objective.h5"
cat "$out/recovered.txt"
echo
echo "Lower is nearer. Hear $out/reference.wav, $out/mean.wav and $transfer/wet.wav; the settings are in $transfer/preset.json."
