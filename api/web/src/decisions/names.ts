// Which of the process's variables a formula of a decision can name.
import { type Variable, joined } from '../designer/feel-editor';

interface Part { $parent?: Part; $instanceOf(type: string): boolean; drgElement?: Part[] }
interface Resolver { registerProvider(provider: { getVariables(found: Variable[], part: Part): Variable[] }): void }

/** A decision reads whatever it is given, unless its file draws input data: then what it requires. */
function readsAll(part: Part): boolean {
  let decided = false, root = part;
  for (let at: Part | undefined = part; at; at = at.$parent) {
    decided ||= at.$instanceOf('dmn:Decision');
    root = at;
  }
  return decided && !root.drgElement?.some(one => one.$instanceOf('dmn:InputData'));
}

/** Offer them beside what the editor knows itself. */
export function reading(variables: string[]): object {
  function provide(resolver: Resolver): void {
    resolver.registerProvider({ getVariables: (found, part) => (readsAll(part) ? joined(found, variables) : found) });
  }
  provide.$inject = ['variableResolver'];
  return { __init__: [provide] };
}
