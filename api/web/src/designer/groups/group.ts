// What every group of the panel is made from.
import type { Config } from '../config';
import type { Bo, Diagram, Shape } from '../model';

export interface Group { key: string; title: string; count?: number; fields: HTMLElement[] }

export interface Subject {
  diagram: Diagram;
  config: Config;
  shape: Shape;
  bo: Bo;
  /** `bpmn:UserTask` is userTask. */
  kind: string;
  w(key: string): string;
}

export type Grouping = (subject: Subject) => Group | null;

export function kindOf(bo: Bo): string {
  const name = bo.$type.replace(/^bpmn:/, '');
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** Empty text says nothing: the attribute goes. */
export function said(value: string): string | undefined {
  return value.trim() === '' ? undefined : value.trim();
}

/** The body of an expression child, such as a condition. */
export function body(bo: Bo | undefined): string {
  return String(bo?.body ?? '');
}

export function putBody(subject: Subject, holder: Bo, property: string, value: string): void {
  const { diagram, shape } = subject;
  const before = holder[property] as Bo | undefined;
  if (said(value) === undefined) diagram.set(shape, holder, { [property]: undefined });
  else if (before) diagram.set(shape, before, { body: value.trim() });
  else diagram.set(shape, holder, { [property]: diagram.make('bpmn:FormalExpression', holder, { body: value.trim() }) });
}
