// Saves a draft while it is written, with the revision it was read at; a conflict stops it.
// One save at a time. A save without an answer may have arrived: it is sent again as it was, under
// its own id, before anything newer; else one's own words would come back as somebody else's.
import { one } from './dom';

const PAUSE = 4_000;
/** While there is no connection. */
const AGAIN = 15_000;
/** A connection that says nothing for so long is lost. */
const SILENCE = 20_000;
/** What stands between may say these in place of the server. */
const NO_ANSWER = [502, 503, 504];

/** What goes to the server, and all that was typed by then. */
interface Sending { data: FormData; said: string }

/** `base`: what the form begins from now; `merged` and `sent` where another's changes came in. */
interface Saved { revision: number; time: string; base: string; merged?: Record<string, string>; sent?: string }

/** All that is typed, to tell whether more was typed since. */
function said(form: HTMLFormElement): string {
  return JSON.stringify([...new FormData(form)].filter(([name]) => !name.startsWith('base_')));
}

function typed(form: HTMLFormElement): Sending {
  const data = new FormData(form);
  data.set('command_id', crypto.randomUUID());
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  return { data, said: said(form) };
}

async function post(form: HTMLFormElement, { data }: Sending): Promise<Response> {
  const answer = await fetch(form.dataset.autosave!, {
    method: 'POST', body: data, headers: { Accept: 'application/json' }, signal: AbortSignal.timeout(SILENCE),
  });
  if (NO_ANSWER.includes(answer.status)) throw new Error(answer.statusText);
  return answer;
}

function begin(form: HTMLFormElement, saved: Saved, untouched: boolean): void {
  const field = (name: string) => one<HTMLInputElement>(form, `[name=${name}]`);
  if (saved.merged && !untouched) {
    // what was typed since belongs to the words that were sent: the next save puts all together
    field('base_content')!.value = saved.sent!;
    return;
  }
  field('base_revision')!.value = String(saved.revision);
  field('base_content')!.value = saved.base;
  for (const [name, value] of Object.entries(saved.merged ?? {})) {
    const shown = field(name);
    if (!shown || shown.value === value) continue;
    shown.value = value;
    shown.dispatchEvent(new Event('change', { bubbles: true }));
  }
}

export function autosave(root: ParentNode): void {
  const form = one<HTMLFormElement>(root, 'form[data-autosave]');
  const status = one(root, '[data-autosave-status]');
  if (!form || !status) return;
  let timer = 0;
  let stopped = false;
  let busy: Promise<void> | null = null;
  let unanswered: Sending | null = null;
  const say = (word: string, time = '') => {
    status.textContent = `${status.dataset[word] ?? ''} ${time}`.trim();
    status.dataset.state = word;
  };
  const after = (pause: number) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void save(), pause);
  };

  /** Whoever calls during a save waits for that one; what is newer goes after it. */
  function save(): Promise<void> {
    clearTimeout(timer);
    busy ??= send().finally(() => { busy = null; });
    return busy;
  }

  async function send(): Promise<void> {
    const sending = unanswered ??= typed(form!);
    say('saving');
    try {
      const answer = await post(form!, sending);
      const saved = answer.ok ? await answer.json() as Saved : null;
      unanswered = null;
      if (answer.status === 412) { stopped = true; say('conflict'); return; }
      if (answer.status === 401) { stopped = true; say('expired'); return; }
      const untouched = said(form!) === sending.said;
      if (saved) begin(form!, saved, untouched);
      if (!untouched) { say('changed'); after(PAUSE); return; }
      if (!saved) { say('failed'); return; }
      form!.dispatchEvent(new Event('saraban:saved'));
      say(saved.merged ? 'merged' : 'saved', saved.time);
    } catch {
      say('offline');
      after(AGAIN);
    }
  }
  // who needs the server to have all that is typed says so, and is told whether it has
  form.addEventListener('saraban:save', event => {
    const done = (event as CustomEvent<(saved: boolean) => void>).detail;
    void (async () => {
      if (busy || unanswered || status.dataset.state === 'changed') await save();
      if (status.dataset.state === 'changed') await save(); // typed during the first
      done([undefined, 'saved', 'merged'].includes(status.dataset.state));
    })();
  });
  window.addEventListener('online', () => {
    if (status.dataset.state === 'offline') void save();
  });

  form.addEventListener('input', event => {
    if (stopped || (event.target as HTMLElement).closest('[data-no-autosave]')) return;
    say('changed');
    after(PAUSE);
  });

  let leaving = false;
  form.addEventListener('submit', event => {
    clearTimeout(timer);
    if (leaving || (!busy && !unanswered)) return;
    // the form must begin from what that save made
    event.preventDefault();
    void save().then(() => {
      leaving = true;
      form.requestSubmit(event.submitter);
      leaving = false;
    });
  });
}
