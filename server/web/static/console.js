/* Small conveniences; every page works without them. */
(function () {
  'use strict';

  /* Filters: the address keeps the choice, the page need not be loaded again. */
  var agents = document.getElementById('agents');
  var filters = document.querySelectorAll('.filters [data-show]');
  function choose(event) {
    event.preventDefault();
    var wish = event.currentTarget.getAttribute('data-show');
    agents.setAttribute('data-show', wish);
    for (var i = 0; i < filters.length; i++) {
      if (filters[i] === event.currentTarget) filters[i].setAttribute('aria-current', 'true');
      else filters[i].removeAttribute('aria-current');
    }
    history.replaceState(null, '', '?show=' + wish);
  }
  for (var i = 0; agents && i < filters.length; i++) filters[i].addEventListener('click', choose);

  /* Arrow keys and j/k walk through the stops that are shown. */
  document.addEventListener('keydown', function (event) {
    var row = event.target.closest && event.target.closest('tr.stop');
    if (!row || event.target !== row) return;
    var step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    var rows = Array.prototype.filter.call(document.querySelectorAll('tr.stop'), function (one) { return one.offsetParent !== null; });
    var next = rows[rows.indexOf(row) + step];
    if (next) next.focus();
  });

  /* The total of a count: what the cashier typed, nothing else. */
  function sum(form) {
    var total = 0, inputs = form.querySelectorAll('[data-face]');
    for (var i = 0; i < inputs.length; i++) {
      var count = /^\d{1,6}$/.test(inputs[i].value) ? Number(inputs[i].value) : 0;
      total += count * Number(inputs[i].getAttribute('data-face'));
    }
    var code = form.getAttribute('data-currency');
    var text = (total / 100).toFixed(2).replace(/\B(?=(\d{3})+\.)/g, ',');
    form.querySelector('[data-total]').textContent = code === 'CNY' ? '\u00a5' + text : text + ' ' + code;
  }
  var counts = document.querySelectorAll('form[data-count]');
  for (var c = 0; c < counts.length; c++) {
    counts[c].addEventListener('input', function (event) { sum(event.currentTarget); });
  }

  /* One press is enough: a second one would only be told that the first had happened. */
  document.addEventListener('submit', function (event) {
    var button = event.target.querySelector('button:not([type=button])');
    if (button) setTimeout(function () { button.disabled = true; }, 0);
  });

  var print = document.getElementById('print');
  if (print) {
    print.hidden = false;
    print.addEventListener('click', function () { window.print(); });
  }
})();
