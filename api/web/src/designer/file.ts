// A form or a decision model beside a diagram: read from the page, kept in the same draft.
import { type Formulas, type Session, call, copied, match } from './config';
import { tellMoved } from './moved';
import { type Work, Saving } from './saving';

export interface FileConfig extends Session, Formulas {
  file: string;
  content: string;
  room: 'decisions' | 'forms';
  /** What the diagram and its forms can have. */
  variables: string[];
}

function put(config: FileConfig, id: string, content: string, revision?: number): Promise<Response> {
  return call({ ...config, id }, 'PUT', '/file', { name: config.file, content, drawn: true }, match(revision));
}

/** The draft's diagram as it is kept, with this file, as a draft of its own. */
async function copy(config: FileConfig, content: string): Promise<string> {
  const { xml } = await call(config, 'GET', '').then(answer => answer.json()) as { xml: string };
  const id = await copied(config, xml);
  const answer = await put(config, id, content);
  if (!answer.ok) throw new Error(String(answer.status));
  return `/designer/${id}/${config.room}/${encodeURIComponent(config.file)}`;
}

export function keep(config: FileConfig, text: () => Promise<string>): Saving {
  const work: Work = {
    text, pause: 700, renewed: '[data-renewed]',
    put: content => put(config, config.id, content, config.revision),
    told: tellMoved,
    copy: content => copy(config, content),
  };
  const saving = new Saving(work, config, document.querySelector<HTMLElement>('[data-save-status]')!);
  document.addEventListener('keydown', event => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') { event.preventDefault(); void saving.save(); }
  });
  document.querySelector('button[data-diagram=save]')?.addEventListener('click', () => void saving.save());
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-after-save]')) {
    link.addEventListener('click', event => {
      event.preventDefault();
      void saving.save().then(done => { if (done) location.assign(link.href); });
    });
  }
  // A form of the page changes or asks what is kept: what is drawn is kept first.
  document.addEventListener('submit', event => {
    const form = event.target as HTMLFormElement;
    if (!form.closest('[data-renewed]') || !saving.unsaved) return;
    event.preventDefault();
    void saving.save().then(done => { if (done) form.requestSubmit(event.submitter as HTMLElement | null); });
  });
  return saving;
}
