// What a deployment would say, while one draws: the server's rules, on the canvas and in a list.
import { known } from './completing';
import { type Config, type Finding, call, worded } from './config';
import { el } from './fields';
import { quoted } from './mended';
import { kindOf } from './groups/group';
import type { Diagram, Shape } from './model';

interface Overlays { add(id: string, type: string, overlay: object): void; remove(filter: { type: string }): void }

const PAUSE = 120;

export class Lint {
  private timer = 0;
  private asked: AbortController | null = null;
  private readonly w: (key: string) => string;
  private marked: [id: string, marker: string][] = [];

  constructor(private readonly diagram: Diagram, private readonly config: Config, private readonly list: HTMLElement) {
    this.w = worded(config);
  }

  /** The diagram is another one: ask again, once it rests. */
  changed(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), PAUSE);
  }

  async ask(): Promise<void> {
    this.asked?.abort();
    const asked = this.asked = new AbortController();
    try {
      const xml = await this.diagram.modeler.text(false);
      const answer = await call(this.config, 'POST', '/lint', { xml }, {}, asked.signal);
      if (!answer.ok || asked.signal.aborted) return;
      const { items, variables } = await answer.json() as { items: Finding[]; variables: string[] };
      this.tell(items, variables);
    } catch {
      // Offline, or overtaken by a newer question: what stands is of an older diagram, and the next change asks again.
    }
  }

  /** What was found, and the names that formulas can use. */
  tell(found: Finding[], variables: string[]): void {
    known.variables = variables;
    this.show(found);
  }

  private show(found: Finding[]): void {
    this.mark(found);
    const errors = found.filter(one => one.severity === 'error').length;
    const summary = document.querySelector('[data-lint-summary]');
    const said = found.length ? this.w('found').replace('{errors}', String(errors)).replace('{warnings}', String(found.length - errors)) : this.w('found_none');
    if (summary && summary.textContent !== said) summary.textContent = said;
    this.list.replaceChildren(...found.map(one => this.row(one)));
    this.list.closest('table')?.toggleAttribute('hidden', !found.length);
    document.documentElement.dataset.lint = String(found.length);
  }

  private row(one: Finding): HTMLElement {
    const badge = one.severity === 'error'
      ? el('span', { class: 'badge badge--danger' }, this.w('severity_error')) : el('span', { class: 'badge badge--warn' }, this.w('severity_warning'));
    return el('tr', {}, el('td', {}, badge), el('th', { scope: 'row' }, this.place(one)),
      el('td', {}, ...this.told(one)));
  }

  /** The finding in the reader's words; where it has none in Thai, the rule and then its own English. */
  private told({ code, message, mend, page, thai, thai_mend }: Finding): (HTMLElement | string)[] {
    if (thai && this.config.language === 'th') {
      return thai_mend ? [thai.slice(0, -thai_mend.length), this.mend(thai_mend, page)] : [thai];
    }
    const rule = this.config.rules[code];
    const itself = el('span', { lang: 'en', ...(rule ? { class: 'sm muted' } : {}) }, `${message} `, this.mend(mend, page));
    return rule ? [el('p', {}, rule), itself] : [itself];
  }

  /** What to do stands in a line of its own, and leads to where that is done, if it is another page. */
  private mend(text: string, page: string | null): HTMLElement {
    return el('span', { class: 'mend' }, page && text ? el('a', { href: page, 'data-after-save': '' }, text) : text);
  }

  /** What has no name yet is called by its kind: an id says nothing to whoever drew it. */
  private called(shape: Shape): string {
    const bo = this.diagram.meaning(shape);
    const kind = kindOf(bo);
    return String(bo.name || this.w('unnamed').replace('{kind}', this.config.kinds[kind] ?? kind));
  }

  private place({ code, element, attribute, outside, file, message }: Finding): HTMLElement | string {
    const shape = element ? this.diagram.shapeOf(element) : undefined;
    if (!element || !shape) return file;
    const at = attribute ?? code;
    return el('a', { href: `#el-${element}`, 'data-element': element, 'data-at': at, 'data-says': quoted(`${message} “${outside.replace(/^.*?:/, '')}”`) }, this.called(shape));
  }

  /** A badge at each element that something is said of; the worst decides its colour. */
  private mark(found: Finding[]): void {
    const overlays = this.diagram.modeler.get('overlays') as Overlays;
    overlays.remove({ type: 'lint' });
    for (const [id, marker] of this.marked) if (this.diagram.registry.get(id)) this.diagram.canvas.removeMarker(id, marker);
    this.marked = [];
    const about = new Set(found.map(one => one.element).filter(one => one !== null));
    for (const id of about) {
      const those = found.filter(one => one.element === id);
      const shape = this.diagram.registry.get(id);
      if (!shape || shape === this.diagram.canvas.findRoot(shape)) continue;
      const worst = those.some(one => one.severity === 'error') ? 'error' : 'warning';
      const badge = el('span', { class: `at-lint at-lint--${worst}`, title: those.map(one => (this.config.language === 'th' && one.thai) || (this.config.rules[one.code] ?? one.message)).join('\n') }, String(those.length));
      overlays.add(id, 'lint', { position: { top: -9, right: 9 }, html: badge });
      this.diagram.canvas.addMarker(id, `lint-${worst}`);
      this.marked.push([id, `lint-${worst}`]);
    }
  }
}
