// The body as one text: the same notation as office/documents/notation.py, where it is described.
// A test gives both the same bodies and holds one against the other.

export interface Run { text: string; bold: boolean; underline: boolean }
/** Lines of a plain paragraph are divided by '\n'; one with marks has one line. */
export type Paragraph = Run[];
export interface Table {
  caption: string;
  columns: string[];
  align: string[];
  rows: string[][];
  footer: string[];
}
export type Block = { paragraph: Paragraph } | { table: Table };

const LINE_END = /\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]/;
const SIGN = /\\([*_|\\\n])|(\*+|_+)/g;
const ALIGNS = ['left', 'center', 'right'];

const isMark = (sign: string): boolean => sign === '**' || sign === '__';
const escaped = (text: string): string => text.replace(/[*_|\\]/g, '\\$&');
const unescaped = (text: string): string => text.replace(/\\([*_|\\])/g, '$1');

// ---- from text

export function read(text: string): Block[] {
  const blocks: Block[] = [];
  let rows: string[] = [];
  const close = () => { blocks.push(...tables(rows).map(table => ({ table }))); rows = []; };
  for (const line of lines(text)) {
    if (line.startsWith('|')) { rows.push(line); continue; }
    close();
    blocks.push(...paragraphs(line).map(paragraph => ({ paragraph })));
  }
  close();
  return blocks;
}

function lines(text: string): string[] {
  const found: string[] = [];
  let held = '';
  for (const line of text.split(LINE_END)) {
    const whole = held + line.trim();
    if (/(^|[^\\])(\\\\)*\\$/.test(whole)) { held = `${whole}\n`; continue; }
    held = '';
    found.push(whole.trim());
  }
  if (held) found.push(held.slice(0, -2).trim());
  return found;
}

function paragraphs(line: string): Paragraph[] {
  const runs = runsOf(line);
  if (runs.every(run => !run.bold && !run.underline)) {
    const text = runs.map(run => run.text).join('').trim();
    return text ? [[{ text, bold: false, underline: false }]] : [];
  }
  return line.split('\\\n').map(part => runsOf(part.trim())).filter(part => part.length);
}

function runsOf(line: string): Run[] {
  const pieces = piecesOf(line);
  for (const mark of ['**', '__']) {
    const places = pieces.filter(piece => piece.mark && piece.text === mark);
    if (places.length % 2) places[places.length - 1]!.mark = false;
  }
  let bold = false, underline = false;
  const found: Run[] = [];
  for (const { text, mark } of pieces) {
    if (!mark) found.push({ text, bold, underline });
    else if (text === '**') bold = !bold;
    else underline = !underline;
  }
  return joined(found);
}

function piecesOf(line: string): { text: string; mark: boolean }[] {
  const pieces: { text: string; mark: boolean }[] = [];
  let last = 0;
  for (const sign of line.matchAll(SIGN)) {
    pieces.push({ text: line.slice(last, sign.index), mark: false });
    const text = sign[1] ?? sign[2] ?? '';
    pieces.push({ text, mark: sign[1] === undefined && isMark(text) });
    last = sign.index + sign[0].length;
  }
  return [...pieces, { text: line.slice(last), mark: false }];
}

/** Neighbours with the same marks as one; no spaces at either end. */
export function joined(runs: Run[]): Run[] {
  const found: Run[] = [];
  for (const run of runs) {
    if (!run.text) continue;
    const last = found[found.length - 1];
    if (last && last.bold === run.bold && last.underline === run.underline) last.text += run.text;
    else found.push({ ...run });
  }
  const first = found[0], end = found[found.length - 1];
  if (first) first.text = first.text.trimStart();
  if (end) end.text = end.text.trimEnd();
  return found.every(run => run.text) ? found : joined(found);
}

function tables(rows: string[]): Table[] {
  const groups: string[][] = [];
  for (const row of rows) {
    if (!groups.length || row.startsWith('|#')) groups.push([]);
    groups[groups.length - 1]!.push(row);
  }
  return groups.map(table).filter(found => found !== null);
}

function table(group: string[]): Table | null {
  const said: Record<string, string> = {};
  const rows: string[][] = [];
  for (const line of group) {
    if ('#:='.includes(line.charAt(1)) && line.length > 1) said[line.charAt(1)] = line.slice(2);
    else rows.push(cells(line.slice(1)));
  }
  if (!rows.length) return null;
  const width = Math.max(...rows.map(row => row.length));
  const filled = (row: string[]) => [...row, ...Array<string>(Math.max(width - row.length, 0)).fill('')];
  const footer = cells(said['='] ?? '').slice(0, width);
  const align = cells(said[':'] ?? '').map(side => (ALIGNS.includes(side) ? side : 'left'));
  return {
    caption: unescaped(said['#'] ?? '').trim(),
    columns: filled(rows[0]!),
    align: [...align, ...Array<string>(width).fill('left')].slice(0, width),
    rows: rows.slice(1).map(filled),
    footer: footer.some(Boolean) ? filled(footer) : [],
  };
}

function cells(text: string): string[] {
  const parts = text.replaceAll('\\\n', ' ').split(/(?<=(?<!\\)(?:\\\\)*)\|/);
  const found = parts.map(part => unescaped(part).trim());
  return found.length > 1 && !found[found.length - 1] ? found.slice(0, -1) : found;
}

// ---- to text

export function write(blocks: Block[]): string {
  const found: string[] = [];
  for (const block of blocks) {
    if ('paragraph' in block) found.push(...lineOf(block.paragraph));
    else found.push('', ...tableLines(block.table), '');
  }
  return found.join('\n').replace(/^\n+|\n+$/g, '');
}

function lineOf(runs: Paragraph): string[] {
  if (runs.every(run => !run.bold && !run.underline)) {
    const text = runs.map(run => run.text).join('').trim();
    return text ? [guarded(plain(text))] : [];
  }
  return partedAtLines(runs).filter(part => part.length).map(part => guarded(signs(part)));
}

const guarded = (line: string): string => (line.startsWith('|') ? `\\${line}` : line);

function plain(text: string): string {
  return text.replace(/\\/g, '\\\\')
    .replace(/(?<!\*)\*\*(?!\*)|(?<!_)__(?!_)/g, escaped)
    .replace(/[^\S\n]*\n\s*/g, '\\\n');
}

/** Marks and kept lines do not go together: each line becomes a paragraph. */
function partedAtLines(runs: Run[]): Run[][] {
  const parts: Run[][] = [[]];
  for (const run of runs) {
    run.text.split('\n').forEach((text, n) => {
      if (n) parts.push([]);
      parts[parts.length - 1]!.push({ ...run, text });
    });
  }
  return parts.map(joined);
}

function signs(runs: Run[]): string {
  let out = '', bold = false, underline = false;
  for (const run of [...runs, { text: '', bold: false, underline: false }]) {
    if (run.bold !== bold) out += '**';
    if (run.underline !== underline) out += '__';
    ({ bold, underline } = run);
    out += escaped(run.text);
  }
  return out;
}

function tableLines(one: Table): string[] {
  const row = (begin: string, values: string[]) => `${begin}${values.map(escaped).join(' | ')} |`;
  return [
    ...(one.caption ? [`|# ${escaped(one.caption)}`] : []),
    row('| ', one.columns),
    ...(one.align.some(side => side !== 'left') ? [row('|: ', one.align)] : []),
    ...one.rows.map(values => row('| ', values)),
    ...(one.footer.some(Boolean) ? [row('|= ', one.footer)] : []),
  ];
}
