// The keyboard of the design guide, section 7. Single keys choose, they never decide.
import { all, isTyping, one } from './dom';

type Action = () => void;

export function keys(root: ParentNode): void {
  const single = { ...everywhere(), ...inbox(root), ...task(root) };
  let prefix = '';
  document.addEventListener('keydown', event => {
    if ((event.ctrlKey || event.metaKey) && chord(event, root)) return;
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || switchedOff() || onCanvas(event.target)) return;
    const key = event.key === '?' ? '?' : event.key.toLowerCase();
    if (key === 'enter' && (event.target as HTMLElement).closest('a,button,summary,input')) return;
    const action: Action | undefined = single[prefix ? `${prefix} ${key}` : key];
    prefix = !prefix && key === 'g' ? 'g' : '';
    if (!action) return;
    event.preventDefault();
    action();
  });
}

/** The designer's canvas has keys of its own. */
function onCanvas(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[data-designer]') !== null;
}

function switchedOff(): boolean {
  return document.documentElement.dataset.keys === 'off';
}

function chord(event: KeyboardEvent, root: ParentNode): boolean {
  if (event.key.toLowerCase() === 'k') {
    event.preventDefault();
    one<HTMLInputElement>(root, '#find')?.focus();
    return true;
  }
  if (event.key === 'Enter') {
    const button = all<HTMLButtonElement>(root, '.decide button[type=submit]').find(b => b.offsetParent !== null);
    button?.click();
    return button !== undefined;
  }
  return false;
}

const go = (href: string): Action => () => { location.href = href; };

function everywhere(): Record<string, Action> {
  return { 'g i': go('/'), 'g r': go('/registers'), c: go('/documents/new'), '?': go('/help#keys') };
}

function inbox(root: ParentNode): Record<string, Action> {
  const list = one(root, '[data-inbox]');
  if (!list) return {};
  const rows = () => all(list, '.task');
  const current = () => rows().find(row => row.classList.contains('is-cursor'));
  const move = (by: number): Action => () => {
    const found = rows();
    const from = current();
    const next = found[Math.min(Math.max((from ? found.indexOf(from) : by > 0 ? -1 : 1) + by, 0), found.length - 1)];
    from?.classList.remove('is-cursor');
    next?.classList.add('is-cursor');
    if (next) one<HTMLAnchorElement>(next, '.task__t a')?.focus();
  };
  const views = all<HTMLAnchorElement>(root, '.tabs a');
  const actions: Record<string, Action> = {
    j: move(1),
    k: move(-1),
    enter: () => one<HTMLAnchorElement>(current() ?? list, '.task__t a')?.click(),
    x: () => one<HTMLInputElement>(current() ?? list, '.rowcheck input')?.click(),
    '/': () => one<HTMLInputElement>(root, '.searchbox input')?.focus(),
  };
  views.forEach((view, index) => { actions[String(index + 1)] = () => view.click(); });
  return actions;
}

function task(root: ParentNode): Record<string, Action> {
  const form = one(root, '.decide');
  if (!form) return {};
  const choose = (kind: string): Action => () => {
    const radio = one<HTMLInputElement>(form, `input[data-kind="${kind}"]`);
    radio?.click();
    radio?.focus();
  };
  return {
    a: choose('forward'),
    r: choose('return'),
    o: () => one<HTMLTextAreaElement>(form, '#comment')?.focus(),
    m: () => {
      const more = one<HTMLDetailsElement>(root, '#delegate');
      if (more) more.open = true;
      one<HTMLElement>(root, '#delegate select, #delegate input[type=text]')?.focus();
    },
  };
}
