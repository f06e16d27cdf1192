// Places for a diagram that says nothing about them: only the places are taken over, the rest stays.
import { layoutProcess } from 'bpmn-auto-layout';

const PLACES = [
  'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"',
  'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"',
  'xmlns:di="http://www.omg.org/spec/DD/20100524/DI"',
].join(' ');

export async function laidOut(xml: string): Promise<string> {
  const made = await layoutProcess(xml);
  const drawn = /<bpmndi:BPMNDiagram[^]*<\/bpmndi:BPMNDiagram>/.exec(made)?.[0];
  const end = xml.lastIndexOf('</');
  if (!drawn || end < 0) throw new Error('nothing was laid out');
  return xml.slice(0, end) + drawn.replace('<bpmndi:BPMNDiagram', `<bpmndi:BPMNDiagram ${PLACES}`) + xml.slice(end);
}
