// What a field offers is asked of the server while somebody types; rows that come later too.
import { one } from './dom';

const PAUSE = 250;

export function offers(root: ParentNode): void {
  let timer = 0;
  root.addEventListener('input', event => {
    const field = event.target as HTMLInputElement;
    if (!field.matches('input[data-offers]')) return;
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask(field), PAUSE);
  });
}

async function ask(field: HTMLInputElement): Promise<void> {
  const list = one(document, `#${field.getAttribute('list') ?? ''}`);
  if (!list || !field.value.trim() || [...list.children].some(option => option.getAttribute('value') === field.value)) return;
  try {
    const answer = await fetch(`${field.dataset.offers}?${new URLSearchParams({ q: field.value })}`);
    if (answer.ok && !answer.redirected) list.innerHTML = await answer.text();
  } catch { /* nothing is offered: anything may be typed */ }
}
