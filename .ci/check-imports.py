"""Checks that each target imports only what the manifest says it depends on. usage: check-imports.py PACKAGE_JSON"""

import json
import pathlib
import re
import sys

# What comes with the toolchain.
SYSTEM = {"Foundation", "Dispatch", "Synchronization", "Testing", "Glibc", "Darwin", "Musl"}
PLACES = {"regular": "Sources", "executable": "Sources", "test": "Tests"}

package = json.load(open(sys.argv[1]))
faults = []
for target in package["targets"]:
    if target["type"] == "system":
        continue
    allowed = set(SYSTEM)
    for dependency in target["dependencies"]:
        kind, value = next(iter(dependency.items()))
        allowed.add(value[0])
    folder = pathlib.Path(target.get("path") or f"{PLACES[target['type']]}/{target['name']}")
    for file in sorted(folder.rglob("*.swift")):
        for number, line in enumerate(file.read_text().splitlines(), 1):
            match = re.match(r"\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|private)\s+)?import\s+"
                             r"(?:(?:struct|class|enum|func|protocol|var|let|typealias)\s+)?(\w+)", line)
            if match and match.group(1) not in allowed:
                faults.append(f"{file}:{number}: {target['name']} imports {match.group(1)}, which Package.swift does not declare")
print("\n".join(faults) or "every import is declared")
sys.exit(bool(faults))
