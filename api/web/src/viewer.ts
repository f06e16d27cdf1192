// The diagram of one instance: tokens on it, coloured by state. The table below says the same.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css';
import './viewer.css';
import { thaiText } from './islands/thai-text';

/** What the server says about the diagram: element ids by state, flows taken, words for tokens. */
interface Progress {
  xml: string;
  done: string[];
  active: { id: string; tokens: number; label: string }[];
  stuck: string[];
  flows: string[];
}

interface Canvas { addMarker(id: string, marker: string): void; zoom(mode: string, center?: string): void }
interface Overlays { add(id: string, type: string, overlay: object): void }
interface Registry { get(id: string): unknown }

function badge(className: string, text: string): HTMLElement {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = text;
  return element;
}

async function draw(container: HTMLElement): Promise<void> {
  const progress = JSON.parse(document.getElementById(container.dataset.progress ?? '')!.textContent!) as Progress;
  const font = { fontFamily: 'Sarabun, sans-serif', fontSize: 13 };
  const viewer = new NavigatedViewer({
    container,
    additionalModules: [thaiText],
    textRenderer: { defaultStyle: font, externalStyle: { ...font, fontSize: 12 } },
  } as object);
  const xml = await fetch(progress.xml).then(answer => answer.text());
  await document.fonts.load('13px Sarabun', 'ก'); // else labels are measured in another font
  await viewer.importXML(xml);
  mark(viewer, progress);
  viewer.get<Canvas>('canvas').zoom('fit-viewport', 'auto');
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
