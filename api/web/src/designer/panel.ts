// The properties of what is selected. Every field is one change that can be undone.
import { el } from './fields';
import type { Config } from './config';
import { worded } from './config';
import { general, process } from './groups/general';
import { type Grouping, type Subject, kindOf } from './groups/group';
import { assignment, deadline, form, outcomes } from './groups/people';
import { trying } from './groups/trying';
import { condition, otherEvent, referred, timer } from './groups/ways';
import { action, called, decision, repetition, script } from './groups/work';
import type { Diagram, Shape } from './model';

const GROUPS: Grouping[] = [
  general, process, assignment, form, outcomes, deadline, condition, action, decision, script, called,
  repetition, timer, referred, otherEvent, trying,
];

interface Events { on(event: string, hear: (event: { elements?: Shape[] }) => void): void }

export class Panel {
  private readonly closed = new Set<string>();
  private readonly w: (key: string) => string;
  private pressed = false;
  private due = false;

  constructor(private readonly root: HTMLElement, private readonly diagram: Diagram, private readonly config: Config) {
    this.w = worded(config);
    const events = diagram.modeler.get('eventBus') as Events;
    for (const event of ['selection.changed', 'commandStack.changed', 'root.set', 'import.done']) {
      events.on(event, () => this.show());
    }
    root.addEventListener('pointerdown', () => { this.pressed = true; });
    document.addEventListener('click', () => this.released());
    // A press that was drawn away from what it began on makes no click.
    for (const event of ['pointerup', 'pointercancel']) document.addEventListener(event, () => setTimeout(() => this.released()));
  }

  /** What is pressed must not be replaced before it hears its click: leaving a field changes the diagram. */
  private released(): void {
    this.pressed = false;
    if (this.due) this.show();
  }

  show(): void {
    this.due = this.pressed;
    if (this.pressed) return;
    const focused = this.root.contains(document.activeElement) ? document.activeElement?.id : '';
    const shape = this.shown();
    const several = this.diagram.selection.get().length > 1 ? [el('p', { class: 'pane__h' }, this.w('several'))] : [];
    this.root.replaceChildren(...(shape ? this.content(shape) : several));
    // What had the focus has it still, unless it is gone.
    if (focused) document.getElementById(focused)?.focus();
  }

  private shown(): Shape | null {
    const selected = this.diagram.selection.get();
    if (selected.length > 1) return null;
    const shape = selected[0] ?? this.diagram.canvas.getRootElement();
    const owner = shape.labelTarget ?? shape;
    return owner.businessObject ? owner : null; // nothing is drawn yet
  }

  private content(shape: Shape): Node[] {
    const bo = this.diagram.meaning(shape);
    const kind = kindOf(bo);
    const subject: Subject = { diagram: this.diagram, config: this.config, shape, bo, kind, w: this.w };
    const head = el('div', { class: 'pane__h' }, el('div', {},
      el('h2', { id: 'props-h' }, String(bo.name || this.config.kinds[kind] || kind)),
      el('span', { class: 'xs muted' }, `${this.config.kinds[kind] ?? kind} · ${bo.id ?? ''}`)));
    return [head, ...GROUPS.map(one => one(subject)).filter(one => one !== null).map(group => this.section(group))];
  }

  private section({ key, title, count, fields }: NonNullable<ReturnType<Grouping>>): HTMLElement {
    const section = el('details', { class: 'sec', 'data-group': key },
      el('summary', {}, title, count ? el('span', { class: 'count' }, String(count)) : null),
      el('div', { class: 'form' }, ...fields));
    section.open = !this.closed.has(key);
    section.addEventListener('toggle', () => {
      if (section.open) this.closed.delete(key);
      else this.closed.add(key);
    });
    return section;
  }
}
