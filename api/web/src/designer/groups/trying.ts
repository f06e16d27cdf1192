// A formula tried with values that somebody types in, by the engine that will work it out.
import { call } from '../config';
import { button, el, text } from '../fields';
import type { Group, Subject } from './group';
import { body } from './group';

interface Tried { value: string | null; error: string; notices: string[] }

/** What was typed stays while the panel is drawn anew. */
const typed: { of: string; formula: string; values: string } = { of: '', formula: '', values: '' };

function formula({ bo }: Subject): string {
  return (body(bo.conditionExpression) || String(bo.script ?? '')).replace(/^=/, '');
}

export function trying(subject: Subject): Group | null {
  const { config, bo, w } = subject;
  const present = formula(subject);
  if (!present && bo.$type !== 'bpmn:Process') return null;
  if (typed.of !== bo.id) { typed.of = bo.id ?? ''; typed.formula = present; }
  const answer = el('p', { role: 'status', 'data-tried': '' });
  const ask = async () => {
    const given = { expression: typed.formula, values: typed.values };
    const said = await call(config, 'POST', '/try', given);
    if (!said.ok) { answer.textContent = w('try_failed'); return; }
    const { value, error, notices } = await said.json() as Tried;
    answer.textContent = error ? `${w('try_failed')} ${error}` : [`${w('try_answer')} ${value ?? 'null'}`, ...notices].join(' · ');
  };
  return {
    key: 'trying', title: w('trying'),
    fields: [
      text({ id: 'try-formula', label: w('try_formula'), value: typed.formula, area: true, code: true,
        put: value => { typed.formula = value.replace(/^\s*=/, ''); } }),
      text({ id: 'try-values', label: w('try_values'), hint: w('try_values_hint'), value: typed.values, area: true,
        put: value => { typed.values = value; } }),
      button('try', w('try_ask'), () => { void ask(); }),
      answer,
    ],
  };
}
