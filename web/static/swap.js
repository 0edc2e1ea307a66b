/* Fetch the same address and replace the results in place; the full page is always the fallback. */
(() => {
  let turn = 0;
  const swap = async (url, target, push, focus) => {
    const mine = ++turn, old = document.querySelector(target);
    if (!old) { location.href = url; return; }
    old.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(url, {headers: {Accept: 'text/html'}});
      if (!answer.ok) throw answer;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html'), fresh = page.querySelector(target);
      if (mine !== turn) return;
      if (!fresh) throw answer;
      old.replaceWith(fresh);
      document.title = page.title;
      if (push) history.pushState({swap: target}, '', url);
      const head = fresh.querySelector('h2');
      if (head) { head.tabIndex = -1; if (focus) head.focus(); }
      const say = document.querySelector('[data-swap-say]');
      if (say && head) say.textContent = head.textContent;
      document.dispatchEvent(new Event('swapped'));
    } catch { location.href = url; }
  };
  const address = form => form.action.split('?')[0] + '?' + new URLSearchParams([...new FormData(form)].filter(([, v]) => v !== ''));
  document.addEventListener('submit', e => {
    const target = e.target.dataset.swap;
    if (target) { e.preventDefault(); swap(address(e.target), target, true, true); }
  });
  document.addEventListener('change', e => {
    const form = e.target.form, target = form && form.dataset.swap;
    if (target) swap(address(form), target, true, false);
  });
  addEventListener('popstate', e => { if (e.state && e.state.swap) swap(location.href, e.state.swap, false, false); else if (document.querySelector('[data-swap]')) location.reload(); });
})();
