function (link, src, alt, label) {
  var seen = "pc-lightbox " + src;
  try { if (sessionStorage.getItem(seen)) return; sessionStorage.setItem(seen, "1"); } catch (e) {}
  function make(tag, style, parent) {
    var el = document.createElement(tag);
    el.style.cssText = style;
    if (parent) parent.appendChild(el);
    return el;
  }
  function open() {
    var before = document.activeElement, rtl = getComputedStyle(document.documentElement).direction === "rtl";
    var box = make("div", "position:fixed;top:0;left:0;width:100%;height:100%;margin:0;z-index:2147483000;background:rgba(0,0,0,.7);display:flex;align-items:center;justify-content:center");
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-modal", "true");
    box.setAttribute("aria-label", alt);
    var frame = make("div", "position:relative;max-width:90%;max-height:90%", box);
    var a = make("a", "display:block", frame);
    a.href = link;
    var img = make("img", "display:block;width:auto;height:auto;max-width:100%;max-height:90vh;border:0;margin:0", a);
    img.src = src;
    img.alt = alt;
    var x = make("button", "position:absolute;top:8px;width:44px;height:44px;margin:0;padding:0;border:0;border-radius:22px;background:#fff;color:#000;font-size:24px;line-height:44px;cursor:pointer", frame);
    x.style[rtl ? "left" : "right"] = "8px";
    x.type = "button";
    x.textContent = "\u00d7";
    x.setAttribute("aria-label", label);
    function close() {
      document.removeEventListener("keydown", key, true);
      document.body.removeChild(box);
      if (before && before.focus) before.focus();
    }
    function key(e) {
      if (e.key === "Escape") { close(); return; }
      if (e.key === "Tab") { e.preventDefault(); (document.activeElement === x ? a : x).focus(); }
    }
    x.onclick = close;
    box.onclick = function (e) { if (e.target === box) close(); };
    document.addEventListener("keydown", key, true);
    document.body.appendChild(box);
    x.focus();
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", open); else open();
}
