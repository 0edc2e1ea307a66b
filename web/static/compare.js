/* Make the compare tray stick once something is ticked, name what is in it, and stop at its limit. */
(() => {
  const tray = document.getElementById('compare');
  if (!tray) return;
  const names = tray.querySelector('[data-names]'), hint = names.textContent;
  const boxes = () => [...document.querySelectorAll('input[type=checkbox][form=compare]')];
  const show = () => {
    const on = boxes().filter(b => b.checked), most = +tray.dataset.most;
    tray.classList.toggle('on', on.length > 0);
    tray.classList.toggle('off', on.length === 0);
    names.textContent = on.length ? `${on.length} / ${most}  ${on.map(b => b.dataset.name).join('、')}` : hint;
    boxes().forEach(b => { b.disabled = !b.checked && on.length >= most; });
    tray.querySelector('button').disabled = on.length < 2;
  };
  document.addEventListener('change', e => e.target.form === tray && show());
  document.addEventListener('swapped', show);
  show();
})();
