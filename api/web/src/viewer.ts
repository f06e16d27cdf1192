// The diagram of one instance: tokens on it, coloured by state. The table below says the same.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css';
import './viewer.css';
import { lettering, thaiText } from './islands/thai-text';

/** What the server says about the diagram: element ids by state, flows taken, words for tokens. */
interface Progress {
  xml: string;
  done: string[];
  active: { id: string; tokens: number; label: string }[];
  stuck: string[];
  flows: string[];
}

interface Canvas {
  addMarker(id: string, marker: string): void;
  zoom(level?: string | number, center?: string): number;
  scrollToElement(id: string, padding?: number): void;
}
interface Overlays { add(id: string, type: string, overlay: object): void }
interface Registry { get(id: string): unknown; find(fits: (element: { id: string; type: string }) => boolean): { id: string } | undefined }

/** Below this scale labels cannot be read. */
const SMALLEST = 0.65;

function badge(className: string, text: string): HTMLElement {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = text;
  return element;
}

async function draw(container: HTMLElement): Promise<void> {
  const progress = JSON.parse(document.getElementById(container.dataset.progress ?? '')!.textContent!) as Progress;
  const viewer = new NavigatedViewer({
    container,
    additionalModules: [thaiText],
    textRenderer: lettering,
    zoomScroll: { enabled: false }, // the wheel scrolls the page
  } as object);
  const xml = await fetch(progress.xml).then(answer => answer.text());
  await document.fonts.load('12px Sarabun', 'ก'); // else labels are measured in another font
  await viewer.importXML(xml);
  mark(viewer, progress);
  show(viewer, progress);
  buttons(viewer);
}

/** The whole diagram where it can be read so small, else the place where the case stands. */
function show(viewer: NavigatedViewer, progress: Progress): void {
  const canvas = viewer.get<Canvas>('canvas');
  canvas.zoom('fit-viewport', 'auto');
  if (canvas.zoom() >= SMALLEST) return;
  const shapes = viewer.get<Registry>('elementRegistry');
  const here = progress.active[0]?.id ?? progress.stuck[0] ?? shapes.find(one => one.type === 'bpmn:StartEvent')?.id;
  canvas.zoom(SMALLEST);
  if (here !== undefined && shapes.get(here) !== undefined) canvas.scrollToElement(here, 140);
}

function buttons(viewer: NavigatedViewer): void {
  const canvas = viewer.get<Canvas>('canvas');
  const acts: Record<string, () => void> = {
    in: () => { canvas.zoom(Math.min(canvas.zoom() * 1.25, 3), 'auto'); },
    out: () => { canvas.zoom(Math.max(canvas.zoom() / 1.25, 0.1), 'auto'); },
    fit: () => { canvas.zoom('fit-viewport', 'auto'); },
  };
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-diagram]')) {
    button.addEventListener('click', () => acts[button.dataset.diagram ?? '']?.());
  }
}

function mark(viewer: NavigatedViewer, progress: Progress): void {
  const canvas = viewer.get<Canvas>('canvas');
  const overlays = viewer.get<Overlays>('overlays');
  const known = (id: string) => viewer.get<Registry>('elementRegistry').get(id) !== undefined;
  for (const id of progress.done.filter(known)) canvas.addMarker(id, 'at-done');
  for (const id of progress.flows.filter(known)) canvas.addMarker(id, 'at-flow');
  for (const id of progress.stuck.filter(known)) canvas.addMarker(id, 'at-stuck');
  for (const { id, tokens, label } of progress.active.filter(({ id }) => known(id))) {
    canvas.addMarker(id, 'at-now');
    overlays.add(id, 'token', { position: { top: -12, right: 12 }, html: badge('at-token', String(tokens)) });
    if (label) overlays.add(id, 'who', { position: { bottom: 12, left: 4 }, html: badge('at-who', label) });
  }
}

for (const container of document.querySelectorAll<HTMLElement>('[data-progress]')) {
  draw(container).catch(() => {
    container.textContent = container.dataset.failed ?? '';
  });
}
