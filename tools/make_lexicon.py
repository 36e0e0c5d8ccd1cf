#!/usr/bin/env python3
"""make_lexicon.py DATA_DIR OUT_DIR

Reads DATA_DIR/concepts.txt and DATA_DIR/<language>.txt, writes OUT_DIR/concepts.inc (the list of concepts) and
OUT_DIR/lexicon_data.inc (words and one trie over words). An unknown concept, an empty phrase or a phrase twice under
the same concept of a file is an error.
"""
import os
import sys
import unicodedata

STRENGTH = {"?": 1, "!": 3}
GROUPS = {"field": 1, "amount": 2, "party": 3, "kind": 4, "column": 5, "word": 6}
PLAIN = {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"}


def fail(path, number, text):
    sys.exit(f"{path}:{number}: {text}")


def is_cjk(char):
    return 0x2E80 <= ord(char) <= 0x9FFF or 0xF900 <= ord(char) <= 0xFAFF or ord(char) >= 0x20000


def tokens(text):
    """The tokens of a phrase: as dx_lexicon_tokens cuts them (core/lexicon/tokens.c)."""
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if unicodedata.category(c) not in ("Mn", "Me")).replace("ß", "ss").lower()
    text = "".join(PLAIN.get(c, c) for c in text).replace("\u00b0", "")
    out, run = [], ""
    for char in text:
        alone = char in "#%&@" or is_cjk(char)
        if char.isalnum() and not alone:
            run += char
            continue
        if run:
            out.append(run)
            run = ""
        if alone:
            out.append(char)
    return out + [run] if run else out


def read_concepts(path):
    concepts = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.split("#", 1)[0].split()
            if not line:
                continue
            if len(line) != 3 or line[2] not in GROUPS:
                fail(path, number, "expected: IDENTIFIER name group")
            concepts.append(line)
    return concepts


def argument_number(argument):
    """A number, or two letters of a country as one number."""
    if argument.isalpha():
        return ord(argument[0]) * 256 + ord(argument[1])
    return int(argument or 0)


def read_language(path, names, bit, terms):
    seen = set()
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            name, colon, rest = line.partition(":")
            name, _, argument = name.strip().partition(".")
            if not colon or name not in names:
                fail(path, number, f"unknown concept {name!r}")
            for phrase in rest.split("|"):
                phrase = phrase.strip()
                strength = STRENGTH.get(phrase[:1], 2)
                words = tuple(tokens(phrase.lstrip("!?")))
                if not words:
                    fail(path, number, f"empty phrase under {name!r}")
                if (name, argument, words) in seen:
                    continue
                seen.add((name, argument, words))
                key = (names[name], argument_number(argument))
                entry = terms.setdefault(words, {}).setdefault(key, [0, 0])
                entry[0] = max(entry[0], strength)
                entry[1] |= 1 << bit


def build_trie(terms, ids):
    """Nodes breadth first, so that the children of a node lie together, sorted by word."""
    root = {"children": {}, "terms": {}}
    for words, found in terms.items():
        node = root
        for word in words:
            node = node["children"].setdefault(ids[word], {"children": {}, "terms": {}})
        node["terms"] = found
    nodes, queue = [], [(0, root)]
    while queue:
        nodes.append(queue.pop(0))
        queue.extend(sorted(nodes[-1][1]["children"].items()))
    return nodes


def write_data(out, languages, words, nodes):
    out.write("/* Made by tools/make_lexicon.py: do not edit. */\n")
    out.write("static const char *const languages[] = {%s};\n" % ", ".join(f'"{x}"' for x in languages))
    out.write("static const char *const words[] = {\n")
    for word in words:
        out.write('    "%s",\n' % "".join(c if ord(c) < 128 else "".join(f"\\{b:03o}" for b in c.encode()) for c in word))
    out.write("};\n/* Numbers of the words, shorter ones first, and where each length begins. */\n")
    order = sorted(range(len(words)), key=lambda number: (len(words[number].encode()), number))
    out.write("static const uint16_t by_length[] = {%s};\n" % ", ".join(str(number) for number in order))
    sizes = [len(words[number].encode()) for number in order]
    starts = [sum(size < length for size in sizes) for length in range(28)]
    out.write("static const uint16_t length_starts[] = {%s};\n" % ", ".join(str(start) for start in starts))
    out.write("static const lexicon_entry entries[] = {\n")
    count, spans = 0, []
    for _, node in nodes:
        spans.append((count, len(node["terms"])))
        for (concept, argument), (strength, mask) in sorted(node["terms"].items()):
            out.write(f"    {{DX_TERM_{concept}, {argument}, {strength}, {mask}}},\n")
            count += 1
    out.write("};\nstatic const lexicon_node nodes[] = {\n")
    child = 1
    for (word, node), (first, number) in zip(nodes, spans):
        out.write(f"    {{{word}, {first}, {number}, {child}, {len(node['children'])}}},\n")
        child += len(node["children"])
    out.write("};\n")


def main():
    data, target = sys.argv[1:3]
    concepts = read_concepts(os.path.join(data, "concepts.txt"))
    names = {name: identifier for identifier, name, _ in concepts}
    order = ["en", "de", "fr", "es", "it", "nl", "pt", "pl"]
    found = sorted(f[:-4] for f in os.listdir(data) if f.endswith(".txt") and f != "concepts.txt")
    languages = [x for x in order if x in found] + [x for x in found if x not in order]
    terms = {}
    for bit, language in enumerate(languages):
        read_language(os.path.join(data, language + ".txt"), names, bit, terms)
    words = sorted({word for phrase in terms for word in phrase}, key=lambda w: w.encode())
    ids = {word: number for number, word in enumerate(words)}
    os.makedirs(target, exist_ok=True)
    with open(os.path.join(target, "concepts.inc"), "w", encoding="utf-8") as out:
        out.write("/* Made by tools/make_lexicon.py: do not edit. */\n")
        for identifier, name, group in concepts:
            out.write(f'X({identifier}, "{name}", {GROUPS[group]})\n')
    with open(os.path.join(target, "lexicon_data.inc"), "w", encoding="utf-8") as out:
        write_data(out, languages, words, build_trie(terms, ids))


main()
