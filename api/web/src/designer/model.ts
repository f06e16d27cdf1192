// The diagram's facts and the one way to change them: every change can be undone.
import type { FaithfulModeler } from './lossless';

/** A fact of the diagram, as bpmn-moddle holds it. */
export interface Bo {
  $type: string;
  $parent?: Bo;
  $attrs?: Record<string, unknown>;
  id?: string;
  get(name: string): unknown;
  [name: string]: any;
}
export interface Shape { id: string; type: string; businessObject: Bo; parent?: Shape; labelTarget?: Shape; hidden?: boolean }
export interface Moddle { create(type: string, attrs?: object): Bo; ids?: { assigned(id: string): unknown } }
export interface Registry { get(id: string): Shape | undefined; filter(fits: (shape: Shape) => boolean): Shape[] }
interface Modeling {
  updateProperties(shape: Shape, properties: object): void;
  updateModdleProperties(shape: Shape, bo: Bo, properties: object): void;
}
export interface Canvas {
  getRootElement(): Shape;
  setRootElement(root: Shape): unknown;
  findRoot(shape: Shape): Shape | undefined;
  scrollToElement(shape: Shape | string, padding?: number | object): void;
  scroll(by: { dx: number; dy: number }): void;
  zoom(level?: string | number, center?: string): number;
  focus(): void;
  addMarker(shape: Shape | string, marker: string): void;
  removeMarker(shape: Shape | string, marker: string): void;
}
interface Selection { get(): Shape[]; select(shape: Shape | null): void }

/** A list in the diagram that people lengthen and shorten. */
export interface Rows { items: Bo[]; add(attrs: object): void; remove(item: Bo): void; change(item: Bo, attrs: object): void }

export class Diagram {
  readonly moddle: Moddle;
  readonly registry: Registry;
  readonly canvas: Canvas;
  readonly selection: Selection;
  private readonly modeling: Modeling;

  constructor(readonly modeler: FaithfulModeler) {
    this.moddle = modeler.get('moddle') as Moddle;
    this.registry = modeler.get('elementRegistry') as Registry;
    this.canvas = modeler.get('canvas') as Canvas;
    this.selection = modeler.get('selection') as Selection;
    this.modeling = modeler.get('modeling') as Modeling;
  }

  /** What a shape means; of a pool its process. */
  meaning(shape: Shape): Bo {
    const bo = shape.businessObject;
    return bo.$type === 'bpmn:Participant' && bo.processRef ? bo.processRef as Bo : bo;
  }

  get definitions(): Bo {
    let bo = this.canvas.getRootElement().businessObject;
    while (bo.$parent) bo = bo.$parent;
    return bo;
  }

  set(shape: Shape, bo: Bo, properties: Record<string, unknown>): void {
    if (bo === shape.businessObject) this.modeling.updateProperties(shape, properties);
    else this.modeling.updateModdleProperties(shape, bo, properties);
  }

  make(type: string, parent: Bo, attrs: object = {}): Bo {
    const made = this.moddle.create(type, attrs);
    made.$parent = parent;
    return made;
  }

  /** Our extension elements of one type, on this fact. */
  extensions(bo: Bo, type: string): Bo[] {
    const values = (bo.extensionElements?.values ?? []) as Bo[];
    return values.filter(one => one.$type === `saraban:${type}`);
  }

  extension(bo: Bo, type: string): Bo | undefined {
    return this.extensions(bo, type)[0];
  }

  /** Set attributes of the one extension of this type; one that says nothing any more goes. */
  extend(shape: Shape, bo: Bo, type: string, attrs: Record<string, string | undefined>, needs?: string): void {
    const found = this.extension(bo, type);
    const after: Record<string, unknown> = { ...attrs };
    for (const name of needs && found ? [needs] : []) if (!(name in after)) after[name] = found![name];
    if (needs !== undefined && !after[needs]) {
      if (found) this.retract(shape, bo, found);
    } else if (found) this.set(shape, found, attrs);
    else this.add(shape, bo, type, attrs);
  }

  add(shape: Shape, bo: Bo, type: string, attrs: object = {}): void {
    const holder = bo.extensionElements as Bo | undefined;
    if (holder) {
      const made = this.make(`saraban:${type}`, holder, attrs);
      this.modeling.updateModdleProperties(shape, holder, { values: [...(holder.values ?? []), made] });
      return;
    }
    const fresh = this.make('bpmn:ExtensionElements', bo);
    fresh.values = [this.make(`saraban:${type}`, fresh, attrs)];
    this.modeling.updateModdleProperties(shape, bo, { extensionElements: fresh });
  }

  retract(shape: Shape, bo: Bo, extension: Bo): void {
    const holder = bo.extensionElements as Bo;
    const values = (holder.values as Bo[]).filter(one => one !== extension);
    if (values.length) this.modeling.updateModdleProperties(shape, holder, { values });
    else this.modeling.updateModdleProperties(shape, bo, { extensionElements: undefined });
  }

  /** All extensions of one type, as a list. */
  rows(shape: Shape, bo: Bo, type: string): Rows {
    return {
      items: this.extensions(bo, type),
      add: attrs => this.add(shape, bo, type, attrs),
      remove: item => this.retract(shape, bo, item),
      change: (item, attrs) => this.set(shape, item, attrs as Record<string, unknown>),
    };
  }

  /** What one extension holds, as a list. */
  inner(shape: Shape, holder: Bo, property: string, type: string): Rows {
    const items = (holder[property] ?? []) as Bo[];
    const put = (values: Bo[]) => this.set(shape, holder, { [property]: values });
    return {
      items,
      add: attrs => put([...items, this.make(`saraban:${type}`, holder, attrs)]),
      remove: item => put(items.filter(one => one !== item)),
      change: (item, attrs) => this.set(shape, item, attrs as Record<string, unknown>),
    };
  }

  /** Show and select what has this id; of a process its pool, or all of it. */
  /** Also of a process, which a pool stands for. */
  shapeOf(id: string): Shape | undefined {
    return this.registry.get(id) ?? this.registry.filter(one => one.businessObject.processRef?.id === id)[0];
  }

  reveal(id: string): boolean {
    const shape = this.shapeOf(id);
    if (!shape) return false;
    const root = this.canvas.findRoot(shape);
    if (root && root !== this.canvas.getRootElement()) this.canvas.setRootElement(root);
    if (shape === root) {
      this.selection.select(null);
    } else {
      this.selection.select(shape);
      this.canvas.scrollToElement(shape, 120);
    }
    return true;
  }
}
