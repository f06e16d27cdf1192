// Lists of fields (references, enclosures): one more row, one row fewer. Empty rows are ignored.
import { all, one } from './dom';

export function rows(root: ParentNode): void {
  for (const list of all(root, '[data-rows]')) {
    one<HTMLButtonElement>(list, '[data-row-add]')?.addEventListener('click', () => {
      const row = add(list);
      if (row) one<HTMLInputElement>(row, 'input')?.focus();
    });
    list.addEventListener('click', event => {
      const button = (event.target as HTMLElement).closest('[data-row-remove]');
      if (button) remove(list, button.closest<HTMLElement>('[data-row]'));
    });
  }
}

/** Shows these values, by the fields' names, in as many rows as they need. */
export function fillRows(list: HTMLElement, fields: Record<string, string[]>): void {
  const names = new Set(all<HTMLInputElement>(list, '[data-row] input').map(field => field.name));
  const wanted = Math.max(...[...names].map(name => fields[name]?.length ?? 0));
  while (all(list, '[data-row]').length < wanted && add(list));
  all(list, '[data-row]').forEach((row, n) => {
    for (const field of all<HTMLInputElement>(row, 'input')) field.value = fields[field.name]?.[n] ?? '';
  });
}

function add(list: HTMLElement): HTMLElement | null {
  const existing = all(list, '[data-row]');
  const last = existing.at(-1);
  if (!last) return null;
  const row = last.cloneNode(true) as HTMLElement;
  for (const field of all<HTMLInputElement>(row, 'input')) {
    field.value = '';
    field.id = `${field.name}-${existing.length + 1}`;
  }
  for (const label of all<HTMLLabelElement>(row, 'label')) {
    label.htmlFor = one<HTMLInputElement>(label.parentElement ?? row, 'input')?.id ?? '';
  }
  last.after(row);
  return row;
}

function remove(list: HTMLElement, row: HTMLElement | null): void {
  if (!row) return;
  if (all(list, '[data-row]').length === 1) {
    for (const field of all<HTMLInputElement>(row, 'input')) field.value = '';
  } else {
    row.remove();
  }
  list.dispatchEvent(new Event('input', { bubbles: true }));
  one<HTMLElement>(list, '[data-row-add]')?.focus();
}
