// What the makers' editor does by dragging alone, by a press too: a kind of field comes to the end of
// the form, and the chosen field moves up or down. A finger cannot drag what also scrolls, and not
// everybody drags.
interface Field { id: string; type?: string; _parent?: string; components?: Field[] }
interface Row { components: string[] }
interface Modeling {
  addFormField(made: { type: string }, target: Field, index: number): unknown;
  moveFormField(field: Field, source: Field, target: Field, from: number, to: number, sourceRow?: Row, targetRow?: Row): void;
}
interface Editor { _getState(): { schema: Field } }
interface Selection { get(): Field | null }
interface Fields { get(id: string): Field | undefined }
interface Layouter { getRowForField(field: Field): Row | undefined }
interface Bus { on(event: string, hear: () => void): void }
interface Spot { x: number; y: number }

const KIND = '.fjs-palette-field';
/** Pixels that a press may wander before it is a drag. */
const STILL = 5;

function kindOf(event: Event): HTMLElement | null {
  return event.target instanceof Element ? event.target.closest<HTMLElement>(KIND) : null;
}

/** A press on the palette adds; the makers hear Enter alone, and would add a second time. */
export function pressed(container: HTMLElement): object {
  function hear(modeling: Modeling, formEditor: Editor): void {
    let begun: Spot | null = null;
    addEventListener('pointerdown', event => {
      begun = { x: event.clientX, y: event.clientY };
      if (event.pointerType !== 'mouse' && kindOf(event) && container.contains(event.target as Node)) event.stopPropagation();
    }, true);
    container.addEventListener('keydown', event => { if (event.key === 'Enter' && kindOf(event)) event.stopPropagation(); }, true);
    container.addEventListener('click', event => {
      const type = kindOf(event)?.dataset.fieldType;
      const dragged = event.detail > 0 && begun && Math.hypot(event.clientX - begun.x, event.clientY - begun.y) > STILL;
      if (!type || dragged) return;
      const { schema } = formEditor._getState();
      modeling.addFormField({ type }, schema, schema.components?.length ?? 0);
    });
  }
  hear.$inject = ['modeling', 'formEditor'];
  return { __init__: [hear] };
}

/** The buttons that move the chosen field by one among those beside it. */
export function moving(buttons: HTMLElement[]): object {
  function hear(selection: Selection, formFieldRegistry: Fields, modeling: Modeling, formLayouter: Layouter, eventBus: Bus): void {
    const chosen = () => {
      const field = selection.get(), parent = formFieldRegistry.get(field?._parent ?? '');
      return field && parent?.components ? { field, parent, at: parent.components.findIndex(one => one.id === field.id), last: parent.components.length - 1 } : null;
    };
    const by = (button: HTMLElement) => Number(button.dataset.moveField);
    const may = (button: HTMLElement) => {
      const now = chosen();
      return now !== null && now.at + by(button) >= 0 && now.at + by(button) <= now.last;
    };
    const shown = () => buttons.forEach(button => button.setAttribute('aria-disabled', String(!may(button))));
    for (const button of buttons) button.addEventListener('click', () => {
      const now = chosen();
      if (!now || !may(button)) return;
      const row = formLayouter.getRowForField(now.field), alone = (row?.components.length ?? 0) < 2;
      // the makers count the place before it is taken out
      const to = now.at + by(button) + (by(button) > 0 ? 1 : 0);
      modeling.moveFormField(now.field, now.parent, now.parent, now.at, to, row, alone ? row : undefined);
    });
    eventBus.on('selection.changed', shown);
    eventBus.on('changed', shown);
    shown();
  }
  hear.$inject = ['selection', 'formFieldRegistry', 'modeling', 'formLayouter', 'eventBus'];
  return { __init__: [hear] };
}
