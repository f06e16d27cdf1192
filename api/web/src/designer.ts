// The designer's canvas. Findings, steps and files stand on the page without it as well.
import { CreateAppendAnythingModule } from 'bpmn-js-create-append-anything';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css';
import './designer.css';
import { known } from './designer/completing';
import { type Config, call, copied, match, readConfig, translator, worded } from './designer/config';
import { Lint } from './designer/lint';
import { FaithfulModeler, faithful } from './designer/lossless';
import { Unread, saying } from './designer/lost';
import { Diagram } from './designer/model';
import { fieldOf } from './designer/mended';
import { tellMoved } from './designer/moved';
import { Panel } from './designer/panel';
import { Saving } from './designer/saving';
import saraban from './designer/saraban.json';
import { lettering, thaiText } from './islands/thai-text';

interface Events { on(event: string, hear: () => void): void }
interface Stack { undo(): void; redo(): void; canUndo(): boolean; canRedo(): boolean }

function make(container: HTMLElement, config: Config): FaithfulModeler {
  return new FaithfulModeler({
    container,
    additionalModules: [faithful, thaiText, translator(config), CreateAppendAnythingModule],
    moddleExtensions: { saraban },
    textRenderer: lettering,
  });
}

/** Below this scale labels cannot be read. */
const SMALLEST = 0.6;
/** What the palette covers, in pixels. */
const PALETTE = 120;

function fit({ canvas }: Diagram): void {
  canvas.zoom('fit-viewport', 'auto');
  canvas.scroll({ dx: PALETTE / 2, dy: 0 });
}

/** All of it where it can be read so small, else where it begins. */
function show(diagram: Diagram): void {
  const { canvas, registry, modeler } = diagram;
  if (matchMedia('(max-width: 62rem)').matches) (modeler.get('palette') as { close(): void }).close();
  fit(diagram);
  if (canvas.zoom() >= SMALLEST) return;
  canvas.zoom(SMALLEST);
  const begin = registry.filter(one => one.type === 'bpmn:StartEvent')[0];
  if (begin) canvas.scrollToElement(begin, { top: 200, bottom: 200, left: PALETTE + 40, right: 100 });
}

function bar(diagram: Diagram, saving: Saving): void {
  const stack = diagram.modeler.get('commandStack') as Stack;
  const { canvas } = diagram;
  const acts: Record<string, () => void> = {
    in: () => { canvas.zoom(Math.min(canvas.zoom() * 1.25, 4), 'auto'); },
    out: () => { canvas.zoom(Math.max(canvas.zoom() / 1.25, 0.1), 'auto'); },
    fit: () => { fit(diagram); },
    undo: () => { if (stack.canUndo()) stack.undo(); },
    redo: () => { if (stack.canRedo()) stack.redo(); },
    save: () => { void saving.save(); },
  };
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-diagram]')) {
    button.addEventListener('click', () => acts[button.dataset.diagram ?? '']?.());
  }
  document.addEventListener('keydown', event => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') { event.preventDefault(); void saving.save(); }
  });
  // Also those that come with findings later.
  document.addEventListener('click', event => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-after-save]');
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void saving.save().then(done => { if (done) location.assign(link.href); });
  });
}

/** What the palette's pictures are called is read aloud only: whoever points at one sees it as well. */
function tell(container: HTMLElement): void {
  for (const entry of container.querySelectorAll<HTMLElement>('.djs-palette .entry')) entry.title = entry.ariaLabel ?? '';
}

/** A press on an element's name, in findings or steps, shows and selects it. */
function names(diagram: Diagram, panel: HTMLElement): void {
  const show = (id: string, at = '', says = '') => {
    if (!diagram.reveal(id)) return;
    const field = at ? fieldOf(panel, at, says) : null;
    const group = field?.closest('details');
    if (group) group.open = true;
    (field ?? panel).focus();
  };
  document.addEventListener('click', event => {
    const link = (event.target as Element).closest<HTMLElement>('[data-element]');
    if (!link) return;
    event.preventDefault();
    show(link.dataset.element ?? '', link.dataset.at, link.dataset.says);
  });
  const asked = new URLSearchParams(location.search);
  if (location.hash.startsWith('#el-')) show(decodeURIComponent(location.hash.slice(4)), asked.get('at') ?? '', asked.get('says') ?? '');
}

/** Some tools write no places: then they are worked out, and kept once the diagram is saved. */
async function draw(modeler: FaithfulModeler, xml: string): Promise<string[]> {
  try {
    return await modeler.load(xml);
  } catch (error) {
    if (!isUndrawn(error)) throw error;
    const { laidOut } = await import('./designer/layout');
    return modeler.load(await laidOut(xml).catch(() => { throw error; }));
  }
}

/** What the file has and the canvas does not show stays in it: whoever draws must know. */
function missing(ids: string[]): void {
  const notice = document.querySelector<HTMLElement>('[data-undrawn]');
  if (!notice || !ids.length) return;
  notice.querySelector('span')!.textContent = ids.join(', ');
  notice.hidden = false;
}

function isUndrawn(error: unknown): boolean {
  return error instanceof Error && /no diagram to display/.test(error.message);
}

async function drafted(config: Config): Promise<{ xml: string; revision: number }> {
  const answer = await call(config, 'GET', '');
  if (!answer.ok) throw new Error(String(answer.status));
  return await answer.json() as { xml: string; revision: number };
}

async function design(container: HTMLElement): Promise<void> {
  const config = readConfig();
  known.functions = config.functions;
  const [draft] = await Promise.all([
    drafted(config), document.fonts.load('12px Sarabun', 'ก'), // else labels are measured in another font
  ]);
  const judged = draft.revision === config.revision; // else somebody saved since the page was made
  config.revision = draft.revision;
  const modeler = make(container, config);
  const diagram = new Diagram(modeler);
  const panel = document.querySelector<HTMLElement>('[data-props]')!;
  new Panel(panel, diagram, config);
  const lint = new Lint(diagram, config, document.querySelector<HTMLElement>('[data-findings] tbody')!);
  const saving = new Saving({
    text: () => modeler.text(),
    put: xml => call(config, 'PUT', '', { xml, drawn: true }, match(config.revision)),
    told: tellMoved,
    copy: async xml => `/designer/${await copied(config, xml)}`,
    renewed: '[data-steps]',
  }, config, document.querySelector<HTMLElement>('[data-save-status]')!);
  missing(await draw(modeler, draft.xml));
  (modeler.get('eventBus') as Events).on('commandStack.changed', () => { saving.changed(); lint.changed(); });
  show(diagram);
  tell(container);
  bar(diagram, saving);
  names(diagram, panel);
  if (judged) lint.tell(config.findings, config.variables);
  else await lint.ask();
  container.dataset.ready = 'true';
}

for (const container of document.querySelectorAll<HTMLElement>('[data-designer]')) {
  design(container).catch((error: unknown) => {
    const config = readConfig();
    const why = isUndrawn(error) ? 'undrawn' : 'unopened';
    const text = error instanceof Unread ? saying(worded(config)('unread'), error.lost) : worded(config)(why);
    container.replaceChildren(Object.assign(document.createElement('p'), { className: 'canvas__said', textContent: text }));
    container.dataset.failed = why;
  });
}
