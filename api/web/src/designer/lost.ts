// A file with something in it that would not be in it when it is saved: it is not opened, and nothing is lost.
export interface Lost { what: string; line: string }

/** What of a file the reader has left out: what it does not know, and what has an id that is taken. */
export function lost(warnings: { message?: string }[]): Lost | null {
  for (const { message = '' } of warnings) {
    const [, what, line] = /unparsable content <([^>]+)>[^]*?line: (\d+)/.exec(message) ?? [];
    if (what) return { what: what.replace(/^.*:/, ''), line: String(Number(line) + 1) };
  }
  return null;
}

export class Unread extends Error {
  constructor(readonly lost: Lost) { super(lost.what); }
}

/** Words with a place for {what} and {line}. */
export function saying(words: string, { what, line }: Lost): string {
  return words.replace('{what}', what).replace('{line}', line);
}
