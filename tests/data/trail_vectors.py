#!/usr/bin/env python3
"""Golden vectors of the audit trail, computed from the standards' texts by Python's library alone.

RFC 9162 section 2.1 (Merkle tree and its proofs), RFC 8785 (canonical JSON), RFC 8032 (Ed25519),
and the C2SP forms signed-note, tlog-checkpoint and tlog-proof. Shares no code with the ledger.

    trail_vectors.py            writes trail_vectors.json beside this file
    trail_vectors.py --check    compares with that file instead; exit code 1 if it differs
"""

import base64
import hashlib
import json
import pathlib
import random
import sys

# --- RFC 9162 section 2.1 ---------------------------------------------------------------------


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(entry):
    return sha256(b"\x00" + entry)


def split(count):
    """The largest power of two smaller than count."""
    k = 1
    while 2 * k < count:
        k *= 2
    return k


def root(leaves):
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return sha256(b"\x01" + root(leaves[:k]) + root(leaves[k:]))


def inclusion(index, leaves):
    """PATH(m, D[n]) of section 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return inclusion(index, leaves[:k]) + [root(leaves[k:])]
    return inclusion(index - k, leaves[k:]) + [root(leaves[:k])]


def consistency(old, leaves):
    """PROOF(m, D[n]) of section 2.1.4.1; nothing for m = 0 and m = n."""
    return subproof(old, leaves, True) if 0 < old < len(leaves) else []


def subproof(old, leaves, is_known):
    if old == len(leaves):
        return [] if is_known else [root(leaves)]
    k = split(len(leaves))
    if old <= k:
        return subproof(old, leaves[:k], is_known) + [root(leaves[k:])]
    return subproof(old - k, leaves[k:], False) + [root(leaves[:k])]


def peaks(leaves):
    """The roots of the full subtrees, the largest first: one for each binary one of the size."""
    found, start = [], 0
    for level in reversed(range(len(leaves).bit_length())):
        if len(leaves) >> level & 1:
            found.append(root(leaves[start : start + (1 << level)]))
            start += 1 << level
    return found


# --- RFC 8785 ---------------------------------------------------------------------------------

SHORT = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}


class NotCanonical(Exception):
    """Carries the path of the value that has no canonical form."""


def escaped(character):
    code = ord(character)
    if code in SHORT:
        return SHORT[code]
    return f"\\u{code:04x}" if code < 0x20 else character


def canonical(value, path="$"):
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int) and abs(value) < 2**53:
        return str(value)
    if isinstance(value, str):
        return '"' + "".join(map(escaped, value)) + '"'
    if isinstance(value, list):
        items = (canonical(item, f"{path}[{at}]") for at, item in enumerate(value))
        return "[" + ",".join(items) + "]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        fields = (canonical(n) + ":" + canonical(value[n], f"{path}.{n}") for n in names)
        return "{" + ",".join(fields) + "}"
    raise NotCanonical(path)


# --- RFC 8032 section 5.1 ---------------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def recovered_x(y, sign):
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    return P - x if x & 1 != sign else x


def added(a, b):
    x1, y1 = a
    x2, y2 = b
    product = D * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, P)
    y = (y1 * y2 + x1 * x2) * pow(1 - product, -1, P)
    return x % P, y % P


def times(scalar, point):
    total = (0, 1)
    while scalar:
        if scalar & 1:
            total = added(total, point)
        point, scalar = added(point, point), scalar >> 1
    return total


BASE_Y = 4 * pow(5, -1, P) % P
BASE = (recovered_x(BASE_Y, 0), BASE_Y)


def compressed(point):
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little")


def expanded(secret):
    digest = hashlib.sha512(secret).digest()
    scalar = int.from_bytes(digest[:32], "little")
    scalar = scalar & ((1 << 254) - 8) | 1 << 254
    return scalar, digest[32:]


def public_key(secret):
    return compressed(times(expanded(secret)[0], BASE))


def signature(secret, message):
    scalar, prefix = expanded(secret)

    def reduced(*parts):
        return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % L

    nonce = reduced(prefix, message)
    commitment = compressed(times(nonce, BASE))
    challenge = reduced(commitment, public_key(secret), message)
    return commitment + ((nonce + challenge * scalar) % L).to_bytes(32, "little")


# --- C2SP signed-note, tlog-checkpoint, tlog-proof --------------------------------------------


def b64(data):
    return base64.b64encode(data).decode()


def key_id(name, public):
    return sha256(name.encode() + b"\n\x01" + public)[:4]


def verifier(name, secret):
    public = public_key(secret)
    return f"{name}+{key_id(name, public).hex()}+{b64(bytes([1]) + public)}"


def checkpoint(name, secret, leaves):
    body = f"{name}\n{len(leaves)}\n{b64(root(leaves))}\n"
    signed = key_id(name, public_key(secret)) + signature(secret, body.encode())
    return f"{body}\n\u2014 {name} {b64(signed)}\n"


def hash_lines(hashes):
    return "".join(b64(hash_) + "\n" for hash_ in hashes)


def inclusion_document(index, leaves, note, extra=None):
    extra = "" if extra is None else f"extra {b64(extra)}\n"
    hashes = hash_lines(inclusion(index, leaves))
    return f"c2sp.org/tlog-proof@v1\n{extra}index {index}\n{hashes}\n{note}"


def consistency_document(hashes, old_note, new_note):
    return f"taizhang/consistency-proof@v1\n{hash_lines(hashes)}\n{old_note}\n{new_note}"


# --- The vectors ------------------------------------------------------------------------------

NAME = "ledger.example/451425"
SECRET = bytes(range(32))
SIZES = [0, 1, 2, 3, 4, 5, 7, 8, 255, 256, 257]
INCLUSIONS = [(0, 1), (0, 2), (1, 2), (2, 3), (0, 5), (3, 7), (4, 7), (6, 7), (7, 8)]
INCLUSIONS += [(0, 255), (254, 255), (255, 256), (256, 257), (128, 257)]
CONSISTENCIES = [(0, 5), (1, 2), (1, 3), (2, 3), (3, 7), (4, 7), (6, 7), (7, 8), (7, 7), (4, 8)]
CONSISTENCIES += [(1, 257), (128, 255), (255, 256), (255, 257), (256, 257)]

# Inputs as JSON texts: the first three are the examples of RFC 8785 that have no fraction.
CANONICAL = [
    r'{"string": "\u20ac$\u000F\u000aA'
    "'"
    r'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}',
    r'{"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",'
    r' "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",'
    r' "\u00f6": "Latin Small Letter O With Diaeresis"}',
    r'{"1": {"f": {"f": "hi", "F": 5}, "\n": 56}, "10": {}, "": "empty", "a": {}, "111": [{"e": '
    r'"yes", "E": "no"}], "A": {}}',
    '[0, -1, 9007199254740991, -9007199254740991]',
    r'"\u0000\u0001\u0008\u0009\u000a\u000b\u000c\u000d\u001f \u007f\u2028\u2029\ufeff"',
    r'{"peach": "NFC \u00e9 and NFD e\u0301 stay apart", "p\u00eache": 1, "p\u00e9ch\u00e9": 2}',
    '{"act":"distribution.pay","actor":"u_7f3a","amt":[123456],"docs":[],"obj":["分配","018f"],'
    '"org":"451425","pii":null,"seq":1048577,"ts":1795439692123,"v":1}',
    "[]", "{}", '""', "null", "true", " [ [ ] , { } ] ",
]

NOT_CANONICAL = [
    "1.5", "[1, 1.0]", '{"amt": [1, 1e3]}', '{"a": {"b": [{"c": 9007199254740992}]}}',
    "[-9007199254740992]", "[18446744073709551615]", "[1e-7]",
]  # fmt: skip


TRICKY = 'aAz"\\/\b\n\x00\x1f\x7f\u0080\u00e9\u2028\u6276\ud7ff\ue000\uffff\U0001f600\U00020bb7'


def random_value(source, depth=0):
    """A value over the characters at which orders and escapes go wrong."""
    kind = source.randrange(6 if depth < 3 else 4)
    text = "".join(source.choices(TRICKY, k=source.randrange(5)))
    if kind < 3:
        return [None, source.random() < 0.5, text][kind]
    if kind == 3:
        return source.randrange(-(2**53) + 1, 2**53) >> source.randrange(53)
    items = [random_value(source, depth + 1) for _ in range(source.randrange(6))]
    if kind == 4:
        return items
    return {"".join(source.choices(TRICKY, k=2)): item for item in items} | {text: 0}


def canonical_case(text):
    return {"input": text, "canonical": canonical(json.loads(text))}


def refused_case(text):
    try:
        canonical(json.loads(text))
    except NotCanonical as refused:
        return {"input": text, "path": str(refused)}
    raise AssertionError(text)


def random_cases(count):
    source = random.Random(8785)
    return [canonical_case(json.dumps(random_value(source))) for _ in range(count)]


def vectors():
    leaves = [leaf_hash(b"entry %d" % index) for index in range(max(SIZES))]
    proof = consistency(3, leaves[:7])
    notes = {size: checkpoint(NAME, SECRET, leaves[:size]) for size in (3, 7, 257)}
    return {
        "about": "made by trail_vectors.py; leaf i is the hash of the text “entry i”",
        "roots": {size: root(leaves[:size]).hex() for size in SIZES},
        "peaks": {size: [peak.hex() for peak in peaks(leaves[:size])] for size in SIZES},
        "inclusion": [
            {"index": m, "size": n, "hashes": [h.hex() for h in inclusion(m, leaves[:n])]}
            for m, n in INCLUSIONS
        ],
        "consistency": [
            {"old": m, "new": n, "hashes": [h.hex() for h in consistency(m, leaves[:n])]}
            for m, n in CONSISTENCIES
        ],
        "key": {
            "origin": NAME,
            "secret": SECRET.hex(),
            "public": public_key(SECRET).hex(),
            "verifier": verifier(NAME, SECRET),
        },
        "checkpoints": notes,
        "inclusion_document": inclusion_document(3, leaves[:7], notes[7]),
        "inclusion_document_with_extra": inclusion_document(255, leaves, notes[257], b"salt"),
        "consistency_document": consistency_document(proof, notes[3], notes[7]),
        "canonical": [canonical_case(text) for text in CANONICAL] + random_cases(60),
        "not_canonical": [refused_case(text) for text in NOT_CANONICAL],
    }


def self_test():
    """Known answers: RFC 8032 section 7.1 test 2, the tree in the tests of RFC 6962's authors."""
    secret = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    signed = (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert public_key(secret).hex() == public
    assert signature(secret, b"\x72").hex() == signed
    assert root([]).hex().startswith("e3b0c44298fc1c14")
    entries = "", "00", "10", "2021", "3031", "40414243", "5051525354555657"
    entries += ("606162636465666768696a6b6c6d6e6f",)
    known = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    assert root([leaf_hash(bytes.fromhex(entry)) for entry in entries]).hex() == known


def main(arguments):
    self_test()
    path = pathlib.Path(__file__).resolve().with_name("trail_vectors.json")
    text = json.dumps(vectors(), ensure_ascii=True, indent=1) + "\n"
    if arguments == ["--check"]:
        return 0 if path.read_text() == text else 1
    path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
