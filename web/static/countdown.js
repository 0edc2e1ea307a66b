/* Tick the served countdown by the server's clock: its time plus what has passed here, never the device's own clock. */
(() => {
  const zero = n => String(n).padStart(2, '0');
  document.querySelectorAll('[data-closes]').forEach(box => {
    const $ = key => box.querySelector(`[data-${key}]`), set = (key, text) => { const e = $(key); if (e && e.textContent !== text) e.textContent = text; };
    const title = document.title, d = box.dataset;
    let base = +d.now, mark = performance.now(), said = Infinity, skew = false;
    const now = () => base + performance.now() - mark;
    const tick = () => {
      const left = Math.max(0, Math.ceil((d.closes - now()) / 1000));
      const h = Math.floor(left / 3600), m = zero(Math.floor(left / 60) % 60), s = zero(left % 60);
      set('d', String(Math.floor(h / 24))); set('h', zero(h % 24)); set('m', m); set('s', s);
      set('clock', new Date(now() + 288e5).toISOString().slice(11, 19));
      document.title = (left ? `${h}:${m}:${s} ` : d.closed + ' ') + title;
      for (const [at, text] of [[0, d.closed], [300, d.five], [3600, d.hour]])
        if (left <= at && said > at) { if (said < Infinity || !at) set('say', text); said = at; break; }
      if (said === Infinity) said = 1e9;
      if (left) setTimeout(tick, 1000 - now() % 1000);
    };
    const read = async () => {
      const date = (await fetch(location.href, {method: 'HEAD', cache: 'no-store'})).headers.get('Date');
      if (date) { base = Date.parse(date) + 500; mark = performance.now(); }
      if (!skew && Math.abs(Date.now() - now()) > 3e4) { skew = true; $('clock').after(' ' + d.skew); }
    };
    tick();
    setInterval(() => read().catch(() => {}), 3e5);
    document.addEventListener('visibilitychange', () => document.hidden || read().catch(() => {}));
    if (Math.abs(Date.now() - base) > 3e4) read().catch(() => {});
  });
})();
