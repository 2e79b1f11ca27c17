/* What the customer pages share: digits behind the #, signatures checked in this browser, questions to the office.
   Plain ECMAScript 5, so that an old phone can run it. */
window.Doorstep = (function () {
  'use strict';
  var GROUP_BYTES = 7, WIDTHS = [0, 3, 5, 8, 10, 13, 15, 17];

  function at(id) { return document.getElementById(id); }
  function say(id, words) { at(id).textContent = words; }
  function show(id, visible) { at(id).hidden = !visible; }

  /* The words that the page brought along, by key. */
  function collectTexts() {
    var texts = {}, holder = at('texts'), items = (holder.content || holder).querySelectorAll('[data-key]');
    for (var i = 0; i < items.length; i++) texts[items[i].getAttribute('data-key')] = items[i].textContent;
    return texts;
  }

  /* How many digits so many bytes have. */
  function digitsOf(length) {
    return Math.floor(length / GROUP_BYTES) * WIDTHS[GROUP_BYTES] + WIDTHS[length % GROUP_BYTES];
  }

  /* Groups of 17 digits are 7 bytes each, the last group holds the rest; null when no bytes have these digits. */
  function bytesOf(digits, length) {
    var bytes = new Uint8Array(length), start, place = 0, i, j;
    for (start = 0; start < length; start += GROUP_BYTES) {
      var size = Math.min(GROUP_BYTES, length - start), width = WIDTHS[size];
      for (i = 0; i < width; i++) {
        var carry = digits.charCodeAt(place + i) - 48;
        for (j = size - 1; j >= 0; j--) {
          carry += bytes[start + j] * 10;
          bytes[start + j] = carry & 255;
          carry >>= 8;
        }
        if (carry) return null;
      }
      place += width;
    }
    return bytes;
  }

  /* The bytes of a code behind the #: null for another number of digits or impossible ones; what scanners append is ignored. */
  function bytesOfHash(hash, length) {
    var found = /^#?(\d+)/.exec(hash), count = digitsOf(length);
    if (!found || found[1].length !== count) return null;
    return bytesOf(found[1], length);
  }

  function numberAt(bytes, start, length) {
    var value = 0;
    for (var i = 0; i < length; i++) value = value * 256 + bytes[start + i];
    return value;
  }

  function hex(bytes, start, length) {
    var text = '';
    for (var i = 0; i < length; i++) text += (bytes[start + i] < 16 ? '0' : '') + bytes[start + i].toString(16);
    return text;
  }

  function joined(one, other) {
    var bytes = new Uint8Array(one.length + other.length);
    bytes.set(one, 0);
    bytes.set(other, one.length);
    return bytes;
  }

  function request(method, path, body, done) {
    var call = new XMLHttpRequest();
    call.open(method, path);
    call.timeout = 15000;
    call.onload = function () {
      var value = null;
      try { value = JSON.parse(call.responseText); } catch (fault) { value = null; }
      done(value ? call.status : 0, value);
    };
    call.onerror = call.ontimeout = function () { done(0, null); };
    if (body) call.setRequestHeader('Content-Type', 'application/json');
    call.send(body ? JSON.stringify(body) : null);
  }

  function unbase64(text) {
    var raw = atob(text.replace(/-/g, '+').replace(/_/g, '/')), bytes = new Uint8Array(raw.length);
    for (var i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
    return bytes;
  }

  /* Whether the published key of this id and use signed the payload under the tag: 'valid', 'invalid', or 'unchecked'
     where this browser or the network cannot tell: then the office checks. */
  function verify(key, use, tag, payload, signature, done) {
    var subtle = window.crypto && window.crypto.subtle;
    if (!subtle || !window.isSecureContext) return done('unchecked');
    request('GET', '/api/v1/keys/' + key, null, function (status, published) {
      if (status !== 200 || !published || published.use !== use) return done('unchecked');
      var head = new Uint8Array(tag.length + 1);
      for (var i = 0; i < tag.length; i++) head[i] = tag.charCodeAt(i);
      var p256 = { name: 'ECDSA', namedCurve: 'P-256' };
      subtle.importKey('raw', unbase64(published.public_key), p256, false, ['verify']).then(function (imported) {
        return subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, imported, signature, joined(head, payload));
      }).then(function (right) { done(right ? 'valid' : 'invalid'); }, function () { done('unchecked'); });
    });
  }

  return {
    at: at, say: say, show: show, collectTexts: collectTexts, digitsOf: digitsOf, bytesOfHash: bytesOfHash,
    numberAt: numberAt, hex: hex, joined: joined, request: request, verify: verify
  };
})();
