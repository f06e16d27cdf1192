// Saves a draft while it is written, with the revision it was read at; a conflict stops it.
import { one } from './dom';

const PAUSE = 4_000;
/** While there is no connection. */
const AGAIN = 15_000;

/** `base`: what the form begins from now; `merged` and `sent` where another's changes came in. */
interface Saved { revision: number; time: string; base: string; merged?: Record<string, string>; sent?: string }

/** All that is typed, to tell whether more was typed since. */
function said(form: HTMLFormElement): string {
  return JSON.stringify([...new FormData(form)].filter(([name]) => !name.startsWith('base_')));
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
  const say = (word: string, time = '') => {
    status.textContent = `${status.dataset[word] ?? ''} ${time}`.trim();
    status.dataset.state = word;
  };

  async function save(): Promise<void> {
    const data = new FormData(form!);
    const sent = said(form!);
    data.set('command_id', crypto.randomUUID());
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    say('saving');
    try {
      const answer = await fetch(form!.dataset.autosave!, {
        method: 'POST', body: data, headers: { Accept: 'application/json' },
      });
      if (answer.status === 412) { stopped = true; say('conflict'); return; }
      if (answer.status === 401) { stopped = true; say('expired'); return; }
      if (!answer.ok) { say('failed'); return; }
      const saved = await answer.json() as Saved;
      const untouched = said(form!) === sent;
      begin(form!, saved, untouched);
      if (untouched) form!.dispatchEvent(new Event('saraban:saved'));
      say(saved.merged ? 'merged' : 'saved', saved.time);
    } catch {
      say('offline');
      timer = window.setTimeout(() => void save(), AGAIN);
    }
  }
  window.addEventListener('online', () => {
    if (status.dataset.state !== 'offline') return;
    clearTimeout(timer);
    void save();
  });

  form.addEventListener('input', event => {
    if (stopped || (event.target as HTMLElement).closest('[data-no-autosave]')) return;
    clearTimeout(timer);
    say('changed');
    timer = window.setTimeout(() => void save(), PAUSE);
  });
  form.addEventListener('submit', () => clearTimeout(timer));
}
