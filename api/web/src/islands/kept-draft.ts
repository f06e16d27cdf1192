// Words that the server does not have yet are kept on this device until it has them: a dropped
// connection or a closed window loses none. Of letters above ปกติ nothing is kept, and signing out
// takes all of it away.
import { all, one } from './dom';

/** `sent`: the id of the form that went with these words; empty where none did. */
interface Kept { who: string; at: number; base_revision: string; base_content: string; sent: string; fields: Record<string, string> }

const PREFIX = 'saraban:draft:';
/** Nobody comes back for it later than that. */
const LASTS = 7 * 24 * 3600 * 1000;
const NAMES = ['subject', 'to', 'closing', 'paragraphs'];

export function keptDraft(root: ParentNode): void {
  for (const out of all<HTMLFormElement>(root, 'form[action="/sign-out"]')) out.addEventListener('submit', forgetAll);
  const form = one<HTMLFormElement>(root, 'form[data-autosave]');
  if (!form) return;
  const key = PREFIX + form.dataset.autosave;
  const who = form.dataset.who ?? '';
  offer(form, key, who);
  let timer = 0;
  let changed = false;
  form.addEventListener('input', event => {
    if ((event.target as HTMLElement).closest('[data-no-autosave]')) return;
    changed = true;
    clearTimeout(timer);
    timer = window.setTimeout(() => keep(form, key, who, ''), 300);
  });
  form.addEventListener('saraban:saved', () => { clearTimeout(timer); forget(key); });
  form.addEventListener('submit', event => {
    if (event.defaultPrevented) return; // it goes a moment later
    clearTimeout(timer);
    // other words than the page sent before it was come back to: by its id one knows what arrived
    if (changed) field(form, 'command_id')!.value = crypto.randomUUID();
    changed = false;
    keep(form, key, who, field(form, 'command_id')!.value);
  });
}

const field = (form: HTMLFormElement, name: string) => one<HTMLInputElement>(form, `[name=${name}]`);

function keep(form: HTMLFormElement, key: string, who: string, sent: string): void {
  if (field(form, 'secrecy')?.value !== '1') { forget(key); return; }
  const fields: Record<string, string> = {};
  for (const name of NAMES) {
    const found = field(form, name);
    if (found) fields[name] = found.value;
  }
  const kept: Kept = {
    who, at: Date.now(), sent, fields,
    base_revision: field(form, 'base_revision')!.value, base_content: field(form, 'base_content')!.value,
  };
  try {
    localStorage.setItem(key, JSON.stringify(kept));
  } catch { /* a device without room keeps nothing: the page still has the words */ }
}

function forget(key: string): void {
  try { localStorage.removeItem(key); } catch { /* nothing was kept */ }
}

function forgetAll(): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch { /* nothing was kept */ }
}

function recall(key: string, who: string): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as Kept | null;
    if (kept && (kept.who !== who || Date.now() - kept.at > LASTS)) { forget(key); return null; }
    return kept;
  } catch {
    return null;
  }
}

/** As the server keeps it: no empty lines, no spaces at the ends. */
function lines(text = ''): string {
  return text.split('\n').map(line => line.trim()).filter(Boolean).join('\n');
}

/** What a former page could not save is offered, never put in unasked. */
function offer(form: HTMLFormElement, key: string, who: string): void {
  const kept = recall(key, who);
  const notice = one(document, '[data-kept]');
  if (!kept || !notice) return;
  if (field(form, 'secrecy')?.value !== '1') { forget(key); return; }
  // the words that this page shows are in it alone, until they are saved
  if (form.hasAttribute('data-unsaved')) return;
  const same = Object.entries(kept.fields).every(([name, value]) => lines(field(form, name)?.value) === lines(value));
  const arrived = !!kept.sent && form.dataset.accepted === kept.sent;
  if (arrived || same) { forget(key); return; }
  notice.hidden = false;
  one(notice, '[data-kept-back]')?.addEventListener('click', () => { notice.hidden = true; putBack(form, kept); });
  one(notice, '[data-kept-drop]')?.addEventListener('click', () => { notice.hidden = true; forget(key); });
}

/** With what they began from: the server puts them together with what was saved since. */
function putBack(form: HTMLFormElement, kept: Kept): void {
  field(form, 'base_revision')!.value = kept.base_revision;
  field(form, 'base_content')!.value = kept.base_content;
  for (const [name, value] of Object.entries(kept.fields)) {
    const shown = field(form, name);
    if (!shown || shown.value === value) continue;
    shown.value = value;
    shown.dispatchEvent(new Event('change', { bubbles: true }));
  }
  form.dispatchEvent(new Event('input', { bubbles: true }));
}
