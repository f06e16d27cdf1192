// Menus are <details>: Escape and a press outside close them, the focus goes back to the opener.
import { all, one } from './dom';

export function menus(root: ParentNode): void {
  const open = () => all<HTMLDetailsElement>(root, 'details.menu[open]');
  document.addEventListener('click', event => {
    for (const menu of open()) if (!menu.contains(event.target as Node)) menu.open = false;
  });
  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    for (const menu of open()) {
      menu.open = false;
      one(menu, 'summary')?.focus();
    }
  });
}
