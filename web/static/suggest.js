/* Offer names while typing, in the browser's own list; without it the box works as it is. */
(() => {
  for (const box of document.querySelectorAll('input[data-suggest]')) {
    const list = document.getElementById(box.getAttribute('list'));
    let waiting = 0, last = '';
    const ask = async () => {
      const typed = box.value.trim();
      if (typed === last || !typed) return;
      last = typed;
      try {
        const answer = await fetch(box.dataset.suggest + '?q=' + encodeURIComponent(typed), {headers: {Accept: 'application/json'}});
        if (!answer.ok || box.value.trim() !== typed) return;
        list.replaceChildren(...(await answer.json()).items.map(one => {
          const option = document.createElement('option');
          option.value = one.title;
          option.label = one.kind;
          return option;
        }));
      } catch { /* the box works without suggestions */ }
    };
    box.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(ask, 150); });
  }
})();
