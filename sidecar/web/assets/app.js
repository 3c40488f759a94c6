// Small helps for pages that work without them.
(function () {
  "use strict";
  // A button with data-pc-copy copies the text of the element it names, and
  // says so: on the button, and to screen readers in a line of their own.
  var said = new WeakMap();
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-pc-copy]");
    if (!button) return;
    var source = document.getElementById(button.getAttribute("data-pc-copy"));
    if (!source) return;
    copy(source).then(function (ok) {
      if (!said.has(button)) said.set(button, button.innerHTML);
      button.textContent = words(button, ok ? "copied" : "press");
      button.classList.toggle("pc-copied", ok);
      announce(words(button, ok ? "saidCopied" : "saidPress"));
      setTimeout(function () {
        if (said.has(button)) button.innerHTML = said.get(button);
        said.delete(button);
        button.classList.remove("pc-copied");
      }, 2000);
    });
  });
  // A finger on a chart first reads what a bar says, and may slide to others; a second
  // tap on the same one follows it.
  document.querySelectorAll(".pc-plot").forEach(function (plot) {
    var read = false;
    function under(event) {
      var at = document.elementFromPoint(event.clientX, event.clientY);
      return at && plot.contains(at) ? at.closest("a, g[tabindex]") : null;
    }
    plot.addEventListener("pointerdown", function (event) {
      var bar = under(event);
      read = event.pointerType !== "touch" || !bar || bar === document.activeElement;
      if (!read) bar.focus({preventScroll: true});
    });
    plot.addEventListener("pointermove", function (event) {
      var bar = event.pointerType === "touch" && under(event);
      if (!bar || bar === document.activeElement) return;
      read = false;
      bar.focus({preventScroll: true});
    });
    plot.addEventListener("click", function (event) {
      if (read || !event.detail) return; // a key has no detail
      event.preventDefault();
    });
  });
  // Of tabs that scroll, the chosen one is in sight; only some browsers do that by themselves.
  document.querySelectorAll(".pc-tabs [aria-current], .pc-nav [aria-current]").forEach(function (tab) {
    var row = tab.parentElement, place = tab.getBoundingClientRect(), frame = row.getBoundingClientRect();
    if (place.right > frame.right) row.scrollLeft += place.right - frame.right;
    if (place.left < frame.left) row.scrollLeft -= frame.left - place.left;
  });
  // What is made to be printed has a button for it.
  document.querySelectorAll("[data-pc-print]").forEach(function (button) {
    button.addEventListener("click", function () { window.print(); });
  });
  // The page has the words, in its language: see the template "script-words".
  function words(element, name) { return element.closest(".partner-center").dataset[name] || ""; }
  function copy(source) {
    var text = source.value !== undefined ? source.value : source.textContent;
    if (navigator.clipboard && window.isSecureContext) {
      return navigator.clipboard.writeText(text).then(function () { return true; }, function () { return bySelection(source); });
    }
    return Promise.resolve(bySelection(source));
  }
  // Browsers offer the clipboard on https only; this old way works everywhere.
  function bySelection(source) {
    var fold = source.closest("details"); // what is folded cannot be selected
    if (fold) fold.open = true;
    select(source);
    try { return document.execCommand("copy"); } catch (e) { return false; }
  }
  function select(element) {
    if (element.select) { element.select(); return; }
    var range = document.createRange();
    range.selectNodeContents(element);
    var selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }
  var line;
  function announce(text) {
    if (!line) {
      line = document.createElement("div");
      line.className = "pc-hidden";
      line.setAttribute("role", "status");
      document.querySelector(".partner-center").appendChild(line);
    }
    line.textContent = "";
    setTimeout(function () { line.textContent = text; }, 50);
  }
  // What is too large to be taken is not sent at all: going back, browsers may have
  // forgotten what was typed.
  document.addEventListener("submit", function (event) {
    var form = event.target, page = form.closest(".partner-center");
    if (!page || form.method !== "post" || event.defaultPrevented) return;
    var said = form.querySelector(".pc-too-large"), most = Number(form.dataset.pcMost || page.dataset.most);
    if (said) said.remove();
    if (!most || new URLSearchParams(new FormData(form)).toString().length <= most) return;
    event.preventDefault();
    said = document.createElement("p");
    said.classList.add("pc-problem", "pc-too-large");
    said.tabIndex = -1;
    said.setAttribute("role", "alert");
    said.textContent = page.dataset.tooLarge.replace("%s", Math.floor(most / 1024));
    form.insertBefore(said, form.firstChild);
    said.focus();
  });
  // The way back to a form, with what was typed.
  document.querySelectorAll("[data-pc-back]").forEach(function (button) {
    button.addEventListener("click", function () { window.history.back(); });
  });
  // A file chosen goes as text into the field that data-pc-into names: forms with
  // files don't pass through the plugin.
  document.addEventListener("change", function (event) {
    var chooser = event.target.closest("[data-pc-into]");
    var into = chooser && document.getElementById(chooser.getAttribute("data-pc-into"));
    if (!into || !chooser.files.length) return;
    var reader = new FileReader();
    reader.onload = function () { into.value = reader.result; };
    reader.readAsText(chooser.files[0]);
  });
  // A checkbox with data-pc-all ticks all others of its form; one with data-pc-group
  // those of its tbody, and is ticked when they are. Both before anybody counts.
  document.addEventListener("change", function (event) {
    var all = event.target.closest("[data-pc-all]"), body = event.target.closest("tbody");
    if (all) boxes(all.form, all.getAttribute("data-pc-all")).forEach(function (box) {
      box.checked = all.checked;
      box.indeterminate = false;
    });
    var group = body && body.querySelector("[data-pc-group]");
    if (group) {
      var own = Array.prototype.filter.call(boxes(body, group.name), function (box) { return box !== group; });
      if (event.target === group) own.forEach(function (box) { box.checked = group.checked; });
      standFor(group, own);
    }
    // wp-admin's own script takes the first tbody, which here is an order, for the whole list.
    if (body && event.target.form) event.target.form.querySelectorAll("[data-pc-all]").forEach(function (head) {
      standFor(head, Array.prototype.slice.call(boxes(head.form, head.getAttribute("data-pc-all"))));
    });
  }, true);
  // A box that stands for others is ticked when they are, and half ticked when some are.
  function standFor(box, others) {
    box.checked = others.every(function (other) { return other.checked; });
    box.indeterminate = !box.checked && others.some(function (other) { return other.checked; });
  }
  function boxes(form, name) { return form.querySelectorAll("input[type=checkbox][name=" + name + "]"); }
  // The bar above a list says how many rows are ticked and what they add up to.
  // Amounts come as whole numbers of 1/10,000, which are added as such.
  document.querySelectorAll("[data-pc-selection]").forEach(function (bar) {
    var form = bar.closest("form"), name = bar.getAttribute("data-pc-selection"), said = bar.querySelector("strong");
    var language = (bar.closest("[lang]") || document.documentElement).lang || "en";
    form.addEventListener("change", function (event) {
      if (event.target.type !== "checkbox") return;
      var everything = bar.querySelector("input[name=all]"), sums = {}, n = 0;
      if (everything && !event.target.checked) everything.remove();
      boxes(form, name).forEach(function (box) {
        var row = box.closest("tr");
        if (row) row.classList.toggle("pc-selected", box.checked);
        if (!box.checked || box.hasAttribute("data-pc-group")) return; // the boxes of a group count for it
        n++;
        var currency = box.getAttribute("data-pc-currency");
        if (currency) sums[currency] = (sums[currency] || 0) + Number(box.getAttribute("data-pc-units"));
      });
      if (bar.querySelector("input[name=all]")) return;
      var worth = Object.keys(sums).sort().map(function (currency) {
        return new Intl.NumberFormat(language, {style: "currency", currency: currency}).format(sums[currency] / 10000).replace("-", "−");
      });
      said.textContent = n ? bar.getAttribute("data-words").replace("%s", [n].concat(worth).join(" · ")) : "";
      bar.classList.remove("pc-unscripted");
      bar.hidden = n === 0;
    });
  });
  // A form with data-pc-carry takes along what was typed in the form of that id.
  document.addEventListener("submit", function (event) {
    var carried = document.getElementById(event.target.getAttribute("data-pc-carry") || "");
    if (carried) event.target.elements.keep.value = new URLSearchParams(new FormData(carried)).toString();
  });
  // An element with data-pc-live is renewed from that page while it is looked at,
  // for half an hour at most. What is open or being read is not taken away.
  document.querySelectorAll("[data-pc-live][id]").forEach(function (live) {
    var left = 600;
    var timer = setInterval(function () {
      if (--left === 0) clearInterval(timer);
      if (document.hidden || live.querySelector("details[open]") || live.contains(document.activeElement)) return;
      fetch(live.getAttribute("data-pc-live"), {credentials: "same-origin"}).then(function (answer) {
        return answer.ok ? answer.text() : "";
      }).then(function (html) {
        var now = new DOMParser().parseFromString(html, "text/html").getElementById(live.id);
        if (now && now.innerHTML !== live.innerHTML && !live.querySelector("details[open]")) live.innerHTML = now.innerHTML;
      }).catch(function () {});
    }, 3000);
  });
  // A button with data-pc-share shares the text of the element it names, where the device can.
  if (navigator.share) document.querySelectorAll("[data-pc-share]").forEach(function (button) { button.hidden = false; });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-pc-share]");
    if (!button) return;
    var source = document.getElementById(button.getAttribute("data-pc-share"));
    if (source) navigator.share({url: source.textContent}).catch(function () {});
  });
  // A form with data-pc-now and method get shows what it would answer while it is filled
  // in: of that page, the elements whose ids stand there.
  document.querySelectorAll("form[data-pc-now]").forEach(function (form) {
    var timer, asked = 0;
    function show(html) {
      var page = new DOMParser().parseFromString(html, "text/html");
      form.getAttribute("data-pc-now").split(" ").forEach(function (id) {
        var now = page.getElementById(id), old = document.getElementById(id);
        if (!now || !old) return;
        old.innerHTML = now.innerHTML;
        if (navigator.share) old.querySelectorAll("[data-pc-share]").forEach(function (button) { button.hidden = false; });
      });
      Array.prototype.forEach.call(form.elements, function (field) {
        var same = field.id && page.getElementById(field.id);
        if (!same) return;
        if (same.getAttribute("aria-invalid")) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
        if (field.tagName === "SELECT" && field !== document.activeElement) field.value = same.value;
      });
    }
    function ask() {
      var mine = ++asked, query = new URLSearchParams(new FormData(form));
      fetch(form.getAttribute("action") + "?" + query, {credentials: "same-origin"}).then(function (answer) {
        return answer.text();
      }).then(function (html) { if (mine === asked) show(html); }).catch(function () {});
    }
    form.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(ask, 250); });
    form.addEventListener("submit", function (event) { event.preventDefault(); clearTimeout(timer); ask(); });
  });
  // A form that came back: to the first field that has to be mended.
  var wrong = document.querySelector(".pc-problems") && document.querySelector(".partner-center [aria-invalid=true], .pc-admin [aria-invalid=true]");
  // Of a group that is marked as a whole, to its first field.
  if (wrong) (wrong.elements && Array.prototype.find.call(wrong.elements, function (field) { return field.type !== "hidden"; }) || wrong).focus();
})();
