// The words of which somebody remarked, marked while they are written in.
import type { Node } from 'prosemirror-model';
import { Plugin } from 'prosemirror-state';
import { Decoration, DecorationSet } from 'prosemirror-view';

interface Marked { id: string; paragraph: number; start: number; end: number }

export function marked(): Plugin {
  return new Plugin({
    state: {
      init: (_config, state) => DecorationSet.create(state.doc, read().flatMap(one => decoration(state.doc, one))),
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
  }));
}

/** Paragraphs are counted as they are kept: empty ones and tables are none. */
function decoration(doc: Node, one: Marked): Decoration[] {
  let left = one.paragraph;
  const found: Decoration[] = [];
  doc.forEach((node, offset) => {
    if (node.type.name !== 'paragraph' || !node.textContent.trim()) return;
    if (left-- !== 0) return;
    const at = (letter: number) => offset + 1 + [...node.textContent].slice(0, letter).join('').length;
    found.push(Decoration.inline(at(one.start), at(one.end), { class: 'remarked-words' }));
  });
  return found;
}
