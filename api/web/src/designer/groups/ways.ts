// Where tokens go and what they wait for: conditions, timers, messages and their kin.
import type { Choice } from '../config';
import { check, select, text } from '../fields';
import type { Bo } from '../model';
import { handed } from './work';
import { type Group, type Subject, body, putBody, said } from './group';

const CHOOSE = new Set(['bpmn:ExclusiveGateway', 'bpmn:InclusiveGateway']);

export function condition(subject: Subject): Group | null {
  const { diagram, shape, bo, kind, w } = subject;
  const source = bo.sourceRef as Bo | undefined;
  if (kind !== 'sequenceFlow' || !source) return null;
  if (!CHOOSE.has(source.$type) && !bo.conditionExpression) return null;
  const gateway = diagram.registry.get(source.id ?? '');
  const isDefault = source.default === bo;
  return {
    key: 'condition', title: w('condition'),
    fields: [
      ...(isDefault ? [] : [text({ id: 'condition', label: w('condition_feel'), hint: w('condition_hint'), area: true, code: true,
        value: body(bo.conditionExpression), put: value => putBody(subject, bo, 'conditionExpression', value) })]),
      ...(gateway ? [check({ id: 'default', label: w('default_flow'), value: isDefault,
        put: value => {
          diagram.set(gateway, source, { default: value ? bo : undefined });
          if (value && bo.conditionExpression) diagram.set(shape, bo, { conditionExpression: undefined });
        } })] : []),
    ],
  };
}

const TIMES = ['timeDuration', 'timeDate', 'timeCycle'] as const;

export function timer(subject: Subject): Group | null {
  const { diagram, shape, w } = subject;
  const definition = defined(subject, 'Timer');
  if (!definition) return null;
  const present = TIMES.find(one => definition[one]) ?? 'timeDuration';
  const value = body(definition[present] as Bo | undefined);
  const put = (kind: string, when: string) => {
    const before = definition[kind] as Bo | undefined;
    if (before && said(when)) { diagram.set(shape, before, { body: when.trim() }); return; }
    const made = said(when) && diagram.make('bpmn:FormalExpression', definition, { body: when.trim() });
    diagram.set(shape, definition, { ...Object.fromEntries(TIMES.map(one => [one, undefined])), [kind]: made });
  };
  return {
    key: 'timer', title: w('timer'),
    fields: [
      select({ id: 'timer-kind', label: w('timer_kind'), value: present, options: TIMES.map((one): Choice => [one, w(one)]),
        put: kind => put(kind, value || 'P1D') }),
      text({ id: 'timer-value', label: w('timer_value'), hint: w('timer_hint'), value, code: true, put: when => put(present, when) }),
      check({ id: 'timer-working', label: w('working'), value: Boolean(diagram.extension(definition, 'Working')),
        put: on => {
          const found = diagram.extension(definition, 'Working');
          if (on && !found) diagram.add(shape, definition, 'Working');
          if (!on && found) diagram.retract(shape, definition, found);
        } }),
    ],
  };
}

function defined({ bo }: Subject, kind: string): Bo | undefined {
  return ((bo.eventDefinitions ?? []) as Bo[]).find(one => one.$type === `bpmn:${kind}EventDefinition`);
}

/** What events refer to: the root element of the file, its attribute here, and which of its texts tells. */
const REFERRED = [
  { kind: 'Message', ref: 'messageRef', by: 'name' },
  { kind: 'Signal', ref: 'signalRef', by: 'name' },
  { kind: 'Error', ref: 'errorRef', by: 'errorCode' },
  { kind: 'Escalation', ref: 'escalationRef', by: 'escalationCode' },
] as const;

export function referred(subject: Subject): Group | null {
  const { diagram, shape, bo, kind, w } = subject;
  const found = REFERRED.find(one => defined(subject, one.kind))
    ?? (kind === 'receiveTask' || kind === 'sendTask' ? REFERRED[0] : undefined);
  if (!found) return null;
  const holder = defined(subject, found.kind) ?? bo;
  const known = ((diagram.definitions.rootElements ?? []) as Bo[]).filter(one => one.$type === `bpmn:${found.kind}`);
  const present = holder[found.ref] as Bo | undefined;
  const fields = [text({
    id: 'referred', label: w(`${found.kind.toLowerCase()}_name`), hint: w('referred_hint'),
    value: present?.[found.by] ?? present?.name, code: found.by !== 'name',
    offers: known.map((one): Choice => [String(one[found.by] ?? one.name ?? one.id), '']),
    put: value => refer(subject, holder, found, known, value.trim()),
  })];
  if (found.kind === 'Message') fields.push(...messaging(subject, holder));
  return { key: 'referred', title: w(found.kind.toLowerCase()), fields };
}

/** An equal one of the file, or a new one: names are compared as they are written. */
function refer({ diagram, shape }: Subject, holder: Bo, found: typeof REFERRED[number], known: Bo[], value: string): void {
  if (!value) { diagram.set(shape, holder, { [found.ref]: undefined }); return; }
  const same = known.find(one => (one[found.by] ?? one.name) === value);
  if (same) { diagram.set(shape, holder, { [found.ref]: same }); return; }
  const root = diagram.definitions;
  const made = diagram.make(`bpmn:${found.kind}`, root, { id: fresh(diagram, found.kind), name: value, [found.by]: value });
  diagram.set(shape, root, { rootElements: [...(root.rootElements as Bo[]), made] });
  diagram.set(shape, holder, { [found.ref]: made });
}

function fresh({ moddle, registry }: Subject['diagram'], kind: string): string {
  for (let n = 1; ; n += 1) {
    const id = `${kind}_${n}`;
    if (!registry.get(id) && !moddle.ids?.assigned(id)) return id;
  }
}

function messaging(subject: Subject, holder: Bo): HTMLElement[] {
  const { diagram, shape, bo, kind, w } = subject;
  const at = diagram.extension(bo, 'Correlation') || holder === bo ? bo : diagram.extension(holder, 'Correlation') ? holder : bo;
  const throws = kind === 'endEvent' || kind === 'intermediateThrowEvent' || kind === 'sendTask';
  return [
    text({ id: 'correlation', label: w('correlation'), hint: w('correlation_hint'), code: true,
      value: diagram.extension(at, 'Correlation')?.key,
      put: value => diagram.extend(shape, at, 'Correlation', { key: said(value) }, 'key') }),
    ...(throws ? handed(subject, diagram.rows(shape, bo, 'Input'), 'input', w('input_add')) : []),
  ];
}

export function otherEvent(subject: Subject): Group | null {
  const { diagram, shape, w } = subject;
  const conditional = defined(subject, 'Conditional');
  if (conditional) {
    return { key: 'conditional', title: w('condition'), fields: [text({
      id: 'event-condition', label: w('condition_feel'), area: true, code: true, value: body(conditional.condition as Bo | undefined),
      put: value => putBody(subject, conditional, 'condition', value),
    })] };
  }
  const link = defined(subject, 'Link');
  if (!link) return null;
  return { key: 'link', title: w('link'), fields: [text({
    id: 'link', label: w('link_name'), value: link.name, put: value => diagram.set(shape, link, { name: said(value) }),
  })] };
}
