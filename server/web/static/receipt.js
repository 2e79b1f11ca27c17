/* The receipt page: reads the digits behind the #, checks the signature here, then asks the office.
   Plain ECMAScript 5, so that an old phone can run it. Nothing behind the # is ever sent as an address. */
(function () {
  'use strict';
  var doorstep = window.Doorstep, at = doorstep.at, say = doorstep.say, show = doorstep.show;
  var numberAt = doorstep.numberAt, request = doorstep.request;
  var BYTES = 120, BODY = 56, TAG = 'doorstep/receipt/1';
  var METHODS = { 1: 'cash', 2: 'alipay', 3: 'wechat', 4: 'transfer', 5: 'card', 6: 'cheque' };
  var CURRENCIES = { 156: ['CNY', 2], 978: ['EUR', 2], 826: ['GBP', 2], 344: ['HKD', 2], 356: ['INR', 2], 392: ['JPY', 0], 901: ['TWD', 2], 840: ['USD', 2] };
  var TONES = {
    genuine: 'ok', not_yet_reported: 'wait', key_reported_lost: 'warn', void_pending: 'warn', voided: 'bad', differs: 'warn',
    unknown_number: 'warn', not_genuine: 'bad', checking: 'wait', asking: 'wait', unasked: 'wait', unreachable: 'warn',
    offline: 'warn', busy: 'warn', malformed: 'warn'
  };
  var texts = doorstep.collectTexts(), asked = null, turn = 0;

  function slot(name) { return document.querySelector('[data-slot=' + name + ']'); }
  function words(key) { return texts[key] || ''; }

  function two(value) { return (value < 10 ? '0' : '') + value; }

  /* What the receipt itself says; null for another version. The office repeats all of it, this is for when it cannot. */
  function bodyOf(bytes) {
    var currency = CURRENCIES[numberAt(bytes, 41, 2)], method = METHODS[bytes[43] >> 4], kind = bytes[43] & 15;
    if (bytes[0] !== 0x11 || !currency || !method || (kind !== 1 && kind !== 2)) return null;
    var quarters = bytes[48] > 127 ? bytes[48] - 256 : bytes[48];
    var local = new Date((numberAt(bytes, 44, 4) + quarters * 900) * 1000);
    return {
      key: doorstep.hex(bytes, 1, 8), amount_minor: numberAt(bytes, 35, 6), currency: currency[0], method: method,
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
    var hash = location.hash.replace(/^#/, '');
    at('language').setAttribute('href', at('language').getAttribute('href').split('#')[0] + location.hash);
    say('matched', '');
    if (!hash) return;
    var bytes = doorstep.bytesOfHash(hash, BYTES), body = bytes && bodyOf(bytes), mine = ++turn;
    if (!body) return render('malformed', null, '');
    render('checking', null, '');
    doorstep.verify(body.key, 'receipt', TAG, bytes.subarray(0, BODY), bytes.subarray(BODY), function (signature) {
      if (mine !== turn) return;
      if (signature === 'invalid') return render('not_genuine', null, 'invalid');
      if (signature === 'valid') render('asking', body, 'valid');
      ask({ digits: hash.slice(0, doorstep.digitsOf(BYTES)) }, body, signature);
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

  at('short-form').addEventListener('submit', askShort);
  at('check-form').addEventListener('submit', compare);
  at('retry').addEventListener('click', function () {
    if (location.hash) return start();
    if (asked) { render('checking', null, ''); ask(asked, null, ''); }
  });
  window.addEventListener('hashchange', start);
  start();
})();
