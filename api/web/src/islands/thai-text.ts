// bpmn-js breaks labels at spaces, and Thai has none: break at the words that the browser knows.
import TextRenderer from 'bpmn-js/lib/draw/TextRenderer';

interface Style { fontWeight?: string; fontSize?: number | string; fontFamily?: string }
interface TextOptions { box?: { width?: number }; style?: Style }
interface Renderer {
  createText(text: string, options: TextOptions): SVGElement;
  getExternalLabelBounds(bounds: { width: number }, text: string): object;
  getExternalStyle(): Style;
}

const THAI = /[\u0E00-\u0E7F]/;
const words = new Intl.Segmenter('th', { granularity: 'word' });
const pen = document.createElement('canvas').getContext('2d')!;

function font(style: Style = {}): string {
  return `${style.fontWeight ?? 'normal'} ${style.fontSize ?? 12}px ${style.fontFamily ?? 'sans-serif'}`;
}

/** The line with line breaks between words, so that none is wider than `width`. */
export function wrapLine(line: string, width: number): string {
  let row = '';
  const done: string[] = [];
  for (const { segment } of words.segment(line)) {
    if (row && pen.measureText(row + segment).width > width) {
      done.push(row);
      row = segment.trimStart();
    } else {
      row += segment;
    }
  }
  return [...done, row].join('\n');
}

function wrap(text: string, width: number, style?: Style): string {
  if (!THAI.test(text)) return text;
  pen.font = font(style);
  return text.split('\n').map(line => wrapLine(line, width)).join('\n');
}

/** bpmn-js takes a constructor function here; its own methods close over its configuration. */
function ThaiTextRenderer(this: Renderer, config: unknown): void {
  (TextRenderer as unknown as (this: Renderer, config: unknown) => void).call(this, config);
  const { createText, getExternalLabelBounds } = this;
  this.createText = (text, options) =>
    createText(wrap(text ?? '', (options.box?.width ?? 100) - 14, options.style), options);
  this.getExternalLabelBounds = (bounds, text) =>
    getExternalLabelBounds(bounds, wrap(text ?? '', Math.max(bounds.width, 90), this.getExternalStyle()));
}
ThaiTextRenderer.$inject = ['config.textRenderer'];

export const thaiText = { textRenderer: ['type', ThaiTextRenderer] };
