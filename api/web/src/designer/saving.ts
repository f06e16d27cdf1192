// Keeps what is drawn while it is drawn. Who comes second is told who saved, and loses nothing.
import { type Session, call, renewToken } from './config';

export interface Saved { id: string; revision: number; updated_at: string; updated_by: string }

/** What an editor holds, and where it is kept. */
export interface Work {
  text(): Promise<string>;
  put(text: string): Promise<Response>;
  /** What the answer to a save says beyond that it is saved. */
  told?(answer: object): void;
  /** As a draft of its own; the address of its page. */
  copy(text: string): Promise<string>;
  /** What on the page says the same as the picture, and is read again once that is saved. */
  renewed: string;
  /** Milliseconds of rest until it is saved. */
  pause?: number;
}

const PAUSE = 2_500;
/** Until what could not be saved is tried again. */
const AGAIN = 15_000;
const DENIED = [401, 403];

export class Saving {
  private timer = 0;
  private busy: Promise<void> | null = null;
  private dirty = false;
  private conflict = false;

  constructor(private readonly work: Work, private readonly config: Session, private readonly status: HTMLElement) {
    addEventListener('beforeunload', event => { if (this.dirty) event.preventDefault(); });
    const copy = document.querySelector<HTMLButtonElement>('[data-save-copy]');
    copy?.addEventListener('click', () => void this.keepAsCopy(copy));
  }

  changed(): void {
    this.dirty = true;
    if (this.conflict) return;
    this.say('changed');
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(), this.work.pause ?? PAUSE);
  }

  get unsaved(): boolean { return this.dirty; }

  /** Save what is not saved yet; true where all is. */
  async save(): Promise<boolean> {
    clearTimeout(this.timer);
    while (this.busy) await this.busy; // who waited as well may have begun the next
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
      const text = await this.work.text();
      let answer = await this.work.put(text);
      if (DENIED.includes(answer.status)) {
        await renewToken(this.config);
        answer = await this.work.put(text);
      }
      if (answer.ok) {
        const saved = await answer.json() as Saved;
        this.saved(saved);
        this.work.told?.(saved);
        return;
      }
      this.dirty = true;
      if (answer.status === 412) await this.tell();
      else this.retry(DENIED.includes(answer.status) ? 'expired' : 'failed');
    } catch {
      this.dirty = true;
      this.retry('offline');
    }
  }

  private retry(word: string): void {
    this.say(word);
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(), AGAIN);
  }

  private saved({ revision, updated_at }: Saved): void {
    this.config.revision = revision;
    const { renewed } = this.work; // what is in there speaks of the revision that it shows
    for (const field of document.querySelectorAll<HTMLInputElement>('input[name=revision]')) {
      if (!field.closest(renewed)) field.value = String(revision);
    }
    this.say(this.dirty ? 'changed' : 'saved', this.dirty ? '' : this.clock(updated_at));
    document.documentElement.dataset.revision = String(revision);
    void this.renew();
  }

  private async renew(): Promise<void> {
    const page = await fetch(location.pathname).then(answer => answer.text());
    const fresh = new DOMParser().parseFromString(page, 'text/html').querySelector(this.work.renewed);
    const place = document.querySelector(this.work.renewed);
    if (fresh && place && !place.contains(document.activeElement)) place.replaceChildren(...fresh.childNodes);
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
      const page = await this.work.copy(await this.work.text());
      this.dirty = false;
      location.assign(page);
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
