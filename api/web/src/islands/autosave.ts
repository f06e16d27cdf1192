// Saves a draft while it is written, with the revision it was read at; a conflict stops it.
import { one } from './dom';

const PAUSE = 4_000;

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
      const saved = await answer.json() as { revision: number; time: string };
      one<HTMLInputElement>(form!, '[name=base_revision]')!.value = String(saved.revision);
      say('saved', saved.time);
    } catch {
      say('offline');
    }
  }

  form.addEventListener('input', event => {
    if (stopped || (event.target as HTMLElement).closest('[data-no-autosave]')) return;
    clearTimeout(timer);
    say('changed');
    timer = window.setTimeout(() => void save(), PAUSE);
  });
  form.addEventListener('submit', () => clearTimeout(timer));
}
