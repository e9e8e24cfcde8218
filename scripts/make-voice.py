#!/usr/bin/env python3
"""Synthesises data/dry-vocal.flac: a dry sung line of about 25 s, mono, 44.1 kHz, 16 bit.

A source-filter voice. Source: the KLGLOTT88 glottal flow derivative (D. H. Klatt and L. C. Klatt, Analysis,
synthesis, and perception of voice quality variations among female and male talkers, JASA 87(2), 1990,
doi:10.1121/1.398894) with jitter, shimmer, vibrato after an onset delay and portamento, plus aspiration noise.
Filter: a cascade of five formant resonators that glide between targets and six that stay. Consonants: noise
bursts and frication past the cascade, murmurs and glides through it. Breaths between the phrases.

Every random number comes from one seeded generator: the same numpy and scipy give the same samples.

Usage: scripts/make-voice.py [OUTPUT.flac]     (needs numpy, scipy and the flac program)
"""

import argparse
import pathlib
import subprocess
import tempfile
import wave

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.signal import butter, lfilter, resample_poly, sosfilt

RATE = 44_100
OVERSAMPLING = 4  # of the glottal pulse, whose corner at closure would alias
HOP = 32  # samples between updates of the controls
SEED = 20250511
TARGET_LUFS = -20.0
FLOOR_DB = -80.0  # noise of the microphone, so that rests are not digital zeros

# MARK: - Phonemes

# Formant frequencies in Hz; bandwidths are common to all.
VOWELS = {
    "a": (830, 1250, 2800, 3650, 4600),
    "e": (540, 2150, 2900, 3750, 4700),
    "i": (370, 2650, 3200, 3900, 4800),
    "o": (500, 880, 2700, 3550, 4550),
    "u": (390, 820, 2650, 3500, 4500),
    "@": (600, 1450, 2750, 3600, 4550),
}
BANDWIDTHS = (85, 105, 140, 210, 300)
# The resonances of the vocal tract beyond the fifth do not move: (frequency, bandwidth) in Hz.
HIGHER_FORMANTS = ((5700, 420), (6800, 550), (7900, 700), (9100, 900), (10400, 1100), (11800, 1300))

# Voiced consonants: duration in s, level of the voice, formants.
SONORANTS = {
    "m": (0.085, 0.30, (280, 1000, 2300, 3300, 4400)),
    "n": (0.075, 0.30, (280, 1500, 2500, 3400, 4500)),
    "l": (0.070, 0.50, (370, 1250, 2800, 3500, 4500)),
    "r": (0.070, 0.50, (400, 1250, 1700, 3200, 4400)),
    "w": (0.075, 0.45, (340, 680, 2500, 3400, 4400)),
    "y": (0.070, 0.50, (310, 2600, 3250, 3900, 4800)),
}

# Voiceless consonants: closure, noise and aspiration in s, level and band of the noise in Hz.
OBSTRUENTS = {
    "s": (0.000, 0.115, 0.015, 0.11, (4800, 11000)),
    "sh": (0.000, 0.110, 0.020, 0.12, (2300, 7000)),
    "f": (0.000, 0.090, 0.015, 0.04, (1500, 12000)),
    "t": (0.050, 0.018, 0.030, 0.26, (3200, 9000)),
    "k": (0.050, 0.022, 0.035, 0.24, (1500, 3200)),
    "d": (0.035, 0.010, 0.005, 0.16, (2800, 8000)),
    "h": (0.000, 0.000, 0.080, 0.00, (1000, 8000)),
}

# MARK: - Score

# Phrases of (consonant, vowel, MIDI note, beats), with the beats of rest, breath included, before each.
BEAT_SECONDS = 0.6
SCORE = [
    (1.0, [("l", "u", 62, 1), ("n", "a", 65, 1), ("s", "e", 67, 0.5), ("r", "a", 69, 1.5), ("m", "i", 67, 1),
           ("", "o", 65, 2)]),
    (1.5, [("d", "a", 65, 0.5), ("l", "i", 67, 0.5), ("t", "o", 69, 1), ("m", "a", 72, 1.5), ("y", "e", 70, 0.5),
           ("n", "o", 69, 2.5)]),
    (2.0, [("k", "a", 74, 1.5), ("r", "e", 72, 0.5), ("sh", "u", 70, 1), ("w", "a", 69, 1), ("n", "@", 67, 0.5),
           ("l", "i", 65, 0.5), ("", "a", 67, 2)]),
    (1.5, [("h", "o", 65, 0.5), ("s", "a", 64, 0.5), ("m", "e", 65, 1), ("f", "i", 67, 1), ("l", "u", 64, 1),
           ("n", "a", 62, 4)]),
    (1.5, [("m", "u", 62, 1), ("n", "u", 57, 1), ("l", "a", 62, 3)]),
]
TAIL_SECONDS = 0.8


class Controls:
    """Targets of every control, one value each HOP samples, to be smoothed afterwards."""

    def __init__(self, seconds):
        count = int(seconds * RATE / HOP)
        self.note = np.zeros(count)
        self.voice = np.zeros(count)
        self.aspiration = np.zeros(count)
        self.vibrato = np.zeros(count)
        self.effort = np.zeros(count)
        self.breath = np.zeros(count)
        self.formants = np.tile(np.array(VOWELS["@"], float), (count, 1))
        self.noises = {name: np.zeros(count) for name in OBSTRUENTS}


def frames(start, end):
    return slice(int(start * RATE / HOP), int(end * RATE / HOP))


def score_seconds():
    return sum((rest + sum(note[3] for note in notes)) * BEAT_SECONDS for rest, notes in SCORE) + TAIL_SECONDS


def place_consonant(controls, consonant, onset):
    """Writes a consonant that ends about where the vowel's beat falls; returns where the vowel starts."""
    if consonant in SONORANTS:
        duration, level, formants = SONORANTS[consonant]
        span = frames(onset - duration / 2, onset + duration / 2)
        controls.voice[span] = level
        controls.formants[span] = formants
        return onset + duration / 2
    if consonant in OBSTRUENTS:
        closure, noise, aspiration, level, _ = OBSTRUENTS[consonant]
        start = onset - closure - noise
        controls.voice[frames(start, onset + aspiration)] = 0
        controls.noises[consonant][frames(onset - noise, onset)] = level
        controls.aspiration[frames(onset, onset + aspiration)] = 0.35
        return onset + aspiration
    return onset


def place_phrase(controls, notes, start):
    end = start + sum(note[3] for note in notes) * BEAT_SECONDS
    onset = start
    for index, (consonant, vowel, note, beats) in enumerate(notes):
        duration = beats * BEAT_SECONDS
        whole = frames(onset - (0.15 if index == 0 else 0.02), onset + duration)
        controls.note[whole] = note
        span = frames(onset, onset + duration)
        # The phrase swells to its middle; high notes take more effort.
        arc = np.sin(np.pi * np.clip((np.arange(span.start, span.stop) * HOP / RATE - start) / (end - start), 0, 1))
        controls.effort[span] = 0.35 + 0.35 * arc + 0.025 * (note - 65)
        controls.voice[span] = 1
        controls.formants[frames(onset - 0.06, onset + duration)] = VOWELS[vowel]
        settled = place_consonant(controls, consonant, onset)
        if duration > 0.7:
            delayed = frames(settled + 0.25, onset + duration)
            controls.vibrato[delayed] = 1
        onset += duration
    fade = frames(end - 0.25, end)
    controls.voice[fade] *= np.linspace(1, 0, fade.stop - fade.start) ** 0.7
    return end


def controls_of_score(generator):
    controls = Controls(score_seconds())
    time = 0.0
    for rest, notes in SCORE:
        rest_seconds = rest * BEAT_SECONDS
        length = min(0.55, rest_seconds - 0.15)
        span = frames(time + rest_seconds - length - 0.08, time + rest_seconds - 0.08)
        controls.breath[span] = np.hanning(span.stop - span.start) ** 0.6 * generator.uniform(0.8, 1.1)
        time = place_phrase(controls, notes, time + rest_seconds)
    return controls


def smooth(values, seconds):
    return gaussian_filter1d(values, seconds * RATE / HOP, axis=0, mode="nearest")


def at_samples(values, factor=1):
    """Interpolates a control linearly to every sample, or to every oversampled one."""
    count = len(values) * HOP * factor
    return np.interp(np.arange(count) / (HOP * factor), np.arange(len(values)), values)


# MARK: - Source


def fundamental(controls, generator):
    """Fundamental frequency in Hz: gliding notes, vibrato around 5.5 Hz, and slow drift."""
    note = controls.note.copy()
    sung = np.flatnonzero(note)
    # Rests hold the nearest pitch behind them, so that no phrase starts from a rest's zero.
    following = np.minimum(np.searchsorted(sung, np.arange(len(note))), len(sung) - 1)
    note = smooth(note[sung[following]], 0.028)
    rate = 5.5 + 0.35 * smooth(generator.standard_normal(len(note)), 0.4) * np.sqrt(0.4 * RATE / HOP)
    phase = 2 * np.pi * np.cumsum(rate) * HOP / RATE
    vibrato = 0.42 * smooth(controls.vibrato, 0.12) * np.sin(phase)
    drift = 0.10 * smooth(generator.standard_normal(len(note)), 0.15) * np.sqrt(0.15 * RATE / HOP)
    return 440 * 2 ** ((note + vibrato + drift - 69) / 12)


def glottal_source(frequency, effort, generator):
    """Flow derivative 2 t/T - 3 (t/T)^2 over the open phase T of each period, 0 while closed.

    The length and the level of each period deviate by 0.7 % (jitter) and 4 % (shimmer). Returns the source at RATE
    and the gate that lets aspiration through while the glottis is open.
    """
    step = at_samples(frequency, OVERSAMPLING) / (RATE * OVERSAMPLING)
    nominal = np.cumsum(step)
    periods = int(nominal[-1]) + 2
    # Jitter moves the boundaries of the periods in phase, by a fraction of a period.
    boundaries = np.arange(periods) + 0.007 * generator.standard_normal(periods)
    warped = np.interp(nominal, boundaries, np.arange(periods))
    index = np.minimum(warped.astype(int), periods - 1)
    phase = warped - np.floor(warped)
    shimmer = 1 + 0.04 * generator.standard_normal(periods)
    open_quotient = 0.68 - 0.16 * at_samples(effort, OVERSAMPLING)
    position = phase / open_quotient
    is_open = position < 1
    pulse = np.where(is_open, 2 * position - 3 * position**2, 0) * shimmer[index]
    gate = np.where(is_open, np.sin(np.pi * np.minimum(position, 1)), 0.15)
    return resample_poly(pulse, 1, OVERSAMPLING), resample_poly(gate, 1, OVERSAMPLING)


def tilted(source, effort):
    """One-pole low-pass whose corner rises with effort from 2.2 kHz to 8 kHz, crossfaded between these two."""
    soft, bright = (lfilter([1 - c], [1, -c], source) for c in np.exp(-2 * np.pi * np.array([2200, 8000]) / RATE))
    mix = np.clip(at_samples(effort), 0, 1)
    return (1 - mix) * soft + mix * bright


# MARK: - Filter


def formant_cascade(source, formants):
    """Digital resonators of unit gain at 0 Hz in series (Klatt 1980), retuned each HOP samples."""
    count = len(formants)
    radius = np.exp(-np.pi * np.array(BANDWIDTHS) / RATE)
    second = -2 * radius * np.cos(2 * np.pi * formants / RATE)
    third = np.broadcast_to(radius**2, second.shape)
    gain = 1 + second + third
    output = source[: count * HOP].copy()
    for formant in range(len(BANDWIDTHS)):
        state = np.zeros(2)
        for block in range(count):
            span = slice(block * HOP, (block + 1) * HOP)
            # Direct form with past outputs as its state: retuning does not make them jump.
            output[span], state = resonate(
                output[span], gain[block, formant], second[block, formant], third[block, formant], state)
    for frequency, bandwidth in HIGHER_FORMANTS:
        radius = np.exp(-np.pi * bandwidth / RATE)
        second, third = -2 * radius * np.cos(2 * np.pi * frequency / RATE), radius**2
        output = lfilter([1 + second + third], [1, second, third], output)
    return output


def resonate(samples, gain, second, third, past):
    """y[n] = gain x[n] - second y[n-1] - third y[n-2]; past = (y[-1], y[-2])."""
    initial = np.array([-second * past[0] - third * past[1], -third * past[0]])
    output, _ = lfilter([gain], [1, second, third], samples, zi=initial)
    return output, output[-1:-3:-1]


def band_noise(generator, count, band):
    sections = butter(2, band, "bandpass", fs=RATE, output="sos")
    noise = sosfilt(sections, generator.standard_normal(count))
    return noise / np.std(noise)


def synthesise():
    generator = np.random.Generator(np.random.PCG64(SEED))
    controls = controls_of_score(generator)
    frequency = fundamental(controls, generator)
    effort = np.clip(smooth(controls.effort, 0.06), 0.2, 1)
    voice = smooth(controls.voice, 0.013) * (0.45 + 0.75 * effort)
    pulse, gate = glottal_source(frequency, effort, generator)
    count = len(controls.note) * HOP
    hiss = lfilter([1, -0.9], [1], generator.standard_normal(count))
    aspiration = 0.022 * at_samples(voice) * gate + 0.10 * at_samples(smooth(controls.aspiration, 0.008))
    source = at_samples(voice) * tilted(pulse, effort) + aspiration * hiss
    # A singer opens the mouth on high notes: the first formant stays above the fundamental.
    formants = smooth(controls.formants, 0.020)
    formants[:, 0] = np.maximum(formants[:, 0], 1.03 * frequency)
    sung = formant_cascade(source, formants)
    sung = lfilter([1, -0.6], [1], sung)  # what is left of the radiation at the lips
    sung /= np.sqrt(np.mean(sung**2))

    signal = sung * 0.1
    for name, (_, _, _, _, band) in OBSTRUENTS.items():
        level = at_samples(smooth(controls.noises[name], 0.004 if OBSTRUENTS[name][0] else 0.012))
        signal += 0.35 * level * band_noise(generator, count, band)
    breath = sum(weight * band_noise(generator, count, band) for weight, band in
                 ((1.0, (700, 2200)), (0.6, (2200, 5000)), (0.25, (5000, 10000))))
    signal += 0.006 * at_samples(smooth(controls.breath, 0.02)) * breath

    signal = sosfilt(butter(2, 70, "highpass", fs=RATE, output="sos"), signal)
    signal *= 10 ** ((TARGET_LUFS - loudness(signal)) / 20)
    return signal + 10 ** (FLOOR_DB / 20) * generator.standard_normal(count)


# MARK: - Level


def loudness(signal):
    """Integrated loudness of a mono signal in LUFS (ITU-R BS.1770-4)."""
    k = np.tan(np.pi * 1681.974450955533 / RATE)
    q, high = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    band, norm = high**0.4996667741545416, 1 + k / q + k * k
    denominator = [norm, 2 * (k * k - 1), 1 - k / q + k * k]
    numerator = [high + band * k / q + k * k, 2 * (k * k - high), high - band * k / q + k * k]
    weighted = lfilter(numerator, denominator, signal)
    k, q = np.tan(np.pi * 38.13547087602444 / RATE), 0.5003270373238773
    norm = 1 + k / q + k * k
    weighted = lfilter([1, -2, 1], [1, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm], weighted)
    length, hop = int(0.4 * RATE), int(0.1 * RATE)
    power = np.array([np.mean(weighted[at : at + length] ** 2) for at in range(0, len(weighted) - length + 1, hop)])
    power = power[-0.691 + 10 * np.log10(power) > -70]
    power = power[power > 0.1 * np.mean(power)]
    return -0.691 + 10 * np.log10(np.mean(power))


# MARK: - Files


def write_flac(signal, path):
    peak = np.max(np.abs(signal))
    if peak >= 0.99:
        raise SystemExit(f"The voice peaks at {peak:.3f}: lower TARGET_LUFS.")
    samples = np.round(signal * 32768).astype("<i2")
    with tempfile.TemporaryDirectory() as folder:
        plain = pathlib.Path(folder) / "voice.wav"
        with wave.open(str(plain), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(samples.tobytes())
        options = ["--silent", "--force", "--best", "--no-padding"]
        subprocess.run(["flac", *options, "-o", str(path), str(plain)], check=True)
    print(f"{path}: {len(signal) / RATE:.2f} s, peak {20 * np.log10(peak):.2f} dBFS, {loudness(signal):.2f} LUFS")


def main():
    default = pathlib.Path(__file__).resolve().parent.parent / "data" / "dry-vocal.flac"
    parser = argparse.ArgumentParser(description="Synthesise the dry vocal line.")
    parser.add_argument("output", nargs="?", type=pathlib.Path, default=default)
    write_flac(synthesise(), parser.parse_args().output)


if __name__ == "__main__":
    main()
