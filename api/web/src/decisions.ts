// The editor of decision models: their requirements as a graph, each table as a table. The page
// below says the same in forms of its own.
import DmnModeler from 'dmn-js/lib/Modeler';
import 'dmn-js/dist/assets/diagram-js.css';
import 'dmn-js/dist/assets/dmn-js-shared.css';
import 'dmn-js/dist/assets/dmn-js-drd.css';
import 'dmn-js/dist/assets/dmn-js-decision-table.css';
import 'dmn-js/dist/assets/dmn-js-decision-table-controls.css';
import 'dmn-js/dist/assets/dmn-js-literal-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression-controls.css';
import 'dmn-js/dist/assets/dmn-font/css/dmn.css';
import './designer.css';
import './decisions.css';
import { type Dialect, dialect } from './decisions/dialect';
import { Unread, lost, saying } from './designer/lost';
import { reading } from './decisions/names';
import { type Described, keepSaid, knowUnits } from './designer/defaults';
import { readConfig, translator, worded } from './designer/config';
import { offered } from './designer/feel-editor';
import { el } from './designer/fields';
import { type FileConfig, keep } from './designer/file';

interface View { type: 'drd' | 'decisionTable' | 'literalExpression' | 'boxedExpression'; element: { id: string; name?: string } }
interface Viewer { on(event: string, hear: () => void): void }
interface Modeler {
  importXML(xml: string): Promise<{ warnings: { message?: string }[] }>;
  saveXML(options: object): Promise<{ xml: string }>;
  getViews(): View[];
  getActiveView(): View | undefined;
  open(view: View): Promise<unknown>;
  on(event: string, hear: (event: { viewer: Viewer }) => void): void;
}

class FaithfulModeler extends (DmnModeler as unknown as new (options: object) => Modeler) {
  _createModdle(options: object): unknown {
    const make = (DmnModeler.prototype as unknown as { _createModdle(o: object): Described })._createModdle;
    const moddle = make.call(this, options);
    keepSaid(moddle);
    knowUnits(moddle);
    return moddle;
  }
}

/** One press for each view: the graph, then what is decided, by name. */
function tabs(modeler: Modeler, bar: HTMLElement, graph: string): void {
  const active = modeler.getActiveView();
  bar.replaceChildren(...modeler.getViews().map(view => {
    const chosen = view.element.id === active?.element.id;
    const name = view.type === 'drd' ? graph : view.element.name ?? view.element.id;
    const button = el('button', { type: 'button', class: 'btn btn--sm', 'aria-pressed': String(chosen) }, name);
    button.addEventListener('click', () => { void modeler.open(view).then(() => button.focus()); });
    return button;
  }));
}

/** The corner of a table heads nothing. */
function corner(container: HTMLElement): void {
  for (const one of container.querySelectorAll('th.index-column')) one.setAttribute('role', 'cell');
}

async function read(modeler: Modeler, { read }: Dialect, xml: string): Promise<void> {
  const { warnings } = await modeler.importXML(read(xml));
  const found = lost(warnings);
  if (found) throw new Unread(found);
}

async function design(container: HTMLElement): Promise<void> {
  const config = readConfig<FileConfig>();
  await document.fonts.load('13px Sarabun', 'ก');
  Object.assign(offered, { functions: config.functions, words: config.editor });
  const words = translator(config), said = { additionalModules: [words, reading(config.variables)] };
  const modeler = new FaithfulModeler({
    container, drd: { additionalModules: [words] }, decisionTable: said, literalExpression: said, boxedExpression: said,
  });
  const bar = document.querySelector<HTMLElement>('[data-views]')!;
  const graph = worded(config)('graph');
  const language = dialect(config.content);
  const saving = keep(config, async () => language.write((await modeler.saveXML({ format: true })).xml));
  modeler.on('viewer.created', ({ viewer }) => { viewer.on('commandStack.changed', () => saving.changed()); });
  modeler.on('views.changed', () => { tabs(modeler, bar, graph); corner(container); });
  await read(modeler, language, config.content);
  const first = modeler.getViews().find(view => view.type !== 'drd');
  if (first && modeler.getViews().length === 2) await modeler.open(first);
  tabs(modeler, bar, graph);
  corner(container);
  container.dataset.ready = 'true';
}

for (const container of document.querySelectorAll<HTMLElement>('[data-decisions]')) {
  design(container).catch((error: unknown) => {
    const say = worded(readConfig<FileConfig>());
    const text = error instanceof Unread
      ? saying(say('unread'), error.lost) : say('unopened');
    container.replaceChildren(el('p', { class: 'canvas__said' }, text));
    container.dataset.failed = 'true';
  });
}
