// Numbered paragraphs, as officials write them: ๑. then ๑.๑ then (๑). The numbers are words of the
// letter; these commands write them.
import { splitBlock } from 'prosemirror-commands';
import type { Node } from 'prosemirror-model';
import type { Command, EditorState, Transaction } from 'prosemirror-state';

const LEVELS = [/^([๐-๙0-9]+)\.\s+/, /^([๐-๙0-9]+\.[๐-๙0-9]+)\.?\s+/, /^\(([๐-๙0-9]+)\)\s+/];
const thai = (n: number): string => String(n).replace(/\d/g, digit => '๐๑๒๓๔๕๖๗๘๙'.charAt(Number(digit)));
const arabic = (text: string): number =>
  Number(text.replace(/[๐-๙]/g, digit => String('๐๑๒๓๔๕๖๗๘๙'.indexOf(digit))));

interface Item { pos: number; node: Node; level: number; length: number }

/** 0 to 2, or -1 for a paragraph without a number; `length` of what is written. */
function numberOf(text: string): { level: number; length: number } {
  for (let level = LEVELS.length - 1; level >= 0; level--) {
    const found = LEVELS[level]!.exec(text);
    if (found) return { level, length: found[0].length };
  }
  return { level: -1, length: 0 };
}

function items(doc: Node): Item[] {
  const found: Item[] = [];
  doc.forEach((node, pos) => {
    const number = node.type.name === 'paragraph' ? numberOf(node.textContent) : { level: -1, length: 0 };
    found.push({ pos, node, ...number });
  });
  return found;
}

/** The numbers of a block of items; the first keeps the number that it counts from. */
export function numbers(levels: number[], first: number): string[] {
  const counts = [first - 1, 0, 0];
  return levels.map(level => {
    counts[level]!++;
    for (let below = level + 1; below < counts.length; below++) counts[below] = 0;
    if (level === 0) return `${thai(counts[0]!)}. `;
    return level === 1 ? `${thai(Math.max(counts[0]!, 1))}.${thai(counts[1]!)} ` : `(${thai(counts[2]!)}) `;
  });
}

/** Writes the numbers of the block of items around `index` anew. */
function renumber(tr: Transaction, index: number): void {
  const all = items(tr.doc), begun = tr.steps.length;
  let start = index, end = index;
  while (start > 0 && all[start - 1]!.level >= 0) start--;
  while (end + 1 < all.length && all[end + 1]!.level >= 0) end++;
  const block = all.slice(start, end + 1).filter(item => item.level >= 0);
  const leader = block.find(item => item.level === 0);
  const first = leader ? arabic(LEVELS[0]!.exec(leader.node.textContent)![1]!) : 1;
  numbers(block.map(item => item.level), first).forEach((text, n) => {
    const { pos, node, length } = block[n]!;
    const at = tr.mapping.slice(begun).map(pos) + 1;
    if (node.textContent.slice(0, length) !== text) replaceNumber(tr, at, length, text);
  });
}

function replaceNumber(tr: Transaction, at: number, length: number, text: string): void {
  const before = tr.doc.textBetween(at, at + length);
  let same = 0; // what stays is not touched: the cursor keeps its place
  while (same < before.length && same < text.length && before[same] === text[same]) same++;
  tr.insertText(text.slice(same), at + same, at + length);
}

/** Indexes of the top-level blocks that the selection touches. */
function touched(state: EditorState): number[] {
  const from = state.selection.$from.index(0), to = state.selection.$to.index(0);
  return Array.from({ length: to - from + 1 }, (_one, n) => from + n)
    .filter(n => state.doc.maybeChild(n)?.type.name === 'paragraph');
}

function setLevels(choose: (level: number) => number): Command {
  return (state, dispatch) => {
    const chosen = touched(state);
    if (!chosen.length) return false;
    if (!dispatch) return true;
    const { tr } = state;
    for (const index of chosen) {
      const item = items(tr.doc)[index]!;
      const level = choose(item.level);
      const text = level < 0 ? '' : numbers([level], 1)[0]!;
      replaceNumber(tr, item.pos + 1, item.length, text);
      if (level >= 0) renumber(tr, index);
    }
    for (const index of [chosen[0]!, chosen[chosen.length - 1]! + 1]) {
      if ((items(tr.doc)[index]?.level ?? -1) >= 0) renumber(tr, index);
    }
    dispatch(tr.scrollIntoView());
    return true;
  };
}

export const toggleNumber: Command = (state, dispatch) => {
  const all = items(state.doc);
  const every = touched(state).every(index => all[index]!.level >= 0);
  return setLevels(() => (every ? -1 : 0))(state, dispatch);
};

export const deeper: Command = setLevels(level => Math.min(level + 1, LEVELS.length - 1));
export const shallower: Command = setLevels(level => Math.max(level - 1, -1));

/** Enter behind an item begins the next; on an empty item it ends the list. */
export const nextItem: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  const index = $from.index(0);
  const item = items(state.doc)[index];
  if (!empty || !item || item.level < 0 || $from.depth !== 1 || $from.parentOffset < item.length) return false;
  if (!dispatch) return true;
  if (item.node.content.size === item.length) {
    dispatch(state.tr.delete(item.pos + 1, item.pos + 1 + item.length));
    return true;
  }
  splitBlock(state, tr => {
    tr.insertText(numbers([item.level], 1)[0]!, tr.selection.from);
    renumber(tr, index + 1);
    dispatch(tr.scrollIntoView());
  });
  return true;
};
