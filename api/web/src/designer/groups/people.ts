// A person's task: who takes it and who may not, the form, the ways out, the deadline.
import type { Choice } from '../config';
import { button, check, el, row, select, text } from '../fields';
import type { Bo, Rows } from '../model';
import { type Group, type Subject, said } from './group';

const KINDS = ['position', 'role', 'unit', 'person', 'starter', 'superior', 'performer', 'field', 'expression'] as const;
const WITHOUT_VALUE = new Set(['starter']);

function isTask(subject: Subject): boolean {
  return subject.kind === 'userTask';
}

export function assignment(subject: Subject): Group | null {
  if (!isTask(subject)) return null;
  const { diagram, shape, bo, w } = subject;
  const takers = diagram.rows(shape, bo, 'Assignment');
  const others = diagram.rows(shape, bo, 'Exclude');
  return {
    key: 'assignment', title: w('assignment'), count: takers.items.length,
    fields: [
      ...people(subject, takers, 'who', w('who')),
      button('who-add', w('who_add'), () => takers.add({ kind: 'position', value: '' })),
      el('p', { class: 'label' }, w('exclude')),
      ...people(subject, others, 'not', w('exclude')),
      button('not-add', w('exclude_add'), () => others.add({ kind: 'starter' })),
      check({ id: 'skip', label: w('skip'), value: diagram.extension(bo, 'Skip')?.samePerson === 'true',
        put: value => diagram.extend(shape, bo, 'Skip', { samePerson: value ? 'true' : undefined }, 'samePerson') }),
    ],
  };
}

function people(subject: Subject, rows: Rows, id: string, legend: string): HTMLElement[] {
  const { w } = subject;
  const kinds: Choice[] = KINDS.map(kind => [kind, w(`kind_${kind}`)]);
  return rows.items.map((item, n) => row(`${id}-${n}`, `${legend} ${n + 1}`, w('remove'), () => rows.remove(item),
    select({ id: `${id}-${n}-kind`, label: w('kind'), value: item.kind, options: kinds,
      put: kind => rows.change(item, {
        kind, value: WITHOUT_VALUE.has(kind) ? undefined : item.value ?? '', level: kind === 'superior' ? item.level : undefined,
      }) }),
    ...(WITHOUT_VALUE.has(item.kind as string) ? [] : [text({
      id: `${id}-${n}-value`, label: w(`value_${item.kind as string}`), value: item.value, offers: offers(subject, item),
      code: true, put: value => rows.change(item, { value: said(value) }),
    })]),
    ...(item.kind === 'superior' ? [select({
      id: `${id}-${n}-level`, label: w('level'), value: item.level ?? '1',
      options: [...'123456789'].map((one): Choice => [one, one]),
      put: level => rows.change(item, { level: level === '1' ? undefined : level }),
    })] : [])));
}

function offers({ config, diagram, bo }: Subject, item: Bo): Choice[] {
  const kind = item.kind as keyof typeof config.choices;
  return (item.kind as string) === 'performer' ? tasks(diagram.registry, bo) : config.choices[kind] ?? [];
}

/** Other people's tasks of the diagram. */
function tasks(registry: Subject['diagram']['registry'], but: Bo): Choice[] {
  return registry.filter(one => one.type === 'bpmn:UserTask' && one.businessObject !== but && !one.labelTarget)
    .map(one => [one.id, String(one.businessObject.name ?? one.id)]);
}

export function form(subject: Subject): Group | null {
  if (!isTask(subject)) return null;
  const { diagram, shape, bo, config, w } = subject;
  const hidden = diagram.rows(shape, bo, 'Hide');
  return {
    key: 'form', title: w('form'),
    fields: [
      text({ id: 'form', label: w('form_key'), hint: w('form_hint'), value: diagram.extension(bo, 'Form')?.key,
        offers: config.choices.form, put: value => diagram.extend(shape, bo, 'Form', { key: said(value) }, 'key') }),
      select({ id: 'act', label: w('act'), value: diagram.extension(bo, 'Act')?.kind ?? '',
        options: [['', w('act_none')], ['acknowledge', w('act_acknowledge')], ['confirm', w('act_confirm')], ['sign', w('act_sign')]],
        put: value => diagram.extend(shape, bo, 'Act', { kind: said(value) }, 'kind') }),
      ...hidden.items.map((item, n) => row(`hide-${n}`, `${w('hide')} ${n + 1}`, w('remove'), () => hidden.remove(item),
        text({ id: `hide-${n}-variable`, label: w('hide'), value: item.variable, code: true,
          put: variable => hidden.change(item, { variable: said(variable) }) }))),
      button('hide-add', w('hide_add'), () => hidden.add({ variable: '' })),
    ],
  };
}

export function outcomes(subject: Subject): Group | null {
  if (!isTask(subject)) return null;
  const { diagram, shape, bo, w } = subject;
  const holder = diagram.extension(bo, 'Outcomes');
  const rows = holder && diagram.inner(shape, holder, 'outcomes', 'Outcome');
  const returns = diagram.rows(shape, bo, 'Return');
  return {
    key: 'outcomes', title: w('outcomes'), count: rows?.items.length ?? 0,
    fields: [
      ...(rows?.items ?? []).map((item, n) => row(`out-${n}`, `${w('outcome')} ${n + 1}`, w('remove'),
        () => { if (rows!.items.length > 1) rows!.remove(item); else diagram.retract(shape, bo, holder!); },
        text({ id: `out-${n}-id`, label: w('outcome_id'), value: item.id, code: true, put: id => rows!.change(item, { id: said(id) }) }),
        text({ id: `out-${n}-name`, label: w('outcome_name'), value: item.name, put: name => rows!.change(item, { name: said(name) }) }),
        text({ id: `out-${n}-en`, label: w('outcome_name_en'), value: item.nameEn, put: nameEn => rows!.change(item, { nameEn: said(nameEn) }) }),
        check({ id: `out-${n}-why`, label: w('reason_required'), value: item.reasonRequired === 'true',
          put: value => rows!.change(item, { reasonRequired: value ? 'true' : undefined }) }))),
      button('out-add', w('outcome_add'), () => addOutcome(subject, holder)),
      ...(holder ? [text({ id: 'out-variable', label: w('outcome_variable'), value: holder.variable, hint: 'outcome', code: true,
        put: value => diagram.set(shape, holder, { variable: said(value) }) })] : []),
      el('p', { class: 'label' }, w('returns')),
      ...returns.items.map((item, n) => row(`back-${n}`, `${w('returns')} ${n + 1}`, w('remove'), () => returns.remove(item),
        select({ id: `back-${n}-to`, label: w('return_to'), value: item.to, options: tasks(diagram.registry, bo),
          put: to => returns.change(item, { to }) }))),
      button('back-add', w('return_add'), () => returns.add({ to: tasks(diagram.registry, bo)[0]?.[0] ?? '' })),
    ],
  };
}

function addOutcome({ diagram, shape, bo, w }: Subject, holder: Bo | undefined): void {
  const taken = new Set(((holder?.outcomes ?? []) as Bo[]).map(one => one.id));
  const id = ['pass', 'refuse', ...[...'3456789'].map(n => `outcome${n}`)].find(one => !taken.has(one)) ?? 'outcome';
  const attrs = { id, name: w(id === 'refuse' ? 'outcome_refuse' : 'outcome_pass') };
  if (holder) {
    diagram.inner(shape, holder, 'outcomes', 'Outcome').add(attrs);
    return;
  }
  diagram.add(shape, bo, 'Outcomes', { outcomes: [diagram.moddle.create('saraban:Outcome', attrs)] });
}

export function deadline(subject: Subject): Group | null {
  if (!isTask(subject)) return null;
  const { diagram, shape, bo, w } = subject;
  const due = diagram.extension(bo, 'Due');
  const reminders = diagram.rows(shape, bo, 'Reminder');
  return {
    key: 'deadline', title: w('deadline'),
    fields: [
      text({ id: 'due', label: w('due'), hint: w('due_hint'), value: due?.value, code: true,
        offers: [['PT4H', w('due_hours')], ['P1D', w('due_day')], ['P3D', w('due_days')]],
        put: value => diagram.extend(shape, bo, 'Due', { value: said(value) }, 'value') }),
      ...(due ? [check({ id: 'due-working', label: w('working'), value: due.working !== 'false',
        put: value => diagram.set(shape, due, { working: value ? undefined : 'false' }) })] : []),
      ...reminders.items.map((item, n) => row(`remind-${n}`, `${w('reminder')} ${n + 1}`, w('remove'), () => reminders.remove(item),
        text({ id: `remind-${n}-at`, label: w('reminder'), hint: w('reminder_hint'), value: item.at, code: true,
          put: at => reminders.change(item, { at: said(at) }) }))),
      button('remind-add', w('reminder_add'), () => reminders.add({ at: '0.5' })),
      check({ id: 'escalate', label: w('escalate'), value: diagram.extension(bo, 'Escalation')?.to === 'superior',
        put: value => diagram.extend(shape, bo, 'Escalation', { to: value ? 'superior' : undefined }, 'to') }),
      text({ id: 'priority', label: w('priority'), hint: w('priority_hint'), value: diagram.extension(bo, 'Priority')?.value, code: true,
        put: value => diagram.extend(shape, bo, 'Priority', { value: said(value) }, 'value') }),
    ],
  };
}
