// Machine work: actions, decisions, scripts, called processes, and doing a thing several times.
import type { Choice } from '../config';
import { button, check, row, select, text } from '../fields';
import { reference } from '../lossless';
import type { Bo, Rows } from '../model';
import { type Group, type Subject, body, putBody, said } from './group';

/** The action that calls other systems: what it names is not worked out, but chosen. */
const CALL = 'http.call';

export function handed(subject: Subject, rows: Rows, id: string, add: string, names: Choice[] = [],
  values: (name: string) => Choice[] = () => []): HTMLElement[] {
  const { w } = subject;
  return [
    ...rows.items.map((item, n) => row(`${id}-${n}`, `${w(id)} ${n + 1}`, w('remove'), () => rows.remove(item),
      text({ id: `${id}-${n}-name`, label: w('variable'), value: item.name, code: true, offers: names,
        put: name => rows.change(item, { name: said(name) }) }),
      text({ id: `${id}-${n}-value`, label: w('value_feel'), value: item.value, code: true, ...offering(values(item.name)),
        put: value => rows.change(item, { value: value.trim() }) }))),
    button(`${id}-add`, add, () => rows.add({ name: names.find(([one]) => !rows.items.some(i => i.name === one))?.[0] ?? 'name', value: '' })),
  ];
}

export function action(subject: Subject): Group | null {
  const { diagram, shape, bo, config, kind, w } = subject;
  if (kind !== 'serviceTask' && kind !== 'sendTask') return null;
  const found = diagram.extension(bo, 'Action');
  const known = config.actions.find(one => one.name === found?.name);
  const names: Choice[] = (known?.inputs ?? []).map(one => [one, known?.required.includes(one) ? w('required') : '']);
  return {
    key: 'action', title: w('action'), count: ((found?.inputs ?? []) as Bo[]).length,
    fields: [
      select({ id: 'action', label: w('action_name'), value: found?.name ?? '',
        options: [['', w('none')], ...config.actions.map((one): Choice => [one.name, one.label])],
        put: name => chooseAction(subject, name) }),
      ...(found ? [
        ...handed(subject, diagram.inner(shape, found, 'inputs', 'Input'), 'input', w('input_add'), names,
          name => offered(subject, found, name)),
        ...handed(subject, diagram.inner(shape, found, 'outputs', 'Output'), 'output', w('output_add')),
        text({ id: 'action-result', label: w('result_variable'), value: found.resultVariable, code: true,
          put: value => diagram.set(shape, found, { resultVariable: said(value) }) }),
      ] : []),
    ],
  };
}

/** Without any to offer, FEEL is completed. */
const offering = (offers: Choice[]): { offers?: Choice[] } => offers.length ? { offers } : {};

function processOf(bo: Bo): string {
  let at: Bo | undefined = bo;
  while (at && at.$type !== 'bpmn:Process') at = at.$parent as Bo | undefined;
  return at?.id ?? '';
}

/** What a call through a connector can say: which there are, and what the chosen one allows. */
function offered({ bo, config, w }: Subject, found: Bo | undefined, input: string): Choice[] {
  if ((found?.name ?? CALL) !== CALL) return [];
  if (input === 'connector') {
    const process = processOf(bo);
    return config.connectors.map((one): Choice =>
      [one.name, one.processes.includes(process) ? one.title : `${one.title} (${w('not_granted')})`]);
  }
  const name = ((found?.inputs ?? []) as Bo[]).find(one => one.name === 'connector')?.value;
  const known = config.connectors.find(one => one.name === name);
  const among = { method: known?.methods, path: known?.paths }[input] ?? [];
  return among.map((one): Choice => [one, '']);
}

/** With the inputs that it cannot do without: what to fill in is seen at once. */
function chooseAction({ diagram, shape, bo, config }: Subject, name: string): void {
  const found = diagram.extension(bo, 'Action');
  if (found || !name) {
    diagram.extend(shape, bo, 'Action', { name: said(name) }, 'name');
    return;
  }
  const required = config.actions.find(one => one.name === name)?.required ?? [];
  const inputs = required.map(one =>
    diagram.moddle.create('saraban:Input', { name: one, value: name === CALL ? '' : `=${one}` }));
  diagram.add(shape, bo, 'Action', { name, inputs });
}

export function decision(subject: Subject): Group | null {
  const { diagram, shape, bo, config, kind, w } = subject;
  if (kind !== 'businessRuleTask') return null;
  const found = diagram.extension(bo, 'Decision');
  return {
    key: 'decision', title: w('decision'),
    fields: [
      text({ id: 'decision', label: w('decision_ref'), value: found?.ref, offers: config.choices.decision,
        put: value => diagram.extend(shape, bo, 'Decision', { ref: said(value) }, 'ref') }),
      ...(found ? [text({ id: 'decision-result', label: w('result_variable'), value: found.resultVariable, code: true,
        put: value => diagram.set(shape, found, { resultVariable: said(value) }) })] : []),
    ],
  };
}

export function script(subject: Subject): Group | null {
  const { diagram, shape, bo, kind, w } = subject;
  if (kind !== 'scriptTask') return null;
  return {
    key: 'script', title: w('script'),
    fields: [
      text({ id: 'script', label: w('script_text'), area: true, code: true, value: bo.script,
        put: value => diagram.set(shape, bo, { script: said(value), scriptFormat: bo.scriptFormat ?? 'feel' }) }),
      text({ id: 'script-result', label: w('result_variable'), value: diagram.extension(bo, 'Result')?.variable, code: true,
        put: value => diagram.extend(shape, bo, 'Result', { variable: said(value) }, 'variable') }),
    ],
  };
}

export function called(subject: Subject): Group | null {
  const { diagram, shape, bo, config, kind, w } = subject;
  if (kind !== 'callActivity') return null;
  return {
    key: 'called', title: w('called'),
    fields: [
      text({ id: 'called', label: w('called_process'), value: bo.calledElement, offers: config.choices.process, code: true,
        put: value => diagram.set(shape, bo, { calledElement: said(value) }) }),
      ...handed(subject, diagram.rows(shape, bo, 'Input'), 'input', w('input_add')),
      ...handed(subject, diagram.rows(shape, bo, 'Output'), 'output', w('output_add')),
    ],
  };
}

export function repetition(subject: Subject): Group | null {
  const { diagram, shape, bo, w } = subject;
  const loop = bo.loopCharacteristics as Bo | undefined;
  if (!loop) return null;
  if (loop.$type !== 'bpmn:MultiInstanceLoopCharacteristics') return whileTrue(subject, loop);
  const list = (property: string) => (value: string) =>
    diagram.set(shape, loop, { [property]: said(value) && reference(diagram.moddle, value.trim()) });
  const item = (property: string, type: string) => (value: string) => {
    const before = loop[property] as Bo | undefined;
    const name = said(value);
    if (before && name) diagram.set(shape, before, { name });
    else diagram.set(shape, loop, { [property]: name && diagram.make(type, loop, { name }) });
  };
  return {
    key: 'repetition', title: w('repetition'),
    fields: [
      check({ id: 'sequential', label: w('sequential'), value: loop.isSequential === true,
        put: value => diagram.set(shape, loop, { isSequential: value }) }),
      text({ id: 'loop-in', label: w('loop_list'), hint: w('loop_list_hint'), value: loop.loopDataInputRef?.id, code: true, put: list('loopDataInputRef') }),
      text({ id: 'loop-item', label: w('loop_item'), value: loop.inputDataItem?.name ?? loop.inputDataItem?.id, code: true,
        put: item('inputDataItem', 'bpmn:DataInput') }),
      text({ id: 'loop-times', label: w('loop_times'), value: body(loop.loopCardinality), code: true,
        put: value => putBody(subject, loop, 'loopCardinality', value) }),
      text({ id: 'loop-until', label: w('loop_until'), value: body(loop.completionCondition), code: true,
        put: value => putBody(subject, loop, 'completionCondition', value) }),
      text({ id: 'loop-out', label: w('loop_results'), value: loop.loopDataOutputRef?.id, code: true, put: list('loopDataOutputRef') }),
      text({ id: 'loop-result', label: w('loop_result'), value: loop.outputDataItem?.name ?? loop.outputDataItem?.id, code: true,
        put: item('outputDataItem', 'bpmn:DataOutput') }),
    ],
  };
}

function whileTrue(subject: Subject, loop: Bo): Group {
  const { diagram, shape, w } = subject;
  return {
    key: 'repetition', title: w('repetition'),
    fields: [
      text({ id: 'loop-while', label: w('loop_while'), value: body(loop.loopCondition), code: true,
        put: value => putBody(subject, loop, 'loopCondition', value) }),
      text({ id: 'loop-most', label: w('loop_most'), value: loop.loopMaximum, code: true,
        put: value => diagram.set(shape, loop, { loopMaximum: said(value) }) }),
      check({ id: 'loop-before', label: w('loop_before'), value: loop.testBefore === true,
        put: value => diagram.set(shape, loop, { testBefore: value }) }),
    ],
  };
}
