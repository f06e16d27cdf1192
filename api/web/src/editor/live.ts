// The pages beside the form follow what is typed. Nothing is saved by it.
interface Sheet { digest: string; png: string | null }
/** `first`: which of all pages (from 0) the first sheet is. */
interface Shown { sheets: Sheet[]; pages: number; first: number }
interface Problem { field: string; place: string | null; why: string }

/** Nobody has stopped typing before that. */
const PAUSE = 60;
/** From one asking to the next: the server answers a person eight times a second. */
const EVERY = 125;
/** After a refusal for haste or for want of room. */
const CALM = 1_000;
/** Longer than any answer is worth waiting for. */
const PATIENCE = 15_000;

/** `near`: how many letters of the text stand before the place where somebody writes, if anybody does. */
export function live(form: HTMLFormElement, preview: HTMLElement, near: () => number | null): void {
  const state = new Live(form, preview, near);
  form.addEventListener('input', event => {
    if (!(event.target as Element).closest('[data-no-autosave]')) state.typed();
  });
  form.addEventListener('change', () => state.typed());
  const button = document.querySelector<HTMLElement>('[data-preview-switch]');
  button?.addEventListener('click', () => {
    const open = preview.classList.toggle('is-open');
    button.setAttribute('aria-expanded', String(open));
    if (!open) return;
    state.typed();
    preview.scrollIntoView();
    preview.querySelector<HTMLElement>('h2')?.focus({ preventScroll: true });
  });
}

class Live {
  private timer = 0;
  private since = 0;
  private asked = -EVERY;
  private asking = false;
  private again = false;
  private digests: string[] = [];
  private drawn = 0;
  private first = 0;
  /** The sheets are those that somebody chose, and not those where they write. */
  private chosen = false;

  constructor(
    private readonly form: HTMLFormElement, private readonly preview: HTMLElement,
    private readonly near: () => number | null,
  ) {
    for (const [name, way] of [['[data-preview-back]', -1], ['[data-preview-on]', 1]] as const) {
      this.part(name).addEventListener('click', () => this.turn(way));
    }
  }

  typed(): void {
    this.chosen = false;
    this.since = performance.now();
    this.later(PAUSE);
  }

  /** To the sheets before or behind those that are shown. */
  private turn(way: -1 | 1): void {
    this.first = Math.max(0, this.first + way * this.digests.length);
    this.chosen = true;
    this.since = performance.now();
    this.later(0);
  }

  private later(wait: number): void {
    clearTimeout(this.timer);
    if (!this.preview.offsetParent) return; // on a phone it is behind a switch
    const rest = this.asked + EVERY - performance.now();
    this.timer = window.setTimeout(() => void this.ask(), Math.max(wait, rest));
  }

  /**
   * One at a time: a server goes on printing what nobody waits for any more, and the words that
   * are wanted would stand behind it.
   */
  private async ask(): Promise<void> {
    if (this.asking) { this.again = true; return; }
    this.asking = true;
    this.asked = performance.now();
    try {
      await this.exchange();
    } finally {
      this.asking = false;
    }
    if (!this.again) return;
    this.again = false;
    this.later(0);
  }

  private async exchange(): Promise<void> {
    const since = this.since;
    const body = new FormData(this.form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    for (const digest of this.digests) body.append('known', digest);
    body.append('first', String(this.first));
    const near = this.chosen ? null : this.near();
    if (near !== null) body.append('near', String(near));
    try {
      const answer = await fetch(this.form.dataset.live!, {
        method: 'POST', body, headers: { Accept: 'application/json' },
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.status === 429 || answer.status === 503) {
        this.again = false;
        this.later(CALM);
        return;
      }
      if (!answer.ok) return; // the saved pages stay
      const found = await answer.json() as Shown | { problems: Problem[] };
      if ('problems' in found) { this.tell(found.problems); return; }
      await this.show(found, since);
    } catch (error) {
      // Silent, gone or in pieces: the next key asks again.
      if ((error as Error).name !== 'TimeoutError' && !(error instanceof TypeError)) throw error;
    }
  }

  /** Each new page takes its predecessor's place when it can be painted: nothing flickers. */
  private async show(shown: Shown, since: number): Promise<void> {
    const place = this.part('[data-sheets]');
    const images = await Promise.all(shown.sheets.map((sheet, n) => this.image(sheet, n, shown.first)));
    images.forEach((image, n) => {
      if (!image) return;
      const sheet = place.children[n] ?? place.appendChild(blank());
      sheet.replaceChildren(image);
    });
    while (place.children.length > shown.sheets.length) place.lastElementChild!.remove();
    this.digests = shown.sheets.map(sheet => sheet.digest);
    this.tell([]);
    const state = this.part('[data-preview-state]');
    state.textContent = state.dataset.typed ?? '';
    this.first = shown.first;
    this.tellRest(shown);
    performance.measure('saraban:preview', { start: since, end: performance.now() });
    this.preview.dataset.drawn = String(++this.drawn);
  }

  /** Which pages these are of how many, and the ways to the others. */
  private tellRest({ sheets, pages, first }: Shown): void {
    const last = first + sheets.length;
    this.part('[data-preview-more]').hidden = pages <= sheets.length;
    const numbers: Record<string, number> = { a: first + 1, b: last, c: pages };
    this.part('[data-preview-pages]').textContent = (this.preview.dataset.some ?? '')
      .replace(/\{(\w)\}/g, (_, name: string) => String(numbers[name]));
    (this.part('[data-preview-back]') as HTMLButtonElement).disabled = first === 0;
    (this.part('[data-preview-on]') as HTMLButtonElement).disabled = last >= pages;
  }

  private async image(sheet: Sheet, n: number, first: number): Promise<HTMLImageElement | null> {
    if (!sheet.png) return this.digests[n] === sheet.digest ? null : this.moved(sheet.digest);
    const image = new Image(840, 1188);
    image.alt = (this.preview.dataset.alt ?? '').replace('{n}', String(first + n + 1));
    image.src = `data:image/png;base64,${sheet.png}`;
    await image.decode();
    return image;
  }

  /** A page that is known, but stood in another place. */
  private moved(digest: string): HTMLImageElement | null {
    const from = this.part('[data-sheets]').children[this.digests.indexOf(digest)];
    return from?.querySelector('img')?.cloneNode() as HTMLImageElement | null;
  }

  private tell(problems: Problem[]): void {
    this.part('[data-preview-problem]').hidden = problems.length === 0;
    this.part('[data-preview-problems]').replaceChildren(...problems.map(problem => {
      const item = document.createElement('li');
      const link = document.createElement('a');
      link.href = `#${problem.field}`;
      link.textContent = problem.place ? `${problem.place}: ${problem.why}` : problem.why;
      item.append(link);
      return item;
    }));
  }

  private part(selector: string): HTMLElement {
    return this.preview.querySelector<HTMLElement>(selector)!;
  }
}

function blank(): HTMLElement {
  const sheet = document.createElement('div');
  sheet.className = 'sheet';
  return sheet;
}
