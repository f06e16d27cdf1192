// Puts the editor in the place of the text area, and keeps the text area filled.
import type { Node } from 'prosemirror-model';
import { EditorState } from 'prosemirror-state';
import { isInTable, selectedRect } from 'prosemirror-tables';
import { EditorView } from 'prosemirror-view';
import { acts, caption, plugins } from './acts';
import { marked } from './marked';
import { docOf, schema, textOf } from './schema';
import { suggestBar, suggesting, suggests } from './suggest';

export function mount(field: HTMLElement): EditorView {
  const area = field.querySelector('textarea')!;
  const bar = field.querySelector<HTMLElement>('[data-body-bar]')!;
  const view = new EditorView(field.querySelector('[data-body-page]')!, {
    state: EditorState.create({ doc: docOf(area.value), plugins: [...plugins(), marked(field), suggesting()] }),
    attributes: () => described(area),
    // a style attribute would be refused by the page's policy, and says nothing here
    transformPastedHTML: html => html.replace(/\sstyle\s*=\s*("[^"]*"|'[^']*')/gi, ''),
    dispatchTransaction(tr) {
      view.updateState(view.state.apply(tr));
      if (tr.docChanged && !tr.getMeta(FROM_AREA) && !suggests(view.state)) put(area, textOf(view.state.doc));
      show(bar, view);
    },
  });
  takeOver(field, area, view);
  listen(bar, view);
  suggestBar(field, view, text => replace(view, docOf(text)));
  show(bar, view);
  return view;
}

/** How many letters of the text stand before the caret, spaces left out; null where nobody writes. */
export function lettersBefore(view: EditorView): number | null {
  if (!view.hasFocus()) return null;
  return view.state.doc.textBetween(0, view.state.selection.head).replace(/\s/g, '').length;
}

const FROM_AREA = 'from the text area';

/** The text area's name, hint and error are the editor's now. */
function described(area: HTMLTextAreaElement): Record<string, string> {
  const found: Record<string, string> = {
    role: 'textbox', 'aria-multiline': 'true', 'aria-labelledby': 'paragraphs-label', spellcheck: 'false', id: 'paragraphs',
    'aria-required': 'true',
  };
  for (const name of ['aria-invalid', 'aria-describedby']) {
    const value = area.getAttribute(name);
    if (value) found[name] = value;
  }
  return found;
}

function takeOver(field: HTMLElement, area: HTMLTextAreaElement, view: EditorView): void {
  area.id = 'paragraphs-text';
  area.hidden = true;
  area.required = false; // a hidden field cannot be pointed at by the browser: the server says it
  for (const one of field.querySelectorAll<HTMLElement>('[data-body-part]')) one.hidden = false;
  document.getElementById('paragraphs-label')?.addEventListener('click', () => view.focus());
  // whoever changes the text area says so by a change event: the cursor stays where it can
  area.addEventListener('change', () => { if (!suggests(view.state)) replace(view, docOf(area.value)); });
}

function put(area: HTMLTextAreaElement, text: string): void {
  if (area.value === text) return;
  area.value = text;
  area.dispatchEvent(new Event('input', { bubbles: true }));
}

/** Only what differs is exchanged. */
function replace(view: EditorView, doc: Node): void {
  const present = view.state.doc;
  const start = present.content.findDiffStart(doc.content);
  if (start === null) return;
  const end = present.content.findDiffEnd(doc.content)!;
  const overlap = Math.max(0, start - Math.min(end.a, end.b));
  const slice = doc.slice(start, end.b + overlap);
  view.dispatch(view.state.tr.replace(start, end.a + overlap, slice).setMeta(FROM_AREA, true));
}

function listen(bar: HTMLElement, view: EditorView): void {
  bar.addEventListener('mousedown', event => {
    if ((event.target as Element).closest('button')) event.preventDefault(); // the selection stays
  });
  bar.addEventListener('click', event => {
    const name = (event.target as Element).closest<HTMLElement>('[data-act]')?.dataset.act;
    if (!name) return;
    acts[name]?.(view.state, view.dispatch);
    view.focus();
  });
  const title = bar.querySelector<HTMLInputElement>('[data-caption]');
  title?.addEventListener('input', event => {
    event.stopPropagation();
    caption(title.value)(view.state, view.dispatch);
  });
}

/** Which buttons are pressed or possible, and the table's part only in a table. */
function show(bar: HTMLElement, view: EditorView): void {
  const { state } = view;
  for (const button of bar.querySelectorAll<HTMLButtonElement>('[data-act]')) {
    const name = button.dataset.act!;
    if (name in schema.marks) button.setAttribute('aria-pressed', String(bears(state, name)));
    else button.setAttribute('aria-disabled', String(!acts[name]?.(state)));
  }
  const inTable = isInTable(state);
  bar.querySelector<HTMLElement>('[data-table-bar]')!.hidden = !inTable;
  const title = bar.querySelector<HTMLInputElement>('[data-caption]')!;
  if (inTable && document.activeElement !== title) title.value = String(selectedRect(state).table.attrs.caption);
}

function bears(state: EditorState, name: string): boolean {
  const { from, $from, to, empty } = state.selection;
  const type = schema.marks[name]!;
  if (empty) return Boolean(type.isInSet(state.storedMarks ?? $from.marks()));
  return state.doc.rangeHasMark(from, to, type);
}
