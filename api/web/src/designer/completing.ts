// Names for formulas: what the process and its forms are known to hold, and FEEL's own functions.
import type { Formulas } from './config';
import { el } from './fields';

export const known: Formulas & { variables: string[] } = { variables: [], functions: {} };

const WORD = /[\p{L}_][\p{L}\p{M}\p{N}_ ]*$/u;
const MOST = 8;
/** Functions are offered once somebody types one, variables at once. */
const LEAST = 2;

type Input = HTMLInputElement | HTMLTextAreaElement;

function begun(input: Input): string {
  const before = input.value.slice(0, input.selectionStart ?? input.value.length);
  if ((before.match(/"/g)?.length ?? 0) % 2) return '"'; // inside a text nothing is named
  return WORD.exec(before)?.[0].trimStart() ?? '';
}

/** What begins as the last word, or the last words, do. */
function fitting(word: string): [name: string, typed: string][] {
  const words = word.split(' ');
  for (let at = 0; at < words.length; at += 1) {
    const typed = words.slice(at).join(' ');
    const functions = typed.length < LEAST ? [] : Object.keys(known.functions).map(one => `${one}()`);
    const found = [...known.variables, ...functions].filter(one => one.startsWith(typed) && one !== typed);
    if (found.length) return found.slice(0, MOST).map(one => [one, typed]);
  }
  return [];
}

function put(input: Input, name: string, typed: string): void {
  const at = input.selectionStart ?? input.value.length;
  input.setRangeText(name, at - typed.length, at, 'end');
  if (name.endsWith('()')) input.selectionStart = input.selectionEnd = at - typed.length + name.length - 1;
  input.focus();
}

/** Buttons behind the field, for pointer and Tab alike, while one writes in it. */
export function completes(input: Input, label: string): HTMLElement {
  const offers = el('div', { class: 'btns offers', role: 'group', 'aria-label': label, hidden: '' });
  let held = false;
  const show = () => {
    const found = fitting(begun(input));
    offers.replaceChildren(...found.map(([name, typed]) => {
      const button = el('button', { type: 'button', class: 'btn btn--sm' }, el('code', {}, name));
      // The field is left only once the name is in it: leaving it keeps the value.
      button.addEventListener('mousedown', event => { held = true; event.preventDefault(); });
      button.addEventListener('click', () => {
        held = false;
        put(input, name, typed);
        show();
      });
      return button;
    }));
    offers.hidden = !found.length;
  };
  for (const event of ['input', 'focus', 'click', 'keyup']) input.addEventListener(event, show);
  input.addEventListener('blur', event => {
    if (!held && !offers.contains((event as FocusEvent).relatedTarget as Node | null)) offers.hidden = true;
  });
  return offers;
}
