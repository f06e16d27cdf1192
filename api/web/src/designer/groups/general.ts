// Name, id and words of every element; title, start and executability of a process.
import { check, text } from '../fields';
import { type Group, type Subject, said } from './group';

const ID = /^[\p{L}_][\p{L}\p{N}\p{M}_.-]{0,127}$/u;

export function general(subject: Subject): Group {
  const { diagram, shape, bo, w } = subject;
  const isNote = bo.$type === 'bpmn:TextAnnotation';
  const named = isNote ? 'text' : 'name';
  const fields = [text({
    id: 'name', label: w(isNote ? 'text' : 'name'), value: bo[named], area: true,
    put: value => diagram.set(shape, bo, { [named]: said(value) }),
  })];
  if (shape.businessObject !== bo) {
    fields.unshift(text({
      id: 'pool', label: w('pool'), value: shape.businessObject.name,
      put: value => diagram.set(shape, shape.businessObject, { name: said(value) }),
    }));
  }
  fields.push(text({
    id: 'id', label: w('id'), value: bo.id, code: true,
    check: value => wrongId(subject, value.trim()),
    put: value => diagram.set(shape, bo, { id: value.trim() }),
  }));
  fields.push(text({
    id: 'documentation', label: w('documentation'), area: true, value: bo.documentation?.[0]?.text,
    put: value => document_(subject, value),
  }));
  return { key: 'general', title: w('general'), fields };
}

function wrongId({ diagram, bo, w }: Subject, value: string): string {
  if (value === bo.id) return '';
  if (!ID.test(value)) return w('id_wrong');
  return diagram.registry.get(value) || diagram.moddle.ids?.assigned(value) ? w('id_taken') : '';
}

function document_({ diagram, shape, bo }: Subject, value: string): void {
  const [first, ...more] = (bo.documentation ?? []) as { [name: string]: unknown }[];
  if (said(value) === undefined) diagram.set(shape, bo, { documentation: more });
  else if (first) diagram.set(shape, first as never, { text: value });
  else diagram.set(shape, bo, { documentation: [diagram.make('bpmn:Documentation', bo, { text: value })] });
}

export function process(subject: Subject): Group | null {
  const { diagram, shape, bo, config, w } = subject;
  if (bo.$type !== 'bpmn:Process') return null;
  const start = diagram.extension(bo, 'Start');
  const begin = (attrs: Record<string, string | undefined>) => {
    const after = { form: start?.form, role: start?.role, internal: start?.internal, ...attrs };
    if (!start) { if (Object.values(attrs).some(Boolean)) diagram.add(shape, bo, 'Start', attrs); }
    else if (Object.values(after).some(Boolean)) diagram.set(shape, start, attrs);
    else diagram.retract(shape, bo, start);
  };
  return {
    key: 'process', title: w('process'),
    fields: [
      check({ id: 'runs', label: w('executable'), value: bo.isExecutable === true,
        put: value => diagram.set(shape, bo, { isExecutable: value }) }),
      text({ id: 'title', label: w('title'), hint: w('title_hint'), code: true,
        value: diagram.extension(bo, 'Title')?.value,
        put: value => diagram.extend(shape, bo, 'Title', { value: said(value) }, 'value') }),
      text({ id: 'start-form', label: w('start_form'), value: start?.form, offers: config.choices.form,
        put: value => begin({ form: said(value) }) }),
      text({ id: 'start-role', label: w('start_role'), value: start?.role, offers: config.choices.role,
        put: value => begin({ role: said(value) }) }),
      check({ id: 'internal', label: w('internal'), value: start?.internal === 'true',
        put: value => begin({ internal: value ? 'true' : undefined }) }),
    ],
  };
}
