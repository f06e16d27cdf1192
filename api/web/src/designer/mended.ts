// Where a finding is mended: the field of the panel, by the attribute that it names, else by its rule.

/** By the start of the attribute's name: what the ids of its fields begin with; the first that is there is meant. */
const BY_ATTRIBUTE: [attribute: string, fields: string[]][] = [
  ['saraban:assignment', ['who-0-value', 'who-0-kind', 'who-add']],
  ['saraban:exclude', ['not-0-value', 'not-0-kind', 'not-add']],
  ['saraban:start/@form', ['start-form']], ['saraban:start', ['start-role']], ['role', ['start-role']],
  ['saraban:title', ['title']],
  ['saraban:form', ['form', 'start-form']], ['saraban:hide', ['hide-0-variable', 'hide-add']],
  ['saraban:outcomes', ['out-variable', 'out-add']], ['saraban:outcome', ['out-0-id', 'out-add']],
  ['saraban:return', ['back-0-to', 'back-add']],
  ['saraban:due', ['due']], ['saraban:reminder', ['remind-0-at']], ['saraban:priority', ['priority']],
  ['saraban:action', ['action']], ['saraban:input', ['input-0-value', 'input-add']], ['saraban:output', ['output-0-value', 'output-add']],
  ['saraban:decision', ['decision']], ['ref', ['decision']], ['saraban:result', ['script-result', 'decision-result', 'action-result']],
  ['saraban:correlation', ['correlation']], ['saraban:working', ['timer-working']],
  ['conditionExpression', ['condition']], ['condition', ['event-condition']], ['script', ['script']], ['calledElement', ['called']],
  ['messageRef', ['referred']], ['signalRef', ['referred']], ['errorRef', ['referred']], ['escalationRef', ['referred']],
  ['timeD', ['timer-value']], ['timeCycle', ['timer-value']],
  ['loopDataInputRef', ['loop-in']], ['loopDataOutputRef', ['loop-out']], ['loopCardinality', ['loop-times']],
  ['completionCondition', ['loop-until']], ['loopCondition', ['loop-while']], ['loopMaximum', ['loop-most']],
  ['id', ['id']],
];
const BY_RULE: Record<string, string[]> = {
  assignment_missing: ['who-add'], action_missing: ['action'], decision_missing: ['decision'], timer_missing: ['timer-value'],
  loop_without_input: ['loop-in'], loop_output: ['loop-out'], loop_endless: ['loop-while'], link_broken: ['link'],
  not_executable: ['runs'], passes_through: ['name'], attribute_missing: ['who-0-value'], assignment_value: ['who-0-value'],
};

/** The names in a finding. */
export function quoted(text: string): string {
  return [...text.matchAll(/“([^“”]+)”/g)].map(one => one[1]).join(' ');
}

/** The input whose own text the finding quotes, of several rows that could be meant. */
function named(panel: HTMLElement, first: string, says: string): HTMLElement | undefined {
  const list = first.replace(/-0-.*$/, '');
  const rows = list === first ? [] : [...panel.querySelectorAll<HTMLInputElement>(`[id^="p-${list}-"]`)];
  return rows.find(one => one.value && !/-(kind|level)$/.test(one.id) && says.includes(one.value));
}

/** `at`: the finding's attribute, else its code; `says`: the names in it. */
export function fieldOf(panel: HTMLElement, at: string, says = ''): HTMLElement | null {
  const ids = BY_ATTRIBUTE.find(([one]) => at.startsWith(one))?.[1] ?? BY_RULE[at] ?? [];
  for (const id of ids) {
    const found = named(panel, id, says) ?? panel.querySelector<HTMLElement>(`#p-${id}`);
    if (found) return found;
  }
  return null;
}
