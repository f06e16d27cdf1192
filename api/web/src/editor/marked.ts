// The words of which somebody remarked, marked while they are written in; what was proposed for them
// stands there too, with who proposed it, to be used or not.
import type { Node } from 'prosemirror-model';
import { Plugin } from 'prosemirror-state';
import { Decoration, DecorationSet } from 'prosemirror-view';
import { same } from './changes';
import { savedNow } from './suggest';

/** `proposed` undefined: a remark that proposes no other words. */
interface Marked { id: string; paragraph: number; start: number; end: number; proposed?: string; who: string }

export function marked(field: HTMLElement): Plugin {
  return new Plugin({
    state: {
      init: (_config, state) => DecorationSet.create(state.doc, read().flatMap(one => decoration(field, state.doc, one))),
      apply: (tr, marks) => marks.map(tr.mapping, tr.doc),
    },
    props: {
      decorations(state) { return this.getState(state) as DecorationSet; },
    },
  });
}

function read(): Marked[] {
  return [...document.querySelectorAll<HTMLElement>('[data-marked]')].map(one => ({
    id: one.dataset.marked!, paragraph: Number(one.dataset.paragraph), start: Number(one.dataset.start), end: Number(one.dataset.end),
    proposed: one.dataset.proposed, who: one.dataset.who ?? '',
  }));
}

/** Paragraphs are counted as they are kept: empty ones and tables are none. */
function decoration(field: HTMLElement, doc: Node, one: Marked): Decoration[] {
  let left = one.paragraph;
  const found: Decoration[] = [];
  doc.forEach((node, offset) => {
    if (node.type.name !== 'paragraph' || !node.textContent.trim()) return;
    if (left-- !== 0) return;
    const letters = [...node.textContent];
    const at = (letter: number) => offset + 1 + letters.slice(0, letter).join('').length;
    if (one.proposed === undefined) {
      found.push(Decoration.inline(at(one.start), at(one.end), { class: 'remarked-words' }));
      return;
    }
    const { head, tail } = same(letters.slice(one.start, one.end).join(''), one.proposed);
    const from = at(one.start + head), to = at(one.end - tail);
    if (to > from) found.push(Decoration.inline(from, to, { nodeName: 'del' }));
    const written = [...one.proposed].slice(head, [...one.proposed].length - tail).join('');
    found.push(Decoration.widget(to, () => proposed(field, one, written), {
      side: 1, ignoreSelection: true, key: one.id, stopEvent: () => true,
    }));
  });
  return found;
}

function proposed(field: HTMLElement, one: Marked, written: string): HTMLElement {
  const shown = document.createElement('span');
  shown.className = 'proposed';
  shown.contentEditable = 'false';
  const ins = document.createElement('ins');
  ins.textContent = written;
  const who = document.createElement('span');
  who.className = 'proposed__who';
  who.textContent = one.who;
  const template = field.querySelector<HTMLTemplateElement>('template[data-proposed-acts]')!;
  const acts = template.content.cloneNode(true) as DocumentFragment;
  for (const button of acts.querySelectorAll<HTMLElement>('[data-settle]')) {
    button.addEventListener('click', () => void settle(field, one.id, button.dataset.settle!));
  }
  shown.append(...(written ? [ins] : []), who, acts);
  return shown;
}

/** By the form of the same button beside the text, once the server has what was typed. */
async function settle(field: HTMLElement, id: string, verdict: string): Promise<void> {
  const form = document.querySelector<HTMLInputElement>(`#remark-${CSS.escape(id)} form input[name=verdict][value=${verdict}]`)?.form;
  if (form && await savedNow(field)) form.requestSubmit();
}
