(function () {
  var own = document.currentScript.dataset;
  (LIGHTBOX)(own.link, own.image, own.alt || "", own.close || "");
})();
