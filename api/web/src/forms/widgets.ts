// Fields that the server draws and the editor does not know: what it already has, marked by a property.
import { iconsByType } from '@bpmn-io/form-js-viewer';

export interface Field { [attribute: string]: unknown }
export interface FieldConfig { name?: string; label?: string; group?: string; icon?: unknown; create(options?: Field, isNew?: boolean): Field }
export type FormField = ((props: object) => unknown) & { config: FieldConfig };
export interface Registry { _formFields: Record<string, FormField> }

interface Own { base: string; more: Field }

/** By what the palette calls them; `base` is what is kept. */
const OWN: Record<string, Own> = {
  'own-person': { base: 'textfield', more: { properties: { widget: 'person' } } },
  'own-people': { base: 'textfield', more: { properties: { widget: 'people' } } },
  'own-unit': { base: 'textfield', more: { properties: { widget: 'org-unit' } } },
  'own-date': { base: 'textfield', more: { properties: { widget: 'be-date' } } },
  'own-citizen': { base: 'textfield', more: { properties: { widget: 'thai-id' } } },
  'own-money': { base: 'number', more: { decimalDigits: 2, validate: { min: 0 } } },
};

function made(field: FormField, name: string, { base, more }: Own, unit: string): FormField {
  const { config } = field;
  const create = (options: Field = {}, isNew?: boolean): Field => ({
    ...config.create({ ...options, ...more, ...(base === 'number' ? { appearance: { suffixAdorner: unit } } : {}) }, isNew),
    label: name, type: base,
  });
  const drawn = (props: object): unknown => field(props);
  return Object.assign(drawn, { config: { ...config, name, icon: iconsByType(base), create } });
}

/** Put our own into the palette, by the words of the reader. */
export function own(words: Record<string, string>): object {
  function add({ _formFields }: Registry): void {
    for (const [type, one] of Object.entries(OWN)) {
      const field = _formFields[one.base];
      if (field) _formFields[type] = made(field, words[type] ?? type, one, words.baht ?? '');
    }
  }
  add.$inject = ['formFields'];
  return { __init__: [add] };
}
