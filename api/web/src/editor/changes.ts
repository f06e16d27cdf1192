// What was written differently, as proposals: other words for words of one paragraph. Pure.

/**
 * `was` stands in paragraph `paragraph` (from 0); `now` may have lines of its own, of which the first
 * is paragraph `at` of those after, or would be, where nothing is left.
 */
export interface Change { paragraph: number; at: number; was: string; now: string }
/** As the server takes it: `start` counts letters as Python does. */
export interface Proposal { paragraph: number; start: number; quote: string; replacement: string }
/** Letters that both have at the beginning and at the end. */
export interface Same { head: number; tail: number }

/** So many letters are marked at least: fewer stand in too many places to be found again. */
const LEAST = 8;
/** From this part of their letters on, two paragraphs are one that was changed. */
const ALIKE = 0.3;
const MOST_WORK = 1_000;
const words = new Intl.Segmenter('th', { granularity: 'word' });

export function changes(before: string[], after: string[]): Change[] {
  const found: Change[] = [];
  let pending: Change | null = null;
  const flush = () => {
    if (pending && pending.now !== pending.was) found.push(pending);
    pending = null;
  };
  let b = 0, a = 0;
  for (const [endB, endA] of [...pairs(before, after), [before.length, after.length] as const]) {
    const mine = after.slice(a, endA);
    let front: string[] = [];
    if (b < endB) {
      flush();
      found.push(...replaced(before.slice(b, endB), mine, b, a));
    } else if (pending) {
      (pending as Change).now = [(pending as Change).now, ...mine].join('\n');
    } else {
      front = mine; // before the first that stayed
    }
    flush();
    if (endB < before.length) {
      pending = { paragraph: endB, at: endA - front.length, was: before[endB]!, now: [...front, after[endA]!].join('\n') };
    }
    b = endB + 1;
    a = endA + 1;
  }
  return found;
}

/** Between two that stayed: each with its own, more ones behind the last. */
function replaced(gone: string[], mine: string[], b: number, a: number): Change[] {
  return gone.map((was, n) => ({
    paragraph: b + n, at: a + Math.min(n, mine.length), was,
    now: n === gone.length - 1 ? mine.slice(n).join('\n') : mine[n] ?? '',
  }));
}

/** Places of paragraphs that are the same ones, in order: alike, and as many as can be. */
function pairs(before: string[], after: string[]): [number, number][] {
  let head = 0, tail = 0;
  const most = Math.min(before.length, after.length);
  while (head < most && before[head] === after[head]) head++;
  while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const middle = aligned(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  return [
    ...Array.from({ length: head }, (_one, n): [number, number] => [n, n]),
    ...middle.map(([b, a]): [number, number] => [b + head, a + head]),
    ...Array.from({ length: tail }, (_one, n): [number, number] => [before.length - tail + n, after.length - tail + n]),
  ];
}

function aligned(before: string[], after: string[]): [number, number][] {
  const alike = before.map(was => after.map(now => likeness(was, now, before.length * after.length)));
  const best = Array.from({ length: before.length + 1 }, () => new Float64Array(after.length + 1));
  for (let b = before.length - 1; b >= 0; b--) {
    for (let a = after.length - 1; a >= 0; a--) {
      best[b]![a] = Math.max(best[b + 1]![a]!, best[b]![a + 1]!, alike[b]![a]! && alike[b]![a]! + best[b + 1]![a + 1]!);
    }
  }
  const found: [number, number][] = [];
  for (let b = 0, a = 0; b < before.length && a < after.length;) {
    if (alike[b]![a]! && best[b]![a] === alike[b]![a]! + best[b + 1]![a + 1]!) found.push([b++, a++]);
    else if (best[b + 1]![a]! >= best[b]![a + 1]!) b++;
    else a++;
  }
  return found;
}

/** 0: another paragraph. In long parts only those that are equal count, or each key would take long. */
function likeness(was: string, now: string, work: number): number {
  if (was === now) return 2;
  if (work > MOST_WORK) return 0;
  const { head, tail } = same(was, now);
  const part = (head + tail) / Math.max([...was].length, [...now].length);
  return part >= ALIKE ? part : 0;
}

/** Whole letters with their vowels and tones, so that no half of one is shown as changed. */
export function same(was: string, now: string): Same {
  const [w, n] = [[...was], [...now]];
  const most = Math.min(w.length, n.length);
  let head = 0, tail = 0;
  while (head < most && w[head] === n[head]) head++;
  while (head > 0 && (joins(w[head]) || joins(n[head]))) head--;
  while (tail < most - head && w[w.length - 1 - tail] === n[n.length - 1 - tail]) tail++;
  while (tail > 0 && joins(w[w.length - tail])) tail--;
  return { head, tail };
}

const joins = (letter: string | undefined) => letter !== undefined && /\p{M}/u.test(letter);

/** Marks whole words, and enough of them to be found again when the draft has changed. */
export function proposal(change: Change): Proposal {
  const was = [...change.was];
  const { head, tail } = same(change.was, change.now);
  let start = head, end = was.length - tail;
  const ends = breaks(change.was);
  start = ends.filter(at => at <= start).pop() ?? 0;
  end = ends.find(at => at >= end) ?? was.length;
  while (end - start < LEAST && (start > 0 || end < was.length)) {
    if (start > 0) start = ends.filter(at => at < start).pop() ?? 0;
    else end = ends.find(at => at > end) ?? was.length;
  }
  const now = [...change.now];
  return {
    paragraph: change.paragraph, start,
    quote: was.slice(start, end).join(''),
    replacement: now.slice(start, now.length - (was.length - end)).join(''),
  };
}

/** Where words end, in letters; 0 first. */
function breaks(text: string): number[] {
  const found = [0];
  for (const { segment } of words.segment(text)) found.push(found[found.length - 1]! + [...segment].length);
  return found;
}
