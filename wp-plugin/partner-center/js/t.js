/* Partner Center: reports clicks on direct links, and opt-in forms. It never
   delays or stops a page. On pages of the site it stores nothing itself; on
   other sites it keeps the click in a cookie of theirs. */
(function () {
  'use strict';

  // Where the sidecar is: the attribute of our own tag, else where we came from.
  // Tags of scripts that were merged or made into modules are found by the attribute.
  var tag = document.currentScript || document.querySelector('script[data-partner-center]');
  var base = tag && (tag.getAttribute('data-partner-center') || (tag.src || '').replace(/\/t\.js(?:[?&#].*)?$/, ''));
  if (!base) return;
  var elsewhere = base.indexOf(location.origin + '/') !== 0 && base.charAt(0) !== '/';

  function body(fields) {
    return Object.keys(fields).map(function (name) {
      return encodeURIComponent(name) + '=' + encodeURIComponent(fields[name]);
    }).join('&');
  }

  // Sent even when the page is being left; answers are of no interest.
  function send(path, fields) {
    try {
      fetch(base + path, {
        method: 'POST', mode: 'no-cors', credentials: 'include', keepalive: true,
        headers: {'Content-Type': 'application/x-www-form-urlencoded'}, body: body(fields)
      }).catch(function () {});
    } catch (e) { /* an old browser, or a policy of the site: the click or form goes unreported */ }
  }

  // On another site the sidecar's cookie is not to be had: the answer tells the
  // click, and the page keeps it for its own later pages.
  function ask(fields) {
    fetch(base + '/t/click', {
      method: 'POST', mode: 'cors', credentials: 'omit',
      headers: {'Content-Type': 'application/x-www-form-urlencoded'}, body: body(fields)
    }).then(function (answer) { return answer.status === 200 ? answer.json() : {}; }).then(function (told) {
      if (!told.click) return;
      document.cookie = 'pc_click=' + told.click + '; path=/; max-age=' + told.seconds + '; samesite=lax' +
        (location.protocol === 'https:' ? '; secure' : '');
    }).catch(function () {});
  }

  function kept() {
    var found = /(?:^|; )pc_click=([^;]*)/.exec(document.cookie);
    return found ? found[1] : '';
  }

  // The parameters that may name a partner; the sidecar knows which of them count.
  if (/[?&](?:orid|oprid|ref|mr_aff|pct)=/.test(location.search)) {
    var report = function () {
      var fields = {u: location.href, r: document.referrer};
      if (elsewhere) ask(fields); else send('/t/click', fields);
    };
    // A page that is prepared ahead was not clicked yet, and may never be.
    if (document.prerendering) document.addEventListener('prerenderingchange', report, {once: true});
    else report();
  }

  function value(form, selector) {
    var field = form.querySelector(selector);
    return field && field.value ? field.value.trim() : '';
  }

  function newId() {
    var id = '';
    crypto.getRandomValues(new Uint8Array(16)).forEach(function (n) { id += (n + 256).toString(16).slice(1); });
    return id;
  }

  // The id under which PHP reports the same form, where it does. Sending the
  // same address once more, as after a double click, is still the same form.
  function idOf(form, email) {
    var field = form.querySelector('input[name="partner_center_sent"]');
    if (!field) {
      field = document.createElement('input');
      field.type = 'hidden';
      field.name = 'partner_center_sent';
      form.appendChild(field);
    }
    if (!field.value || field.getAttribute('data-for') !== email) {
      field.value = newId();
      field.setAttribute('data-for', email);
    }
    return field.value;
  }

  function address(form) { return value(form, '[name="email"]') || value(form, 'input[type="email"]'); }

  function lead(form) {
    var email = address(form);
    if (!email) return;
    var fields = {
      email: email, first_name: value(form, '[name="first_name"]'), last_name: value(form, '[name="last_name"]'),
      form: value(form, '[name="partner_center_form"]') || form.getAttribute('id') || '',
      page: location.href, id: idOf(form, email)
    };
    if (elsewhere) fields.click = kept();
    var beacon = new Blob([body(fields)], {type: 'application/x-www-form-urlencoded'});
    if (!navigator.sendBeacon || !navigator.sendBeacon(base + '/t/lead', beacon)) send('/t/lead', fields);
  }

  // The field is the mark that PHP knows as well; the attribute serves forms that may have no more fields.
  function marked(form) {
    return form.getAttribute('data-partner-center') === 'lead' || form.querySelector('[name="partner_center_form"]');
  }

  // Ninja Forms sends a form when its button is clicked, before the form's own
  // event and without its fields: it is to send our id along.
  document.addEventListener('click', function (event) {
    try {
      var form = event.target.closest('.nf-form-cont form');
      var name = form && marked(form) && /^nf-form-(\w+)-cont$/.exec(form.closest('.nf-form-cont').id);
      if (name) window.nfRadio.channel('form-' + name[1]).request('add:extra', 'partner_center_sent', idOf(form, address(form)));
    } catch (e) { /* the form goes on */ }
  }, true);

  // Before the form's own handlers, which may send it themselves; one listener
  // for all forms, so that those added later count too.
  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (!form || !form.getAttribute || !marked(form)) return;
    try { lead(form); } catch (e) { /* the form goes on */ }
  }, true);
})();
