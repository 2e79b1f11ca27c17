/* The badge page: reads the digits behind the #, checks the office's signature and the phone's here, then asks the
   office who it is. Plain ECMAScript 5. Nothing behind the # is ever sent as an address. */
(function () {
  'use strict';
  var doorstep = window.Doorstep, at = doorstep.at, say = doorstep.say, show = doorstep.show;
  var BYTES = 167, BODY = 35, CERTIFICATE = 99, SIGNED = 103;
  var TONES = { genuine: 'ok', checking: 'wait', asking: 'wait', not_genuine: 'bad' };
  var texts = doorstep.collectTexts(), digits = '', turn = 0;

  function words(key) { return texts[key] || ''; }

  function render(state, answer, signature) {
    var tone = TONES[state] || 'warn', genuine = state === 'genuine';
    at('verdict').setAttribute('data-tone', tone);
    at('verdict').setAttribute('data-state', state);
    at('seal').setAttribute('href', '#i-' + tone);
    show('verdict', true);
    show('how', false);
    say('title', words('badge-title.' + state));
    say('sentence', words('badge-sentence.' + (genuine && !answer.photo ? 'genuine_no_photo' : state)));
    // Whatever is not plainly right ends in a call, if the office has a number.
    if (at('call')) show('call', tone === 'warn' || tone === 'bad');
    show('retry', state === 'unasked' || state === 'unreachable' || state === 'offline' || state === 'busy');
    show('signed-line', !!signature);
    if (signature) say('signed', words('badge-title.signature_' + signature));
    show('person', genuine);
    show('facts', genuine);
    show('compare', genuine);
    if (!genuine) {
      // A face that was shown before must not stay beside another verdict.
      at('photo').removeAttribute('src');
      say('name', '');
      return;
    }
    say('name', answer.name || answer.agent);
    say('number', answer.agent);
    say('creditor', answer.creditor || '\u2014');
    say('visits', words('badge-visits.' + (answer.visits_today ? 'yes' : 'no')));
    at('visits-row').setAttribute('data-visits', answer.visits_today ? 'yes' : 'no');
    say('age', answer.minutes > 0 ? answer.minutes + ' ' + words('badge-age.minutes') : words('badge-age.now'));
    show('photo', !!answer.photo);
    show('no-photo', !answer.photo);
    show('look', !!answer.photo);
    if (answer.photo) at('photo').setAttribute('src', 'data:' + answer.photo_type + ';base64,' + answer.photo);
  }

  function ask(signature) {
    var mine = ++turn;
    doorstep.request('POST', '/api/v1/badges/check', { digits: digits }, function (status, answer) {
      if (mine !== turn) return;
      if (status === 200) return render(answer.verdict, answer, answer.signature);
      if (status === 400) return render('malformed', null, '');
      if (status === 429) return render('busy', null, '');
      if (signature === 'valid') return render('unasked', null, 'valid');
      render(navigator.onLine === false ? 'offline' : 'unreachable', null, '');
    });
  }

  /* One 'invalid' decides; one 'unchecked' leaves it to the office. */
  function verifyBoth(bytes, done) {
    var results = [], body = bytes.subarray(0, BODY);
    function took(result) {
      results.push(result);
      if (results.length < 2) return;
      var invalid = results.indexOf('invalid') >= 0, unchecked = results.indexOf('unchecked') >= 0;
      done(invalid ? 'invalid' : unchecked ? 'unchecked' : 'valid');
    }
    var office = doorstep.hex(bytes, 1, 8), phone = doorstep.hex(bytes, 9, 8);
    var minute = doorstep.joined(body, bytes.subarray(CERTIFICATE, SIGNED));
    doorstep.verify(office, 'acknowledgement', 'doorstep/badge/1', body, bytes.subarray(BODY, CERTIFICATE), took);
    doorstep.verify(phone, 'receipt', 'doorstep/badge-minute/1', minute, bytes.subarray(SIGNED), took);
  }

  function start() {
    var hash = location.hash.replace(/^#/, '');
    at('language').setAttribute('href', at('language').getAttribute('href').split('#')[0] + location.hash);
    say('matched', '');
    if (!hash) return;
    var bytes = doorstep.bytesOfHash(hash, BYTES), mine = ++turn;
    if (!bytes || bytes[0] !== 0x11 || doorstep.numberAt(bytes, 27, 4) >= doorstep.numberAt(bytes, 31, 4)) {
      return render('malformed', null, '');
    }
    digits = hash.slice(0, doorstep.digitsOf(BYTES));
    render('checking', null, '');
    verifyBoth(bytes, function (signature) {
      if (mine !== turn) return;
      if (signature === 'invalid') return render('not_genuine', null, 'invalid');
      if (signature === 'valid') render('asking', null, 'valid');
      ask(signature);
    });
  }

  function compare(event) {
    event.preventDefault();
    var question = { digits: digits, code: at('code').value };
    doorstep.request('POST', '/api/v1/badges/check', question, function (status, answer) {
      // While the code was typed the badge grew old, or the phone was reported lost: that goes first.
      if (status === 200 && answer.verdict !== 'genuine') return render(answer.verdict, answer, answer.signature);
      var said = status === 200 ? answer.visit : '';
      at('matched').setAttribute('data-check', said === 'expected' ? 'matches' : said);
      say('matched', words(said ? 'badge-visit.' + said : status === 429 ? 'badge-visit.busy' : 'badge-title.unreachable'));
    });
  }

  at('check-form').addEventListener('submit', compare);
  at('retry').addEventListener('click', start);
  window.addEventListener('hashchange', start);
  start();
})();
