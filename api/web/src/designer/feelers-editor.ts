// Around the package of this name: a formula inside {{ }} of a text is completed as a field's is.
import { acceptCompletion, autocompletion, type Completion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { EditorState, Prec, StateEffect } from '@codemirror/state';
import { type EditorView, keymap } from '@codemirror/view';
import { FeelersEditor as Written } from '../../node_modules/@bpmn-io/feelers-editor/lib/index.js';
import { offered } from './feel-editor';

const WORDS = /[\p{L}_][\p{L}\p{M}\p{N}_ ]*$/u;

/** What stands before the cursor of the formula that it is in. */
function formula(before: string): string | undefined {
  const begun = before.lastIndexOf('{{');
  const written = begun < 0 ? undefined : before.slice(begun + 2);
  // what is closed is text again, and inside a text nothing is named
  return written?.includes('}}') || (written?.match(/"/g)?.length ?? 0) % 2 ? undefined : written;
}

/** The cursor waits where the first argument goes. */
function called(name: string): Completion {
  const apply = (view: EditorView, _chosen: Completion, from: number, to: number) => view.dispatch({
    changes: { from, to, insert: `${name}()` }, selection: { anchor: from + name.length + 1 },
  });
  return { label: name, type: 'function', apply };
}

/** As many of the last words as some name begins with: "x + add work" is on the way to "add working time". */
function begun(written: string, options: readonly Completion[]): string {
  const words = (WORDS.exec(written)?.[0] ?? '').split(' ');
  const tails = words.map((_word, at) => words.slice(at).join(' '));
  return tails.find(tail => options.some(one => one.label.startsWith(tail))) ?? words.at(-1)!;
}

function names({ state, pos, explicit }: CompletionContext): CompletionResult | null {
  const written = formula(state.sliceDoc(0, pos));
  if (written === undefined) return null;
  const variables = offered.names([]).map(({ name }) => ({ label: name, type: 'variable' }));
  const options = [...variables, ...Object.keys(offered.functions).map(called)], typed = begun(written, options);
  return typed || explicit ? { from: pos - typed.length, options } : null;
}

export class FeelersEditor extends Written {
  declare _cmEditor: EditorView;

  constructor(options: ConstructorParameters<typeof Written>[0]) {
    super(options);
    this._cmEditor.dispatch({ effects: StateEffect.appendConfig.of([
      autocompletion({ override: [names] }),
      Prec.highest(keymap.of([{ key: 'Tab', run: acceptCompletion }])),
      EditorState.phrases.of(offered.words),
    ]) });
  }
}
