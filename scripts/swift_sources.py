"""What the checks share: the targets of Package.swift, and Swift code without comments and text."""
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def package_targets():
    """Targets of the package by name, in the order of Package.swift."""
    dump = subprocess.run(["swift", "package", "dump-package"], cwd=ROOT, capture_output=True, text=True)
    if dump.returncode != 0:
        sys.exit(f"{pathlib.Path(sys.argv[0]).name}: swift package dump-package failed:\n{dump.stderr.strip()}")
    return {target["name"]: target for target in json.loads(dump.stdout)["targets"]}


def target_folder(target):
    return ROOT / (target.get("path") or f"Sources/{target['name']}")


def blanked(text, keeps_interpolations=False):
    """The text with comments and the content of strings as spaces, so that braces and names are code; what is
    interpolated in strings stays where asked for."""
    out, position, size = list(text), 0, len(text)

    def blank(start, end):
        for index in range(start, end):
            if out[index] != "\n":
                out[index] = " "

    def string(start):
        """Blanks the string that begins at `start`, and returns where it ends."""
        hashes = re.match("#*", text[start:]).group()
        quote = '"""' if text.startswith('"""', start + len(hashes)) else '"'
        index = start + len(hashes) + len(quote)
        clear = start
        while index < size:
            if text.startswith("\\" + hashes + "(", index):
                depth, index = 1, index + len(hashes) + 2
                blank(clear, index)
                while depth:
                    if text[index] == '"':
                        index = string(index)
                        continue
                    depth += {"(": 1, ")": -1}.get(text[index], 0)
                    index += 1
                clear = index - 1 if keeps_interpolations else clear
            elif text.startswith("\\" + hashes, index):
                index += len(hashes) + 2
            elif text.startswith(quote + hashes, index):
                index += len(quote) + len(hashes)
                break
            else:
                index += 1
        blank(clear, index)
        return index

    while position < size:
        if text.startswith("//", position):
            end = text.find("\n", position)
            end = size if end < 0 else end
            blank(position, end)
            position = end
        elif text.startswith("/*", position):
            end = text.find("*/", position) + 2
            blank(position, end)
            position = end
        elif re.match('#*"', text[position:position + 8]):
            position = string(position)
        else:
            position += 1
    return "".join(out)
