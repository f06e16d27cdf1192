// bpmn-js breaks labels at spaces, and Thai has none: break at the words that the browser knows, never where a reader
// would stumble (the rules are the printer's, signing/thai/breaking.py), and keep a long name inside its shape.
import TextRenderer from 'bpmn-js/lib/draw/TextRenderer';

interface Style { fontWeight?: string; fontSize?: number | string; fontFamily?: string }
interface Box { width?: number; height?: number }
interface TextOptions { box?: Box; size?: Box; align?: string; padding?: number; style?: Style }
interface Bounds { width: number; height: number }
interface Renderer {
  createText(text: string, options: TextOptions): SVGElement;
  getExternalLabelBounds(bounds: Bounds, text: string): object;
  getTextAnnotationBounds(bounds: Bounds, text: string): object;
  getDefaultStyle(): Style;
  getExternalStyle(): Style;
}
type Measure = (text: string) => number;

/** Names are set as in the pictures of pages and of paper (`_picture.html`, signing/render/process_picture.py). */
const LEADING = 1.3;
const INSET = 5;
const font = { fontFamily: 'Sarabun, sans-serif', fontSize: 12, lineHeight: LEADING };
export const lettering = { defaultStyle: font, externalStyle: { ...font, fontSize: 11 } };
/** What the mark of an annotation takes beside its text. */
const NOTE = 14;
/** Room above and below the lines for Thai marks, pixels; a lane's narrow strip has none to spare. */
const MARKS = 8;
const STRIP = 40;
const WORDS = new Intl.Segmenter('th', { granularity: 'word' });
const LETTERS = new Intl.Segmenter('th', { granularity: 'grapheme' });
/** A line never begins with one of these, nor ends with one of those. */
const NEVER_FIRST = /^[\p{M}ๆฯะาำๅ)\]}”’»,.;:!?%/]/u;
const NEVER_LAST = /[([{“‘«เแโใไ\u2010-]$/u;
/** One letter alone is no word: it belongs to what stands beside it. */
const LONE = /^[ก-ฮ]\p{M}*$/u;
const THAI_END = /[ก-ๅ]\p{M}*$/u;
const THAI_START = /^[ก-ๅ]/u;
const NUMBER = '[0-9๐-๙](?:[0-9๐-๙.,:/-]*[0-9๐-๙])?%?';
const COUNTED = 'บาท|คน|วัน|เดือน|ปี|ครั้ง|ฉบับ|ชุด|แผ่น|หน้า|รายการ|แห่ง|รุ่น|ประเด็น|ชั่วโมง';
const COUNTS = '(?:วัน|ครั้ง|ฉบับ|ชุด|วาระ)?ที่|ข้อ|มาตรา|ห้อง|ชั้น|หมายเลข|จำนวน|หน้า|ร้อยละ|เวลา';
/** Never divided: addresses, Latin words with their marks, numbers with theirs and with what they count, abbreviations. */
const WHOLE = new RegExp([
  'https?://[!-~]+', '[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+', "[A-Za-z][A-Za-z0-9]*(?:[-_.'’][A-Za-z0-9]+)*",
  `(?:${COUNTS}) ${NUMBER}`, `${NUMBER} (?:${COUNTED})`, NUMBER, '(?:[ก-ฮ]{1,4}\\.){1,5}', '(?<![^\\s])ณ .',
  'ผู้อำนวยการ|อำนวยการ|ธรรมาภิบาล|อิเล็กทรอนิกส์|คูคลอง|ตื้นเขิน|พระราชบัญญัติ|ยังชีพ|ยี่สิบ|ฉับพลัน', // slips of dictionaries
].join('|'), 'gu');
const pen = document.createElement('canvas').getContext('2d')!;

/** The text cut where a line may end; spaces stay at the end of what they follow. */
export function pieces(text: string): string[] {
  const whole = [...text.matchAll(WHOLE)].map(one => [one.index, one.index + one[0].length] as const);
  const ends = [...WORDS.segment(text)].map(one => one.index).filter(at => !whole.some(([from, to]) => from < at && at < to));
  return joined(ends.map((at, n) => text.slice(at, ends[n + 1])));
}

/** With those put together between which no line may end. */
function joined(parts: string[], longest = Infinity): string[] {
  const done: string[] = [];
  for (const part of parts) {
    const last = done.at(-1);
    if (last !== undefined && last.length < longest && !mayEnd(last, part)) done[done.length - 1] = last + part;
    else done.push(part);
  }
  return done;
}

function mayEnd(last: string, next: string): boolean {
  if (/^\s/u.test(next) || NEVER_FIRST.test(next) || NEVER_LAST.test(last.trimEnd())) return false;
  const lone = (LONE.test(last) && THAI_START.test(next)) || (LONE.test(next) && THAI_END.test(last));
  return !lone;
}

/** Letters with the vowels and signs that belong to them; a row of dots is no syllable. */
function syllables(text: string): string[] {
  return joined([...LETTERS.segment(text)].map(one => one.segment), 8);
}

/** The lines of a text, none wider than `width`; a word wider than that is cut between its letters. */
export function lines(text: string, width: number, measure: Measure): string[] {
  const fits = (row: string) => measure(row.trimEnd()) <= width;
  const done: string[] = [];
  let row = '';
  for (const piece of pieces(text)) {
    if (fits(row + piece)) { row += piece; continue; }
    if (row) done.push(row);
    row = '';
    for (const part of fits(piece) ? [piece] : syllables(piece)) {
      if (row && !fits(row + part)) { done.push(row); row = ''; }
      row += part;
    }
  }
  return [...done, row].map(one => one.trim());
}

/** At most so many lines; the last says that there is more. */
function shortened(rows: string[], most: number, width: number, measure: Measure): string[] {
  if (rows.length <= most) return rows;
  const kept = rows.slice(0, most);
  const end = kept[most - 1]!, parts = pieces(end);
  let last = parts.length > 1 ? parts : syllables(end);
  while (last.length > 1 && measure(`${last.join('').trimEnd()}…`) > width) last = last.slice(0, -1);
  return [...kept.slice(0, -1), `${last.join('').trimEnd()}…`];
}

function measured(style: Style): Measure {
  const size = parseFloat(String(style.fontSize ?? 12));
  return text => {
    pen.font = `${style.fontWeight ?? 'normal'} ${size}px ${style.fontFamily ?? 'sans-serif'}`;
    return pen.measureText(text).width;
  };
}

function wrap(text: string, width: number, style: Style, height = Infinity): string {
  const measure = measured(style);
  const room = height > STRIP ? height - MARKS : height + 2;
  const most = Math.max(Math.floor(room / (parseFloat(String(style.fontSize ?? 12)) * LEADING)), 1);
  return shortened(text.split('\n').flatMap(line => lines(line, width, measure)), most, width, measure).join('\n');
}

/** bpmn-js takes a constructor function here; its own methods close over its configuration. */
function ThaiTextRenderer(this: Renderer, config: unknown): void {
  (TextRenderer as unknown as (this: Renderer, config: unknown) => void).call(this, config);
  const { createText, getExternalLabelBounds, getTextAnnotationBounds } = this;
  const closer = (options: TextOptions) => ({ ...options, padding: Math.min(options.padding ?? 0, INSET) });
  const inside = (text: string, { box, size, align = '', padding = 0, style }: TextOptions) => {
    const width = (box?.width ?? size?.width ?? 100) - 2 * padding;
    // A note and a name beside its shape grow with their text; within a shape there is what there is.
    const height = /^center-/.test(align) ? box?.height : undefined;
    return wrap(text, width, { ...this.getDefaultStyle(), ...style }, height);
  };
  this.createText = (text, options) => createText(inside(text ?? '', closer(options)), closer(options));
  this.getExternalLabelBounds = (bounds, text) =>
    getExternalLabelBounds(bounds, wrap(text ?? '', Math.max(bounds.width, 90), this.getExternalStyle()));
  this.getTextAnnotationBounds = (bounds, text) =>
    getTextAnnotationBounds(bounds, wrap(text ?? '', bounds.width - NOTE, this.getDefaultStyle()));
}
ThaiTextRenderer.$inject = ['config.textRenderer'];

export const thaiText = { textRenderer: ['type', ThaiTextRenderer] };
