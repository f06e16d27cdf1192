// Show and hide a password or PIN; the button says what it will do.
import { all, one } from './dom';

export function reveal(root: ParentNode): void {
  for (const button of all<HTMLButtonElement>(root, 'button[data-reveal]')) {
    const field = document.getElementById(button.dataset.reveal ?? '') as HTMLInputElement | null;
    const label = one(button, 'span');
    if (!field || !label) continue;
    const words = [button.dataset.show ?? '', button.dataset.hide ?? ''];
    button.addEventListener('click', () => {
      const hidden = field.type === 'password';
      field.type = hidden ? 'text' : 'password';
      label.textContent = words[hidden ? 1 : 0] ?? '';
      button.setAttribute('aria-pressed', String(hidden));
    });
  }
}
