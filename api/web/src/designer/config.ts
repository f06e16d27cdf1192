// What the page tells the designer: addresses, words of the reader's language, what can be chosen.

export type Choice = [value: string, label: string];
export interface ActionFact { name: string; label: string; inputs: string[]; required: string[] }

export interface Config {
  id: string;
  revision: number;
  csrf: string;
  language: 'th' | 'en';
  words: Record<string, string>;
  /** What bpmn-js says in English, in the reader's language. */
  editor: Record<string, string>;
  /** What people call an element, by its BPMN name. */
  kinds: Record<string, string>;
  choices: Record<'position' | 'role' | 'unit' | 'person' | 'form' | 'decision' | 'process', Choice[]>;
  actions: ActionFact[];
}

export function readConfig(): Config {
  return JSON.parse(document.getElementById('designer')!.textContent!) as Config;
}

/** Whoever signed in anew has another token: the page knows it. */
export async function renewToken(config: Config): Promise<void> {
  const page = await fetch(location.pathname).then(answer => answer.text());
  const fresh = new DOMParser().parseFromString(page, 'text/html').getElementById('designer')?.textContent;
  if (fresh) config.csrf = (JSON.parse(fresh) as Config).csrf;
}

/** The word for `key`; a missing one shows itself. */
export function worded(config: Config): (key: string) => string {
  return key => config.words[key] ?? key;
}

/** A call to the API on behalf of the page's session. */
export function call(config: Config, method: string, path: string, body?: object, more: Record<string, string> = {},
  signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json', 'X-CSRF-Token': config.csrf, ...more };
  if (body) headers['Content-Type'] = 'application/json';
  return fetch(`/api/v1/model-drafts/${config.id}${path}`, {
    method, headers, body: body ? JSON.stringify(body) : null, ...(signal ? { signal } : {}),
  });
}
