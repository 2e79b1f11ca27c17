"""What lies on a phone when nobody looks: all that its browser keeps, read for words that must not be there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

__all__ = ["found_in_files", "found_in_text", "kept_by_page"]

_LETTERS = (8, 4, 4, 4, 12)
_IDENTIFIERS = (
    re.compile(b"-".join(b"[0-9a-f]{%d}" % count for count in _LETTERS)),
    re.compile(b"-\\x00".join(b"(?:[0-9a-f]\\x00){%d}" % count for count in _LETTERS)),
)
"""Random identifiers (UUIDs) in UTF-8 and UTF-16. A browser keeps them by the hundred, and one of 87,000 holds five
given figures in a row, which are no leak: they are left out of what is searched."""

_KEPT = """async () => {
  const texts = [];
  const take = (value, depth) => {
    if (depth > 12 || value === null || value === undefined) return;
    if (typeof value === 'string') { texts.push(value); return; }
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
      const buffer = value instanceof ArrayBuffer ? value : value.buffer.slice(value.byteOffset);
      const view = new Uint8Array(buffer, 0, value.byteLength);
      texts.push(new TextDecoder('utf-8').decode(view), new TextDecoder('utf-16le').decode(view));
      return;
    }
    if (typeof value === 'object' && !(value instanceof CryptoKey)) {
      for (const [key, one] of Object.entries(value)) { texts.push(key); take(one, depth + 1); }
    }
  };
  const asked = request => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  let rows = 0;
  for (const { name } of await indexedDB.databases()) {
    const base = await asked(indexedDB.open(name));
    for (const store of base.objectStoreNames) {
      const all = base.transaction(store).objectStore(store);
      const [keys, values] = await Promise.all([asked(all.getAllKeys()), asked(all.getAll())]);
      rows += values.length;
      take(keys, 0);
      take(values, 0);
    }
    base.close();
  }
  for (const place of [localStorage, sessionStorage]) take({ ...place }, 0);
  const cached = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      cached.push(new URL(request.url).pathname);
      take(await (await cache.match(request)).text(), 0);
    }
  }
  return { text: texts.join('\\n'), rows, cached, small: Object.keys(localStorage) };
}"""


def kept_by_page(page: Page) -> dict[str, Any]:
    """All that scripts of the app's address can reach: database rows as text, small storage, and the cached addresses.

    `text` is everything in one, `rows` counts the database's, `cached` are paths, `small` the keys of localStorage.
    """
    kept: dict[str, Any] = page.evaluate(_KEPT)
    return kept


def found_in_text(text: str, words: Iterable[str]) -> list[str]:
    """The words that `text` holds outside random identifiers."""
    searched = _searched(text.encode())
    return [word for word in words if word.encode() in searched]


def found_in_files(profile: Path, words: Iterable[str]) -> dict[str, list[str]]:
    """By word the files below `profile` that hold it in UTF-8 or UTF-16 outside random identifiers."""
    wanted = {word: (word.encode(), word.encode("utf-16-le")) for word in words}
    found: dict[str, list[str]] = {}
    for path in sorted(profile.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        data = _searched(path.read_bytes())
        for word, forms in wanted.items():
            if any(form in data for form in forms):
                found.setdefault(word, []).append(str(path.relative_to(profile)))
    return found


def _searched(data: bytes) -> bytes:
    for identifier in _IDENTIFIERS:
        data = identifier.sub(b"\n", data)
    return data
