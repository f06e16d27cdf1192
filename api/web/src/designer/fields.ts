// Fields of the panel as plain DOM, in the look of all other forms.
import { completes } from './completing';
import type { Choice } from './config';

type Child = Node | string | null | undefined | false;

export function el<K extends keyof HTMLElementTagNameMap>(tag: K, attrs: Record<string, string | undefined> = {},
  ...children: Child[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attrs)) if (value !== undefined) made.setAttribute(name, value);
  made.append(...children.filter((one): one is Node | string => one !== null && one !== undefined && one !== false));
  return made;
}

export interface Text {
  id: string;
  label: string;
  value: unknown;
  put(value: string): void;
  hint?: string;
  /** Offered while one types. */
  offers?: Choice[];
  area?: boolean;
  /** FEEL, or another text for machines. */
  code?: boolean;
  /** Why it cannot be so; empty where it can. */
  check?(value: string): string;
}

function offered(id: string, offers: Choice[]): HTMLDataListElement {
  return el('datalist', { id }, ...offers.map(([value, label]) => el('option', { value }, label)));
}

export function text(field: Text): HTMLElement {
  const id = `p-${field.id}`;
  const value = field.value === undefined || field.value === null ? '' : String(field.value);
  const attrs = {
    id, autocomplete: 'off', spellcheck: field.code ? 'false' : undefined,
    'aria-describedby': field.hint ? `${id}-h` : undefined,
  };
  const input = field.area
    ? el('textarea', { ...attrs, class: field.code ? 'ta ta--code' : 'ta', rows: '2' })
    : el('input', { ...attrs, class: field.code ? 'in in--code' : 'in', list: field.offers?.length ? `${id}-l` : undefined });
  input.value = value;
  const error = el('p', { class: 'err', id: `${id}-e`, hidden: '' });
  input.addEventListener('change', () => {
    const wrong = field.check?.(input.value) ?? '';
    error.textContent = wrong;
    error.hidden = !wrong;
    input.toggleAttribute('aria-invalid', Boolean(wrong));
    if (!wrong) field.put(input.value);
  });
  return el('div', { class: 'field' }, el('label', { for: id }, field.label), input,
    field.code && !field.offers ? completes(input, field.label) : null,
    field.hint && el('p', { class: 'hint', id: `${id}-h` }, field.hint), error,
    field.offers?.length && !field.area ? offered(`${id}-l`, field.offers) : null);
}

export interface Select { id: string; label: string; value: unknown; options: Choice[]; put(value: string): void; hint?: string }

export function select(field: Select): HTMLElement {
  const id = `p-${field.id}`;
  const value = String(field.value ?? '');
  const known = field.options.some(([one]) => one === value);
  const options: Choice[] = known ? field.options : [...field.options, [value, value]];
  const made = el('select', { id, class: 'sel' },
    ...options.map(([one, label]) => el('option', { value: one }, label)));
  made.value = value;
  made.addEventListener('change', () => field.put(made.value));
  return el('div', { class: 'field' }, el('label', { for: id }, field.label), made,
    field.hint && el('p', { class: 'hint' }, field.hint));
}

export interface Check { id: string; label: string; value: boolean; put(value: boolean): void }

export function check(field: Check): HTMLElement {
  const input = el('input', { id: `p-${field.id}`, type: 'checkbox', role: 'switch' });
  input.checked = field.value;
  input.addEventListener('change', () => field.put(input.checked));
  return el('label', { class: 'switch' }, input, el('span', {}, field.label));
}

export function button(id: string, label: string, press: () => void, look = ''): HTMLButtonElement {
  const made = el('button', { id: `p-${id}`, type: 'button', class: `btn btn--sm ${look}` }, label);
  made.addEventListener('click', press);
  return made;
}

/** One row of a list with the button that takes it away. */
export function row(id: string, legend: string, removal: string, remove: () => void, ...fields: HTMLElement[]): HTMLElement {
  return el('fieldset', { class: 'prow' }, el('legend', { class: 'vh' }, legend), ...fields,
    button(`${id}-x`, removal, remove));
}
