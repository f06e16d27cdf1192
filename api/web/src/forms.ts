// The editor of forms, with what the server can draw and nothing else. The preview beside it is
// the server's own.
import { FormEditor } from '@bpmn-io/form-js-editor';
import { getSchemaVariables } from '@bpmn-io/form-js-viewer';
import '@bpmn-io/form-js-viewer/dist/assets/form-js-base.css';
import '@bpmn-io/form-js-editor/dist/assets/form-js-editor-base.css';
import '@bpmn-io/form-js-editor/dist/assets/dragula.css';
import '@bpmn-io/form-js-editor/dist/assets/properties-panel.css';
import './designer.css';
import './forms.css';
import { readConfig, worded } from './designer/config';
import { joined, offered } from './designer/feel-editor';
import { el } from './designer/fields';
import { type FileConfig, keep } from './designer/file';
import { moving, pressed } from './forms/pressing';
import { steady } from './forms/rows';
import { type Registry, own } from './forms/widgets';
import { named, translated } from './forms/words';

interface FormsConfig extends FileConfig { types: string[] }
interface Editor {
  importSchema(schema: object): Promise<unknown>;
  saveSchema(): object;
  getSchema(): object;
  on(event: string, hear: () => void): void;
}

/** The palette and the panel offer what is registered: what the server cannot draw is not. */
function only(types: string[]): object {
  const known = new Set([...types, 'default']);
  function restrict(registry: Registry): void {
    for (const type of Object.keys(registry._formFields)) if (!known.has(type)) delete registry._formFields[type];
  }
  restrict.$inject = ['formFields'];
  return { __init__: [restrict] };
}

async function design(container: HTMLElement): Promise<void> {
  const config = readConfig<FormsConfig>();
  await document.fonts.load('13px Sarabun', 'ก');
  const moves = [...document.querySelectorAll<HTMLElement>('[data-move-field]')];
  const additionalModules = [only(config.types), named(config.editor), own(config.words), steady, pressed(container), moving(moves)];
  const editor = new FormEditor({ container, additionalModules }) as unknown as Editor;
  // It takes every word of a formula for a name, the one that is being written too: fields are names.
  const fields = () => getSchemaVariables(editor.getSchema(), { inputs: false }).map(name => ({ name }));
  Object.assign(offered, {
    functions: config.functions, words: config.editor, names: () => joined(fields(), config.variables),
  });
  translated(container, config.editor);
  const saving = keep(config, async () => `${JSON.stringify(editor.saveSchema(), null, 2)}\n`);
  await editor.importSchema(JSON.parse(config.content) as object);
  editor.on('commandStack.changed', () => saving.changed());
  container.dataset.ready = 'true';
}

for (const container of document.querySelectorAll<HTMLElement>('[data-form-editor]')) {
  design(container).catch(() => {
    const text = worded(readConfig<FormsConfig>())('unopened');
    container.replaceChildren(el('p', { class: 'canvas__said' }, text));
    container.dataset.failed = 'true';
  });
}
