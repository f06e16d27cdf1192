// The bar for many tasks at once appears with the first selected row and counts them.
import { all, one } from './dom';

export function bulk(root: ParentNode): void {
  const form = one<HTMLFormElement>(root, 'form[data-bulk]');
  const bar = form && one(form, '.bulk');
  if (!form || !bar) return;
  const boxes = () => all<HTMLInputElement>(form, '.rowcheck input');
  const count = one(bar, '[data-bulk-count]');
  const update = () => {
    const chosen = boxes().filter(box => box.checked).length;
    bar.hidden = chosen === 0;
    if (count) count.textContent = (count.dataset.bulkCount ?? '{n}').replace('{n}', String(chosen));
  };
  form.addEventListener('change', update);
  one(bar, '[data-bulk-clear]')?.addEventListener('click', () => {
    for (const box of boxes()) box.checked = false;
    update();
    boxes()[0]?.focus();
  });
  update();
}
