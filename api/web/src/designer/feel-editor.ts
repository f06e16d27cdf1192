// Around the package of this name: formulas in the editors of bpmn.io are completed with what our
// engine can call (theirs offers another product's functions), by Tab as by Enter.
import { acceptCompletion } from '@codemirror/autocomplete';
import { EditorState, type Extension, Prec } from '@codemirror/state';
import { keymap } from '@codemirror/view';
import Written from '../../node_modules/@bpmn-io/feel-editor/dist/index.js';
import type { Formulas } from './config';

export interface Variable { name: string; type?: 'function'; params?: { name: string }[] }
interface Options { variables?: Variable[]; extensions?: Extension[]; contentAttributes?: Record<string, string> }

interface Offered extends Formulas {
  /** What it says, by its own English. */
  words: Record<string, string>;
  /** Instead of the names that an editor has found. */
  names(found: Variable[]): Variable[];
}

/** A page sets this before its editor comes. */
export const offered: Offered = { functions: {}, words: {}, names: found => found };

/** With names that are not among them yet. */
export function joined(found: Variable[], names: string[]): Variable[] {
  const named = new Set(found.map(one => one.name));
  return [...found, ...names.filter(one => !named.has(one)).map(name => ({ name }))];
}

export default class FeelEditor extends Written {
  private names: string;

  constructor(options: Options) {
    const variables = offered.names(options.variables ?? []);
    const { 'aria-label': label = '', ...attributes } = options.contentAttributes ?? {};
    super({
      ...options, variables,
      builtins: Object.entries(offered.functions).map(([name, needed]) => (
        { name, type: 'function', params: needed.map(one => ({ name: one })) })),
      contentAttributes: { ...attributes, 'aria-label': offered.words[label] ?? label },
      extensions: [
        ...options.extensions ?? [],
        Prec.highest(keymap.of([{ key: 'Tab', run: acceptCompletion }])),
        EditorState.phrases.of(offered.words),
      ],
    });
    this.names = JSON.stringify(variables.map(one => one.name));
  }

  /** Others alone: being told the same closes the list that one chooses from. */
  override setVariables(found: Variable[]): void {
    const variables = offered.names(found), names = JSON.stringify(variables.map(one => one.name));
    if (names === this.names) return;
    this.names = names;
    super.setVariables(variables);
  }
}
