/* Keep what is typed: to the server every 20 s and after a change; on this device when the line is down. */
document.querySelectorAll('form[data-draft-url]').forEach(form => {
  const key = 'draft:' + form.dataset.draftUrl, note = document.querySelector('[data-draft-status]');
  const say = text => { if (note) note.textContent = text + ' ' + new Date().toTimeString().slice(0, 5); };
  const kept = () => [...form.elements].filter(e => e.name && e.name !== 'csrf_token' && !/^(password|file|hidden|submit)$/.test(e.type));
  const ticks = e => e.type === 'checkbox' || e.type === 'radio';
  let dirty = false, wait;
  const save = async () => {
    clearTimeout(wait);
    if (!dirty) return;
    dirty = false;
    const data = new FormData(form);
    [...form.elements].forEach(e => { if (/^(password|file)$/.test(e.type)) data.delete(e.name); });
    try {
      const answer = await fetch(form.dataset.draftUrl, {method: 'POST', body: data, redirect: 'error'});
      if (!answer.ok) throw answer;
      localStorage.removeItem(key); say(form.dataset.saved);
    } catch {
      dirty = true;
      try { localStorage.setItem(key, JSON.stringify(kept().map(e => ticks(e) ? e.checked : e.value))); say(form.dataset.kept); } catch { /* storage is full or shut */ }
    }
  };
  try {
    const old = JSON.parse(localStorage.getItem(key)), now = kept();
    if (old && old.length === now.length) {
      now.forEach((e, i) => { if (ticks(e)) e.checked = old[i]; else e.value = old[i]; });
      dirty = true; say(form.dataset.restored);
    }
  } catch { /* nothing kept */ }
  const touch = () => { dirty = true; clearTimeout(wait); wait = setTimeout(save, 2000); };
  form.addEventListener('input', () => { dirty = true; });
  form.addEventListener('change', touch);
  form.addEventListener('submit', () => { clearTimeout(wait); dirty = false; localStorage.removeItem(key); });
  setInterval(save, 20000);
});
