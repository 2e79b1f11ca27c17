/* The receipt page: reads the digits behind the #, checks the signature here, then asks the office.
   Plain ECMAScript 5, so that an old phone can run it. Nothing behind the # is ever sent as an address. */
(function () {
  'use strict';
  var DIGITS = 292, BODY = 56, TAG = 'doorstep/receipt/1';
  var METHODS = { 1: 'cash', 2: 'alipay', 3: 'wechat', 4: 'transfer', 5: 'card', 6: 'cheque' };
  var CURRENCIES = { 156: ['CNY', 2], 978: ['EUR', 2], 826: ['GBP', 2], 344: ['HKD', 2], 356: ['INR', 2], 392: ['JPY', 0], 901: ['TWD', 2], 840: ['USD', 2] };
  var TONES = {
    genuine: 'ok', not_yet_reported: 'wait', key_reported_lost: 'warn', void_pending: 'warn', voided: 'bad', differs: 'warn',
    unknown_number: 'warn', not_genuine: 'bad', checking: 'wait', asking: 'wait', unasked: 'wait', unreachable: 'warn',
    offline: 'warn', busy: 'warn', malformed: 'warn'
  };
  var texts = {}, asked = null, turn = 0;

  function at(id) { return document.getElementById(id); }
  function say(id, words) { at(id).textContent = words; }
  function show(id, visible) { at(id).hidden = !visible; }
  function slot(name) { return document.querySelector('[data-slot=' + name + ']'); }
  function words(key) { return texts[key] || ''; }

  function collectTexts() {
    var holder = at('texts'), items = (holder.content || holder).querySelectorAll('[data-key]');
    for (var i = 0; i < items.length; i++) texts[items[i].getAttribute('data-key')] = items[i].textContent;
  }

  /* 17 groups of 17 digits are 7 bytes each, the last 3 digits one byte; null when no bytes have these digits. */
  function bytesOf(digits) {
    var bytes = new Uint8Array(120), group, i, j;
    for (group = 0; group < 18; group++) {
      var size = group < 17 ? 7 : 1, width = group < 17 ? 17 : 3;
      for (i = 0; i < width; i++) {
        var carry = digits.charCodeAt(group * 17 + i) - 48;
        for (j = size - 1; j >= 0; j--) {
          carry += bytes[group * 7 + j] * 10;
          bytes[group * 7 + j] = carry & 255;
          carry >>= 8;
        }
        if (carry) return null;
      }
    }
    return bytes;
  }

  function numberAt(bytes, start, length) {
    var value = 0;
    for (var i = 0; i < length; i++) value = value * 256 + bytes[start + i];
    return value;
  }

  function two(value) { return (value < 10 ? '0' : '') + value; }

  function hex(bytes, start, length) {
    var text = '';
    for (var i = 0; i < length; i++) text += (bytes[start + i] < 16 ? '0' : '') + bytes[start + i].toString(16);
    return text;
  }

  /* What the receipt itself says; null for another version. The office repeats all of it, this is for when it cannot. */
  function bodyOf(bytes) {
    var currency = CURRENCIES[numberAt(bytes, 41, 2)], method = METHODS[bytes[43] >> 4], kind = bytes[43] & 15;
    if (bytes[0] !== 0x11 || !currency || !method || (kind !== 1 && kind !== 2)) return null;
    var quarters = bytes[48] > 127 ? bytes[48] - 256 : bytes[48];
    var local = new Date((numberAt(bytes, 44, 4) + quarters * 900) * 1000);
    return {
      key: hex(bytes, 1, 8), amount_minor: numberAt(bytes, 35, 6), currency: currency[0], method: method,
      kind: kind === 1 ? 'payment' : 'void', payer_checked: (bytes[49] & 2) > 0,
      taken_at: local.getUTCFullYear() + '-' + two(local.getUTCMonth() + 1) + '-' + two(local.getUTCDate()) + 'T' +
        two(local.getUTCHours()) + ':' + two(local.getUTCMinutes())
    };
  }

  function money(minor, code) {
    var digits = 2;
    for (var number in CURRENCIES) if (CURRENCIES[number][0] === code) digits = CURRENCIES[number][1];
    var text = String(minor);
    while (text.length <= digits) text = '0' + text;
    var whole = digits ? text.slice(0, -digits) : text, rest = digits ? '.' + text.slice(-digits) : '';
    whole = whole.replace(/\B(?=(\d{3})+$)/g, ',');
    return code === 'CNY' ? '\u00a5' + whole + rest : whole + rest + ' ' + code;
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

  /* 'valid', 'invalid', or 'unchecked' where this browser or the network cannot tell: then the office checks. */
  function verify(bytes, key, done) {
    var subtle = window.crypto && window.crypto.subtle;
    if (!subtle || !window.isSecureContext) return done('unchecked');
    request('GET', '/api/v1/keys/' + key, null, function (status, published) {
      if (status !== 200 || !published || published.use !== 'receipt') return done('unchecked');
      var data = new Uint8Array(TAG.length + 1 + BODY);
      for (var i = 0; i < TAG.length; i++) data[i] = TAG.charCodeAt(i);
      data.set(bytes.subarray(0, BODY), TAG.length + 1);
      var p256 = { name: 'ECDSA', namedCurve: 'P-256' };
      subtle.importKey('raw', unbase64(published.public_key), p256, false, ['verify']).then(function (imported) {
        return subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, imported, bytes.subarray(BODY), data);
      }).then(function (right) { done(right ? 'valid' : 'invalid'); }, function () { done('unchecked'); });
    });
  }

  function render(state, answer, signature) {
    var tone = TONES[state] || 'warn';
    at('verdict').setAttribute('data-tone', tone);
    at('verdict').setAttribute('data-state', state);
    at('seal').setAttribute('href', '#i-' + tone);
    show('verdict', true);
    say('title', words('title.' + state));
    say('sentence', words('sentence.' + state));
    say('typing-title', words('receipt.another'));
    show('typing-lead', false);
    show('retry', state === 'unasked' || state === 'unreachable' || state === 'offline' || state === 'busy');
    slot('amount').hidden = !(answer && answer.amount_minor);
    if (answer && answer.amount_minor) slot('amount').textContent = money(answer.amount_minor, answer.currency);
    slot('signature').hidden = !signature;
    if (signature) say('signed', words('signature.' + signature));
    show('facts', !!(answer && answer.taken_at));
    show('compare', !!(answer && answer.short));
    show('where', !!(answer && answer.where));
    if (!answer) return;
    say('taken', (answer.taken_at || '').slice(0, 16).replace('T', ' '));
    say('method', words('method.' + answer.method));
    say('agent', answer.agent || '\u2014');
    say('payer', words(answer.payer_checked ? 'payer.yes' : 'payer.no'));
    say('short', answer.short || '\u2014');
    show('reason-row', !!answer.void_reason);
    say('reason', answer.void_reason ? words('reason.' + answer.void_reason) : '');
    show('void-note', answer.kind === 'void');
    if (answer.where) {
      say('place', words('where.' + answer.where));
      say('place-more', words('where.' + answer.where + '.more'));
      at('steps').setAttribute('data-at', answer.where);
    }
  }

  function ask(question, body, signature) {
    var mine = ++turn;
    asked = question;
    request('POST', '/api/v1/receipts/check', question, function (status, answer) {
      if (mine !== turn) return;
      if (status === 200 || status === 201) return render(answer.verdict, answer, answer.signature);
      if (status === 400) return render('malformed', null, '');
      if (signature === 'valid') return render('unasked', body, 'valid');
      if (status === 429) return render('busy', null, '');
      render(navigator.onLine === false ? 'offline' : 'unreachable', null, '');
    });
  }

  function start() {
    var found = /^#?(\d+)/.exec(location.hash), hash = location.hash.replace(/^#/, '');
    at('language').setAttribute('href', at('language').getAttribute('href').split('#')[0] + location.hash);
    say('matched', '');
    if (!hash) return;
    var digits = found ? found[1].slice(0, DIGITS) : '', bytes = digits.length === DIGITS ? bytesOf(digits) : null;
    var body = bytes && bodyOf(bytes), mine = ++turn;
    if (!body) return render('malformed', null, '');
    render('checking', null, '');
    verify(bytes, body.key, function (signature) {
      if (mine !== turn) return;
      if (signature === 'invalid') return render('not_genuine', null, 'invalid');
      if (signature === 'valid') render('asking', body, 'valid');
      ask({ digits: digits }, body, signature);
    });
  }

  function askShort(event) {
    event.preventDefault();
    render('checking', null, '');
    say('matched', '');
    ask({ short: at('typed').value }, null, '');
    at('title').focus();
  }

  function compare(event) {
    event.preventDefault();
    if (!asked) asked = { short: at('short').textContent };
    var question = { check: at('check').value };
    for (var name in asked) if (name !== 'check') question[name] = asked[name];
    request('POST', '/api/v1/receipts/check', question, function (status, answer) {
      var check = answer && answer.check;
      at('matched').setAttribute('data-check', check || '');
      say('matched', check ? words('check.' + check) : words(status === 429 ? 'sentence.busy' : 'title.unreachable'));
    });
  }

  collectTexts();
  at('short-form').addEventListener('submit', askShort);
  at('check-form').addEventListener('submit', compare);
  at('retry').addEventListener('click', function () {
    if (location.hash) return start();
    if (asked) { render('checking', null, ''); ask(asked, null, ''); }
  });
  window.addEventListener('hashchange', start);
  start();
})();
