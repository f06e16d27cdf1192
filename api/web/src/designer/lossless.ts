// bpmn-js forgets a little of what it reads. Whatever a file says must still be in it when it is saved.
import Modeler from 'bpmn-js/lib/Modeler';
import { type Factory, keepSaid } from './defaults';
import { Unread, lost } from './lost';
import type { Bo, Moddle } from './model';

interface Unresolved { element?: Bo; property?: string; value?: string }
interface Warning extends Unresolved { message?: string; context?: { element?: Bo; error?: unknown } }

/** A reference to what the file does not hold: BPMN's lists are variables here, named by such references. */
export function reference(moddle: Moddle, id: string): Bo {
  return moddle.create('bpmn:ItemAwareElement', { id });
}

/** Dangling references stay what they are: text that names something. */
function keepReferences(moddle: Moddle, warnings: Unresolved[]): void {
  for (const { element, property, value } of warnings) {
    if (!element || !property || !value) continue;
    const name = property.replace(/^\w+:/, '');
    const held: unknown = element.get(property);
    if (Array.isArray(held)) held.push(reference(moddle, value));
    else if (held === undefined) element[name] = reference(moddle, value);
  }
}

const SUBSTITUTE = /<((?:[\w.-]+:)?)expression( [^>]*?)?xsi:type="(?:[\w.-]+:)?tFormalExpression"([^>]*)>([^<]*)<\/\1expression>/g;

/** `formalExpression` where the file had it: moddle writes the element that it may stand for. */
function keepFormal(before: string, after: string): string {
  if (!/<(?:[\w.-]+:)?formalExpression/.test(before)) return after;
  return after.replace(SUBSTITUTE, (_all, prefix: string, first = '', more: string, text: string) => {
    const attributes = `${first as string}${more}`.trim();
    return `<${prefix}formalExpression${attributes ? ` ${attributes}` : ''}>${text}</${prefix}formalExpression>`;
  });
}

const RETURN = /<!\[CDATA\[[^]*?\]\]>|\r/g;

/** A carriage return in a text: written as it is, whoever reads it would take it for white space. */
function keepReturns(xml: string): string {
  return xml.replace(RETURN, found => (found === '\r' ? '&#13;' : found));
}

interface Drawn { id: string; di?: Bo; labelTarget?: Drawn; children?: Drawn[]; parent?: Drawn }
interface Events { on(event: string, priority: number, hear: () => void): void }
interface Canvas { getRootElements(): Drawn[] }

function inOrder(root: Drawn): Drawn[] {
  return (root.children ?? []).flatMap(one => [one, ...inOrder(one)]).filter(one => !one.labelTarget);
}

/** bpmn-js writes the places of what it draws, and nothing else: places of other things go with them. */
function KeptOrdering(events: Events, canvas: Canvas): void {
  const strays = new Map<Bo, Bo[]>();
  const places = (root: Drawn) => inOrder(root).map(one => one.di).filter((di): di is Bo => di !== undefined);
  events.on('import.done', 2000, () => {
    strays.clear();
    for (const root of canvas.getRootElements()) {
      const drawn = new Set(places(root));
      if (root.di) strays.set(root.di, (root.di.get('planeElement') as Bo[]).filter(di => !drawn.has(di)));
    }
  });
  events.on('saveXML.start', 2000, () => {
    for (const root of canvas.getRootElements()) {
      if (root.di) root.di.planeElement = [...places(root), ...(strays.get(root.di) ?? [])];
    }
  });
}
KeptOrdering.$inject = ['eventBus', 'canvas'];

/** Files are drawn as they are: a closed subprocess keeps what is in it where it is. */
export const faithful = {
  bpmnDiOrdering: ['type', KeptOrdering],
  subprocessCompatibility: ['value', {}],
};

export class FaithfulModeler extends (Modeler as unknown as new (options: object) => InstanceType<typeof Modeler>) {
  private source = '';

  _createModdle(options: object): unknown {
    const make = (Modeler.prototype as unknown as { _createModdle(o: object): { factory: Factory } })._createModdle;
    const moddle = make.call(this, options);
    keepSaid(moddle);
    return moddle;
  }

  /** Draw a file; what cannot be drawn is kept all the same, and answered by its id. Unread where something would go. */
  async load(xml: string): Promise<string[]> {
    this.source = xml;
    const warnings = (await this.importXML(xml)).warnings as Warning[];
    const found = lost(warnings);
    if (found) throw new Unread(found);
    keepReferences(this.get('moddle') as Moddle, warnings);
    return warnings.flatMap(({ context }) => (context?.error && context.element?.id ? [context.element.id] : []));
  }

  async text(format = true): Promise<string> {
    const { xml } = await this.saveXML({ format });
    return keepFormal(this.source, keepReturns(xml ?? ''));
  }
}
