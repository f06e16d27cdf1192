// A box that stands for all others of its form: ticks or clears them, and shows whether all are.
import { all } from './dom';

export function checkAll(root: ParentNode): void {
  for (const head of all<HTMLInputElement>(root, 'input[data-check-all]')) {
    const { form } = head;
    if (!form) continue;
    const boxes = all<HTMLInputElement>(form, `input[type=checkbox][name="${head.dataset.checkAll}"]`);
    const show = () => {
      const ticked = boxes.filter(box => box.checked).length;
      head.checked = ticked === boxes.length;
      head.indeterminate = ticked > 0 && !head.checked;
    };
    head.addEventListener('change', () => {
      for (const box of boxes) box.checked = head.checked;
    });
    form.addEventListener('change', show);
    show();
  }
}
