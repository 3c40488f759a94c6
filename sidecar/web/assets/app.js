// Small helps for pages that work without them.
(function () {
  "use strict";
  // A button with data-pc-copy copies the text of the element it names.
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-pc-copy]");
    if (!button) return;
    var source = document.getElementById(button.getAttribute("data-pc-copy"));
    if (!source) return;
    copy(source.value !== undefined ? source.value : source.textContent).then(function (ok) {
      var said = button.textContent;
      button.textContent = ok ? "Copied" : "Press Ctrl+C";
      button.classList.toggle("pc-copied", ok);
      if (!ok) select(source);
      setTimeout(function () { button.textContent = said; button.classList.remove("pc-copied"); }, 2000);
    });
  });
  function copy(text) {
    if (navigator.clipboard && window.isSecureContext) {
      return navigator.clipboard.writeText(text).then(function () { return true; }, function () { return false; });
    }
    return Promise.resolve(false);
  }
  function select(element) {
    if (element.select) { element.select(); return; }
    var range = document.createRange();
    range.selectNodeContents(element);
    var selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }
  // A checkbox with data-pc-all ticks all others of its form.
  document.addEventListener("change", function (event) {
    var all = event.target.closest("[data-pc-all]");
    if (!all) return;
    all.form.querySelectorAll("input[type=checkbox][name=" + all.getAttribute("data-pc-all") + "]").forEach(function (box) { box.checked = all.checked; });
  });
})();
