#!/usr/bin/env python3
"""make_policy.py POLICY.json OUT.inc: the policy, without its line breaks, as C string literals."""
import json
import sys


def main():
    source, target = sys.argv[1:3]
    with open(source, encoding="utf-8") as file:
        text = json.dumps(json.load(file), ensure_ascii=True, separators=(",", ":"))
    with open(target, "w", encoding="utf-8") as out:
        out.write("/* Made by tools/make_policy.py: do not edit. */\n")
        for at in range(0, len(text), 100):
            out.write('"%s"\n' % text[at:at + 100].replace("\\", "\\\\").replace('"', '\\"'))


main()
