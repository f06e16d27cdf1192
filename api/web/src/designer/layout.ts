// Places for a diagram that says nothing about them: only the places are taken over, the rest stays.
import { layoutProcess } from 'bpmn-auto-layout';

const PLACES = [
  'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"',
  'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"',
  'xmlns:di="http://www.omg.org/spec/DD/20100524/DI"',
].join(' ');

const MODEL = 'http://www.omg.org/spec/BPMN/20100524/MODEL';

export async function laidOut(xml: string): Promise<string> {
  const made = await layoutProcess(saidTwice(xml));
  const drawn = /<bpmndi:BPMNDiagram[^]*<\/bpmndi:BPMNDiagram>/.exec(made)?.[0];
  const end = xml.lastIndexOf('</');
  if (!drawn || end < 0) throw new Error('nothing was laid out');
  return xml.slice(0, end) + drawn.replace('<bpmndi:BPMNDiagram', `<bpmndi:BPMNDiagram ${PLACES}`) + xml.slice(end);
}

/** The layout follows what nodes say of their flows, which files may leave to the flows: without it none were drawn. */
function saidTwice(xml: string): string {
  const file = new DOMParser().parseFromString(xml, 'text/xml');
  const nodes = new Map([...file.getElementsByTagName('*')].map((node) => [node.getAttribute('id'), node]));
  for (const flow of file.getElementsByTagNameNS(MODEL, 'sequenceFlow')) {
    say(nodes.get(flow.getAttribute('sourceRef')), 'outgoing', flow);
    say(nodes.get(flow.getAttribute('targetRef')), 'incoming', flow);
  }
  return new XMLSerializer().serializeToString(file);
}

function say(node: Element | undefined, way: 'incoming' | 'outgoing', flow: Element): void {
  const id = flow.getAttribute('id');
  if (!node || !id) return;
  if ([...node.children].some((child) => child.localName === way && child.textContent?.trim() === id)) return;
  const said = flow.ownerDocument.createElementNS(MODEL, flow.prefix ? `${flow.prefix}:${way}` : way);
  said.textContent = id;
  node.append(said);
}
