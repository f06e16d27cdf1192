// What the page tells the designer: addresses, words of the reader's language, what can be chosen.

export type Choice = [value: string, label: string];
export interface ActionFact { name: string; label: string; inputs: string[]; required: string[] }
/** Another system that processes may call: with what, and which of them. */
export interface ConnectorFact { name: string; title: string; methods: string[]; paths: string[]; processes: string[] }

/** What a deployment would say; the same as a call to /lint answers. */
export interface Finding { code: string; element: string | null; attribute: string | null; outside: string; page: string | null; message: string; mend: string; thai: string | null; thai_mend: string | null; severity: 'error' | 'warning'; file: string }

/** What every page with an editor knows. */
export interface Session {
  id: string;
  revision: number;
  csrf: string;
  language: 'th' | 'en';
  words: Record<string, string>;
  /** What the editor says in English, in the reader's language. */
  editor: Record<string, string>;
}

/** What formulas can name: FEEL's own functions, each with the parameters that a call needs. */
export interface Formulas { functions: Record<string, string[]> }

export interface Config extends Session, Formulas {
  /** What people call an element, by its BPMN name. */
  kinds: Record<string, string>;
  rules: Record<string, string>;
  choices: Record<'position' | 'role' | 'unit' | 'person' | 'form' | 'decision' | 'process', Choice[]>;
  actions: ActionFact[];
  connectors: ConnectorFact[];
  /** What the linter says of the revision that the page is about, and the names of its variables. */
  findings: Finding[];
  variables: string[];
}

export function readConfig<T extends Session = Config>(): T {
  return JSON.parse(document.getElementById('designer')!.textContent!) as T;
}

/** Whoever signed in anew has another token: the page knows it. */
export async function renewToken(config: Session): Promise<void> {
  const page = await fetch(location.pathname).then(answer => answer.text());
  const fresh = new DOMParser().parseFromString(page, 'text/html').getElementById('designer')?.textContent;
  if (fresh) config.csrf = (JSON.parse(fresh) as Session).csrf;
}

/** The word for `key`; a missing one shows itself. */
export function worded(config: Session): (key: string) => string {
  return key => config.words[key] ?? key;
}

/** A call to the API on behalf of the page's session. */
export function call(config: Session, method: string, path: string, body?: object, more: Record<string, string> = {},
  signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json', 'X-CSRF-Token': config.csrf, ...more };
  if (body) headers['Content-Type'] = 'application/json';
  return fetch(`/api/v1/model-drafts/${config.id}${path}`, {
    method, headers, body: body ? JSON.stringify(body) : null, ...(signal ? { signal } : {}),
  });
}

/** A module of the editors of bpmn.io that says their words in the reader's language. */
export function translator(config: Session): object {
  const say = (template: string, places: Record<string, string> = {}) =>
    (config.editor[template] ?? template).replace(/\{([^}]+)\}/g, (_all, name: string) => places[name] ?? `{${name}}`);
  return { translate: ['value', say] };
}

/** The first save of a draft that was copied says that it saw this. */
const FIRST = 1;

export function match(revision: number = FIRST): Record<string, string> {
  return { 'If-Match': `"${revision}"` };
}

/** A diagram as a draft of its own; its id. */
export async function copied(config: Session, xml: string): Promise<string> {
  const answer = await call(config, 'POST', '/copy', { xml, drawn: true });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json() as { id: string }).id;
}
