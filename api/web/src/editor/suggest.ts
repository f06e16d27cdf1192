// Proposing instead of changing: what is typed then is shown as written in and struck out, and goes
// to the draft's remarks as proposals. The text area, and so the draft, stays as it was.
import type { Node } from 'prosemirror-model';
import { type EditorState, Plugin, PluginKey, type Transaction } from 'prosemirror-state';
import { Decoration, DecorationSet, type EditorView } from 'prosemirror-view';
import { type Change, changes, proposal, same } from './changes';

/** The paragraphs as they were when proposing began; null: the draft itself is written in. */
type Before = string[] | null;

const key = new PluginKey<Before>('suggesting');
export const suggests = (state: EditorState): boolean => key.getState(state) !== null;

export function suggesting(): Plugin<Before> {
  return new Plugin<Before>({
    key,
    state: {
      init: () => null,
      apply: (tr, before) => (tr.getMeta(key) === undefined ? before : tr.getMeta(key) as Before),
    },
    // proposals are words of paragraphs: tables, bold and underline are changed in the draft itself
    filterTransaction: (tr, state) => !tr.docChanged || !suggests(state) || tr.getMeta(key) !== undefined || wordsAlone(tr, state),
    props: { decorations: state => shown(state.doc, key.getState(state) ?? null) },
  });
}

function wordsAlone(tr: Transaction, state: EditorState): boolean {
  const rest = (doc: Node) => JSON.stringify(doc.children.filter(one => one.type.name !== 'paragraph').map(one => one.toJSON() as unknown));
  const other = tr.doc.textContent !== state.doc.textContent || tr.doc.childCount !== state.doc.childCount;
  return other && rest(tr.doc) === rest(state.doc);
}

interface Block { text: string; at: number; end: number }

/** As they are kept: without empty ones, without spaces at the ends. */
function blocks(doc: Node): Block[] {
  const found: Block[] = [];
  doc.forEach((node, offset) => {
    const whole = node.textContent;
    if (node.type.name !== 'paragraph' || !whole.trim()) return;
    const at = offset + 1 + whole.length - whole.trimStart().length;
    found.push({ text: whole.trim(), at, end: offset + 1 + node.content.size });
  });
  return found;
}

const paragraphs = (doc: Node): string[] => blocks(doc).map(one => one.text);

function shown(doc: Node, before: Before): DecorationSet | null {
  if (!before) return null;
  const after = blocks(doc);
  const found = changes(before, after.map(one => one.text)).flatMap(change => (
    change.now ? within(after, change.at, change) : [struck(after[change.at]?.at ?? doc.content.size, change.was)]
  ));
  return DecorationSet.create(doc, found);
}

function within(after: Block[], at: number, change: Change): Decoration[] {
  const lines = change.now.split('\n');
  const of = lines.findIndex(line => line === change.was);
  if (of >= 0) return lines.flatMap((line, n) => (n === of || !after[at + n] ? [] : [added(after[at + n]!, 0, line.length)]));
  const block = after[at]!;
  const { head, tail } = same(change.was, lines[0]!);
  const was = [...change.was], now = [...lines[0]!];
  const units = (letters: string[]) => letters.join('').length;
  const start = units(now.slice(0, head)), end = units(now.slice(0, now.length - tail));
  const gone = was.slice(head, was.length - tail).join('');
  return [
    ...(gone ? [struck(block.at + start, gone)] : []),
    ...(end > start ? [added(block, start, end)] : []),
    ...lines.slice(1).flatMap((line, n) => (after[at + n + 1] ? [added(after[at + n + 1]!, 0, line.length)] : [])),
  ];
}

const added = (block: Block, from: number, to: number) => Decoration.inline(block.at + from, block.at + to, { nodeName: 'ins' });

function struck(pos: number, text: string): Decoration {
  return Decoration.widget(pos, () => {
    const del = document.createElement('del');
    del.textContent = text;
    return del;
  }, { side: -1, ignoreSelection: true, key: `del ${text}` });
}

/**
 * The button that begins it, and the bar that sends or drops what was proposed. Where the page has no
 * such button its reader may not change the draft (templates/propose.html): there is nothing else
 * than proposing, and what they had tried to save begins as proposals.
 */
export function suggestBar(field: HTMLElement, view: EditorView, replace: (text: string) => void): void {
  const bar = field.querySelector<HTMLElement>('[data-suggest-bar]');
  if (!bar) return;
  const area = field.querySelector('textarea')!;
  const button = field.querySelector<HTMLElement>('[data-suggest]');
  const said = bar.querySelector<HTMLElement>('[data-suggest-said]')!;
  const sent = new Set<string>();
  const turn = (before: Before) => {
    view.dispatch(view.state.tr.setMeta(key, before));
    bar.hidden = !before;
    button?.setAttribute('aria-pressed', String(!!before));
    said.textContent = '';
  };
  const begin = () => turn(paragraphs(view.state.doc));
  const found = () => changes(key.getState(view.state) ?? [], paragraphs(view.state.doc)).map(proposal);
  const drop = () => {
    turn(null);
    replace(area.value);
    if (!button) begin();
    view.focus();
  };
  button?.addEventListener('click', () => {
    if (suggests(view.state)) { drop(); return; }
    begin();
    view.focus();
  });
  bar.querySelector('[data-suggest-drop]')!.addEventListener('click', drop);
  bar.querySelector('[data-suggest-send]')!.addEventListener('click', () => void send());
  let left = false;
  if (!button) {
    const before = paragraphs(view.state.doc);
    const typed = document.querySelector<HTMLTextAreaElement>('[data-proposing]');
    if (typed) replace(typed.value);
    turn(before);
    // nothing keeps what was not sent: the browser asks before it goes
    window.addEventListener('beforeunload', event => { if (!left && found().length) event.preventDefault(); });
  }

  async function send(): Promise<void> {
    const all = found();
    if (!all.length) { said.textContent = said.dataset.none ?? ''; return; }
    said.textContent = said.dataset.sending ?? '';
    try {
      if (button && !await savedNow(field)) { said.textContent = said.dataset.unsaved ?? ''; return; }
      for (const one of all) {
        const body = JSON.stringify(one);
        if (sent.has(body)) continue;
        const answer = await fetch(bar!.dataset.suggestBar!, {
          method: 'POST', body, headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': token(field) },
        });
        if (!answer.ok) { said.textContent = said.dataset.refused ?? ''; return; }
        sent.add(body);
      }
      left = true;
      show(bar!.dataset.suggestPage);
    } catch {
      said.textContent = said.dataset.offline ?? '';
    }
  }
}

/** The page anew, with what was sent; one that answered a form is not sent again. */
function show(page: string | undefined): void {
  if (page && location.pathname !== page) { location.assign(`${page}#remarks`); return; }
  location.hash = 'remarks';
  location.reload();
}

const token = (field: HTMLElement) => field.closest('form')!.querySelector<HTMLInputElement>('[name=csrf_token]')!.value;

/** Whether the server has all that is typed in the draft itself (islands/autosave.ts). */
export function savedNow(field: HTMLElement): Promise<boolean> {
  return new Promise(done => {
    field.closest('form')!.dispatchEvent(new CustomEvent('saraban:save', { detail: done }));
  });
}
