// Words that the server does not have yet are kept on this device until it has them, all fields of
// the form: a dropped connection or a closed window loses none, of a new letter neither. Each person
// is offered their own. Of letters above ปกติ nothing is kept, and signing out takes all of it away.
import { all, one } from './dom';
import { fillRows } from './rows';

type Fields = Record<string, string[]>;

/** `sent`: the id of the form that went with these words; empty where none did. */
interface Kept { at: number; base_revision: string; base_content: string; sent: string; fields: Fields }

const PREFIX = 'saraban:draft:';
/** Nobody comes back for it later than that. */
const LASTS = 7 * 24 * 3600 * 1000;
/** The page's own, which no writer types. */
const OWN = ['csrf_token', 'command_id', 'base_revision', 'base_content', 'kind', 'reply_to'];

export function keptDraft(root: ParentNode): void {
  for (const out of all<HTMLFormElement>(root, 'form[action="/sign-out"]')) out.addEventListener('submit', forgetAll);
  tidy();
  const form = one<HTMLFormElement>(root, 'form[data-keep]');
  if (!form) return;
  const draft = PREFIX + encodeURIComponent(form.dataset.who ?? '') + form.dataset.keep;
  let key = keyOf(form, draft);
  offer(form, draft, taken => { key = taken; });
  let timer = 0;
  let changed = false;
  const now = (sent = '') => {
    clearTimeout(timer);
    timer = 0;
    keep(form, key, sent);
  };
  form.addEventListener('input', event => {
    if ((event.target as HTMLElement).closest('[data-no-autosave]')) return;
    changed = true;
    clearTimeout(timer);
    timer = window.setTimeout(now, 300);
  });
  window.addEventListener('pagehide', () => { if (timer) now(); });
  form.addEventListener('saraban:saved', () => { clearTimeout(timer); timer = 0; forget(key); });
  form.addEventListener('submit', event => {
    if (event.defaultPrevented) return; // it goes a moment later
    // other words than the page sent before it was come back to: by its id one knows what arrived
    if (changed) field(form, 'command_id')!.value = crypto.randomUUID();
    changed = false;
    now(field(form, 'command_id')!.value);
  });
}

const field = (form: HTMLFormElement, name: string) => one<HTMLInputElement>(form, `[name=${name}]`);

/** Of a draft its address; each new letter has a key of its own, so that two are not one another's. */
function keyOf(form: HTMLFormElement, draft: string): string {
  if (!draft.endsWith('/new/')) return draft;
  const { sent } = form.dataset; // the page that was refused and is shown again goes on with its own
  return (sent && keys().find(key => key.startsWith(draft) && recall(key)?.sent === sent)) || draft + crypto.randomUUID();
}

function typed(form: HTMLFormElement): Fields {
  const fields: Fields = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string' && !OWN.includes(name)) (fields[name] ??= []).push(value);
  }
  return fields;
}

function keep(form: HTMLFormElement, key: string, sent: string): void {
  if (secret(form)) { forget(key); return; }
  const kept: Kept = {
    at: Date.now(), sent, fields: typed(form),
    base_revision: field(form, 'base_revision')?.value ?? '', base_content: field(form, 'base_content')?.value ?? '',
  };
  try {
    localStorage.setItem(key, JSON.stringify(kept));
  } catch { /* a device without room keeps nothing: the page still has the words */ }
}

const secret = (form: HTMLFormElement) => field(form, 'secrecy')?.value !== '1';

function forget(key: string): void {
  try { localStorage.removeItem(key); } catch { /* nothing was kept */ }
}

function forgetAll(): void {
  for (const key of keys()) forget(key);
}

function keys(): string[] {
  try { return Object.keys(localStorage).filter(key => key.startsWith(PREFIX)); } catch { return []; }
}

function recall(key: string): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as Kept | null;
    return kept?.fields && Date.now() - kept.at <= LASTS ? kept : null;
  } catch {
    return null;
  }
}

/**
 * What nobody comes back for goes, and what has arrived: the page behind a save names its form, as
 * its words may have been changed since, and a new letter has another address by then.
 */
function tidy(): void {
  const here = new URL(location.href);
  const accepted = here.searchParams.get('saved');
  for (const key of keys()) {
    const kept = recall(key);
    if (!kept || (kept.sent && kept.sent === accepted)) forget(key);
  }
  if (!accepted) return;
  here.searchParams.delete('saved');
  history.replaceState(history.state, '', here);
}

/** As the server keeps it: no empty lines, no spaces at the ends, no empty rows. */
function meant(fields: Fields): string {
  const lines = (text: string) => text.split('\n').map(line => line.trim()).filter(Boolean).join('\n');
  const names = Object.keys(fields).sort();
  return JSON.stringify(names.map(name => [name, ...fields[name]!.map(lines).filter(Boolean)]).filter(one => one.length > 1));
}

/** What a former page could not save is offered, never put in unasked. `take`: who goes on with it. */
function offer(form: HTMLFormElement, draft: string, take: (key: string) => void): void {
  const notice = one(document, '[data-kept]');
  const found = keys().filter(key => (draft.endsWith('/new/') ? key.startsWith(draft) : key === draft));
  // what the letter says now may have become secret since
  if (secret(form)) { found.forEach(forget); return; }
  // the words that this page shows are in it alone, until they are saved
  if (!notice || form.hasAttribute('data-unsaved')) return;
  const shown = meant(typed(form));
  for (const key of found) if (meant(recall(key)!.fields) === shown) forget(key);
  const key = found.filter(recall).sort((a, b) => recall(b)!.at - recall(a)!.at)[0];
  if (!key) return;
  const kept = recall(key)!;
  notice.hidden = false;
  one(notice, '[data-kept-subject]')!.textContent = kept.fields.subject?.[0] ?? '';
  one(notice, '[data-kept-back]')?.addEventListener('click', () => { notice.hidden = true; take(key); putBack(form, kept); });
  one(notice, '[data-kept-drop]')?.addEventListener('click', () => { notice.hidden = true; forget(key); });
}

/** With what they began from: the server puts them together with what was saved since. */
function putBack(form: HTMLFormElement, kept: Kept): void {
  for (const name of ['base_revision', 'base_content'] as const) {
    const shown = field(form, name);
    if (shown) shown.value = kept[name];
  }
  for (const list of all(form, '[data-rows]')) fillRows(list, kept.fields);
  for (const shown of all<HTMLInputElement>(form, 'input[name],select[name],textarea[name]')) {
    if (!OWN.includes(shown.name) && !shown.closest('[data-row],[data-no-autosave]')) fill(shown, kept.fields[shown.name] ?? []);
  }
  form.dispatchEvent(new Event('input', { bubbles: true }));
}

function fill(shown: HTMLInputElement, values: string[]): void {
  if (shown.type === 'checkbox') { shown.checked = values.includes(shown.value); return; }
  const value = values[0];
  if (value === undefined || shown.value === value) return;
  const was = shown.value;
  shown.value = value;
  // whoever could sign then may be offered no more
  if (shown instanceof HTMLSelectElement && shown.value !== value) shown.value = was;
  shown.dispatchEvent(new Event('change', { bubbles: true }));
}
