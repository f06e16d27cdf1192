// Keeps the diagram while it is drawn. Who comes second is told who saved, and loses nothing.
import { type Config, call, renewToken } from './config';
import type { Diagram } from './model';

interface Saved { id: string; revision: number; updated_at: string; updated_by: string }

const PAUSE = 2_500;
/** Until what could not be saved is tried again. */
const AGAIN = 15_000;
const DENIED = [401, 403];

export class Saving {
  private timer = 0;
  private busy: Promise<void> | null = null;
  private dirty = false;
  private conflict = false;

  constructor(private readonly diagram: Diagram, private readonly config: Config, private readonly status: HTMLElement) {
    addEventListener('beforeunload', event => { if (this.dirty) event.preventDefault(); });
    const copy = document.querySelector<HTMLButtonElement>('[data-save-copy]');
    copy?.addEventListener('click', () => void this.keepAsCopy(copy));
  }

  changed(): void {
    this.dirty = true;
    if (this.conflict) return;
    this.say('changed');
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(), PAUSE);
  }

  /** Save what is not saved yet; true where all is. */
  async save(): Promise<boolean> {
    clearTimeout(this.timer);
    await this.busy;
    if (this.dirty && !this.conflict) {
      this.busy = this.put();
      await this.busy;
      this.busy = null;
    }
    return !this.dirty;
  }

  private async put(): Promise<void> {
    this.say('saving');
    this.dirty = false; // what changes from here on is another text
    try {
      const xml = await this.diagram.modeler.text();
      let answer = await this.send(xml);
      if (DENIED.includes(answer.status)) {
        await renewToken(this.config);
        answer = await this.send(xml);
      }
      if (answer.ok) { this.saved(await answer.json() as Saved); return; }
      this.dirty = true;
      if (answer.status === 412) await this.tell();
      else this.retry(DENIED.includes(answer.status) ? 'expired' : 'failed');
    } catch {
      this.dirty = true;
      this.retry('offline');
    }
  }

  private send(xml: string): Promise<Response> {
    return call(this.config, 'PUT', '', { xml }, { 'If-Match': `"${this.config.revision}"` });
  }

  private retry(word: string): void {
    this.say(word);
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(), AGAIN);
  }

  private saved({ revision, updated_at }: Saved): void {
    this.config.revision = revision;
    for (const field of document.querySelectorAll<HTMLInputElement>('input[name=revision]')) field.value = String(revision);
    this.say(this.dirty ? 'changed' : 'saved', this.dirty ? '' : this.clock(updated_at));
    document.documentElement.dataset.revision = String(revision);
    void this.renewTable();
  }

  /** The table that says the same as the picture. */
  private async renewTable(): Promise<void> {
    const page = await fetch(location.pathname).then(answer => answer.text());
    const fresh = new DOMParser().parseFromString(page, 'text/html').querySelector('[data-steps]');
    if (fresh) document.querySelector('[data-steps]')?.replaceChildren(...fresh.childNodes);
  }

  /** Who saved since, and when. */
  private async tell(): Promise<void> {
    this.conflict = true;
    this.say('conflict');
    const notice = document.querySelector<HTMLElement>('[data-clash]');
    const who = document.querySelector<HTMLElement>('[data-clash-who]');
    const answer = await call(this.config, 'GET', '');
    if (answer.ok && who) {
      const theirs = await answer.json() as Saved;
      who.textContent = (who.dataset.text ?? '').replace('{who}', theirs.updated_by).replace('{when}', this.clock(theirs.updated_at));
    }
    if (notice) { notice.hidden = false; notice.focus(); }
  }

  private async keepAsCopy(button: HTMLButtonElement): Promise<void> {
    button.disabled = true;
    try {
      const answer = await call(this.config, 'POST', '/copy', { xml: await this.diagram.modeler.text() });
      if (!answer.ok) throw new Error(String(answer.status));
      this.dirty = false;
      location.assign(`/designer/${(await answer.json() as Saved).id}`);
    } catch {
      button.disabled = false;
      this.say('failed');
    }
  }

  private clock(moment: string): string {
    const options = { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Asia/Bangkok' } as const;
    return new Date(moment).toLocaleString(this.config.language === 'th' ? 'th-TH' : 'en-GB', options);
  }

  private say(word: string, more = ''): void {
    this.status.textContent = `${this.status.dataset[word] ?? ''} ${more}`.trim();
    this.status.dataset.state = word;
  }
}
