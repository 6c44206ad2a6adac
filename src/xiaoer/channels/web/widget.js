/**
 * Puts the shop's chat on a page with one script tag:
 *
 *   <script src="/widget.js" data-language="auto" data-title="…" data-base="/" defer></script>
 *
 * `window.Xiaoer` is there at once; what is called before the widget has loaded is done when it has.
 */
(() => {
  if (window.Xiaoer) return;
  const script = document.currentScript;
  const base = new URL(`${script.dataset.base ?? "."}/`.replace(/\/+$/, "/"), script.src);
  const widget = import(new URL("web/widget/main.js", base)).then(({ start }) => start(script, base));
  const later =
    (method) =>
    (...values) =>
      widget.then((loaded) => loaded[method](...values));
  window.Xiaoer = Object.freeze({
    open: later("open"),
    close: later("close"),
    send: later("send"),
    signIn: later("signIn"),
    signOut: later("signOut"),
  });
  window.addEventListener("xiaoer:visitor-token", ({ detail }) => {
    if (detail?.token) window.Xiaoer.signIn(detail.token);
    else window.Xiaoer.signOut();
  });
})();
