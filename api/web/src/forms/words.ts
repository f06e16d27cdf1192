// The editor of forms speaks English and has no place for other words: what it registers is named
// anew, and what it writes around the form is replaced as it appears, before it is seen.
import type { Field, Registry } from './widgets';

type Words = Record<string, string>;

/** What people wrote themselves, and what they write just now. */
const THEIRS = '.bio-properties-panel-header-label, .bio-properties-panel-collapsible-entry-header-title, .cm-editor, textarea';
/** Of the form that is drawn only this is the editor's. */
const FORM = '.fjs-form';
const AROUND = '.fjs-empty-editor, .fjs-context-pad, .fjs-select-placeholder, .fjs-form-field-datetime input';
const ATTRIBUTES = ['title', 'placeholder', 'aria-label'];

/** What a new field is called until somebody calls it otherwise. */
function labelled(made: Field, words: Words): Field {
  const labels = ['label', 'dateLabel', 'timeLabel'].filter(name => words[String(made[name])]);
  return Object.fromEntries(labels.map(name => [name, words[String(made[name])]]));
}

/** Kinds of fields by our names: in the palette, in its search, and as the label of a new one. */
export function named(words: Words): object {
  function name({ _formFields }: Registry): void {
    for (const field of Object.values(_formFields)) {
      const { config } = field, english = config?.name ?? '', said = words[english];
      if (!said) continue;
      const create = (options?: Field, isNew?: boolean): Field => {
        const made = config.create(options, isNew);
        return isNew ? { ...made, ...labelled(made, words) } : made;
      };
      field.config = { ...config, name: said, create };
    }
  }
  name.$inject = ['formFields'];
  return { __init__: [name] };
}

/** A whole text, or one of which only the end is ours: "Remove {0}". */
function say(words: Words, text: string): string | undefined {
  const whole = words[text];
  if (whole) return whole;
  for (const [template, said] of Object.entries(words)) {
    const [before, after] = template.split('{0}');
    if (after === undefined || !text.startsWith(before!) || !text.endsWith(after)) continue;
    const rest = text.slice(before!.length, text.length - after.length);
    return said.replace('{0}', () => words[rest] ?? rest);
  }
  return undefined;
}

function mayChange(element: Element | null): boolean {
  if (!element || element.closest(THEIRS)) return false;
  return !element.closest(FORM) || element.closest(AROUND) !== null;
}

/** Say in the reader's words whatever the editor writes in here, now and later. */
export function translated(container: Element, words: Words): void {
  if (!Object.keys(words).length) return;
  const text = (node: Node) => {
    if (!mayChange(node.parentElement)) return;
    const present = node.nodeValue ?? '', trimmed = present.trim(), said = trimmed && say(words, trimmed);
    if (said && said !== trimmed) node.nodeValue = present.replace(trimmed, () => said);
  };
  const attributes = (element: Element) => {
    if (!mayChange(element)) return;
    for (const name of ATTRIBUTES) {
      const present = element.getAttribute(name), said = present && say(words, present);
      if (said && said !== present) element.setAttribute(name, said);
    }
  };
  const all = (node: Node) => {
    if (node.nodeType === Node.TEXT_NODE) { text(node); return; }
    if (!(node instanceof Element)) return;
    attributes(node);
    node.childNodes.forEach(all);
  };
  all(container);
  new MutationObserver(changes => {
    for (const { type, target, addedNodes } of changes) {
      if (type === 'childList') addedNodes.forEach(all);
      else if (type === 'characterData') text(target);
      else attributes(target as Element);
    }
  }).observe(container, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES });
}
